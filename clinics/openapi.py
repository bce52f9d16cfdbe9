"""What every operation of the API's document says besides its own answers."""

ALIASES = ("/api/v1/clients",)
REFUSAL = "RefusalOut"
SCHEMA = {
    "type": "object",
    "properties": {
        "code": {"type": "string"}, "detail": {"type": "string"},
        "fields": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
    },
    "required": ["code", "detail", "fields"],
}
WORDS = {
    400: "What was sent cannot be read, or has faults: `fields` names them.",
    401: "No session, or one that ended.",
    403: "The role does not permit it, the account waits to be activated, or X-CSRFToken is missing.",
    404: "Not of this clinic, or not there.",
    409: "Not possible as things are now.",
    406: "Only JSON is answered.",
    413: "The body is too large.",
    415: "Only JSON is read.",
    429: "Too many requests; Retry-After says in how many seconds to come again.",
}


def without_aliases(endpoints):
    """`clients` is `patients` for front ends that exist: one thing, described once."""
    return [endpoint for endpoint in endpoints if not endpoint[0].startswith(ALIASES)]


def with_what_is_always_possible(result, generator, request, public):
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas.setdefault(REFUSAL, SCHEMA)
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            for status in _possible(path, method, operation):
                operation["responses"].setdefault(str(status), _answer(status))
            operation["responses"] = dict(sorted(operation["responses"].items()))
    return result


def _possible(path, method, operation):
    yield from (401, 406, 429)
    if path.startswith("/api/schema"):
        return
    yield 403
    if path.startswith("/api/v1/") and method != "get":
        yield 409
    if operation.get("requestBody"):
        yield from (400, 413, 415)
    if operation.get("parameters"):
        yield from (400, 404)
    if path == "/auth/switch":  # the clinic is in the body
        yield 404


def _answer(status):
    answer = {
        "description": WORDS[status],
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{REFUSAL}"}}},
    }
    if status == 429:
        answer["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}}
    return answer
