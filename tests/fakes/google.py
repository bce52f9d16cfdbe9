"""A Google Calendar on loopback: OAuth with its page, calendars, events with sync tokens, watches; and it fails as it
is told to.

The real client talks HTTP to it. Every body that comes or goes is checked against the discovery document inside the
Google package, closed so that a misspelt key is a fault; `faults` holds what was wrong, and the fixture refuses any.
"""
import base64
import hashlib
import itertools
import json
import re
import threading
from collections import deque
from datetime import UTC, datetime
from functools import cache
from html import escape
from importlib.resources import files
from urllib.parse import parse_qs, unquote, urlencode, urlsplit
from zoneinfo import ZoneInfo

from jsonschema import Draft202012Validator

from tests.fakes import serving

CLIENT_ID, CLIENT_SECRET = "dentalogic-test", "client-secret"
NOT_WITH_A_TOKEN = {"timeMin", "timeMax", "updatedMin", "orderBy", "q", "iCalUID", "privateExtendedProperty"}


class Google(serving.Server):
    """`script` is what happens to the next calls of the calendar API, in order: a status, `(status, reason)`, "hang"
    (never answers), "cut" (closes), or None. `sick` does so to every call of a calendar: `sick["a@x"] = "hang"`."""

    def __init__(self, port=0):
        self.calendars, self.codes, self.refresh_tokens, self.access_tokens = {}, {}, {}, {}
        self.channels, self.stopped = {}, []
        self.asked, self.faults, self.script, self.sick = [], [], deque(), {}
        self.token_script, self.on_call = deque(), None
        self.page_size, self.oldest_token, self._numbers = 250, 0, itertools.count(1)
        self.lock = threading.RLock()
        super().__init__(_Handler, port=port)

    @property
    def root(self):
        return self.origin

    @property
    def settings(self):
        return {
            "GOOGLE_API_BASE": f"{self.root}/calendar/v3/", "GOOGLE_OAUTH_TOKEN": f"{self.root}/token",
            "GOOGLE_OAUTH_REVOKE": f"{self.root}/revoke",
            "GOOGLE_OAUTH_AUTH": f"http://localhost:{self.server.server_port}/auth",  # another site than ours
            "GOOGLE_OAUTH_CLIENT_ID": CLIENT_ID, "GOOGLE_OAUTH_CLIENT_SECRET": CLIENT_SECRET}

    # --- what a person does in Google

    def calendar(self, name, *, account="", title="", zone="America/Argentina/Buenos_Aires", role="owner"):
        self.calendars[name] = {
            "account": account or name, "title": title or name, "zone": zone, "role": role, "events": {}, "log": []}
        return name

    def grant(self, account) -> str:
        """A refresh token, as if the account's owner had consented."""
        token = f"refresh-{account}-{next(self._numbers)}"
        self.refresh_tokens[token] = account
        return token

    def consents(self, address, account) -> dict:
        """The owner says yes on the page that `address` leads to: what Google sends the browser back with."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        if asked["access_type"] != "offline" or asked["response_type"] != "code" or asked["client_id"] != CLIENT_ID:
            self.faults.append(f"consent: {asked}")
        code = f"4/code-{next(self._numbers)}"
        self.codes[code] = {"account": account, "challenge": asked["code_challenge"], "at": asked["redirect_uri"]}
        return {"code": code, "state": asked["state"]}

    def consent_page(self, address) -> str:
        """Where the browser is sent: whoever it is chooses an account, and with it says yes."""
        choices = ""
        for account in sorted({one["account"] for one in self.calendars.values()}):
            back = self.consents(address, account)
            target = f"{self.codes[back['code']]['at']}?{urlencode(back)}"
            choices += f'<p><a href="{escape(target)}">{escape(account)}</a></p>'
        return f"<!doctype html><title>Google</title><link rel=icon href='data:,'><h1>Elegí una cuenta</h1>{choices}"

    def revokes(self, account):
        self.refresh_tokens = {token: one for token, one in self.refresh_tokens.items() if one != account}
        self.access_tokens = {token: one for token, one in self.access_tokens.items() if one != account}

    def put(self, calendar, event_id="", *, start, end, **more) -> dict:
        """An event that somebody wrote in Google: `start` and `end` are instants, or dates for a whole day."""
        number = next(self._numbers)
        event = {
            "kind": "calendar#event", "id": event_id or f"ev{number}", "status": "confirmed", "eventType": "default",
            "etag": f'"{number}"', "summary": "Reunión", "start": _edge(start), "end": _edge(end)} | more
        return self._keep(calendar, event)

    def drop(self, calendar, event_id):
        self._keep(calendar, {"kind": "calendar#event", "id": event_id, "status": "cancelled",
                              "etag": f'"{next(self._numbers)}"'})

    def forget_tokens(self):
        """Every sync token that was given is too old from now on."""
        self.oldest_token = next(self._numbers)

    def events(self, calendar) -> list:
        return [one for one in self.calendars[calendar]["events"].values() if one["status"] != "cancelled"]

    def count(self, verb, part) -> int:
        return len([1 for one in self.asked if one["verb"] == verb and part in one["path"]])

    def notice(self, channel_id, state="exists", **others) -> dict:
        """The headers of what Google posts to a channel's address."""
        channel = self.channels[channel_id]
        said = {
            "X-Goog-Channel-ID": channel_id, "X-Goog-Channel-Token": channel["token"],
            "X-Goog-Resource-ID": channel["resourceId"], "X-Goog-Resource-State": state,
            "X-Goog-Message-Number": "1", "X-Goog-Channel-Expiration": "Tue, 01 Dec 2026 15:00:00 GMT"} | others
        return {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in said.items()}

    def _keep(self, calendar, event):
        with self.lock:
            one = self.calendars[calendar]
            one["events"][event["id"]] = event
            one["log"].append((next(self._numbers), event["id"]))
        return event

    # --- the API

    def answer(self, verb, path, query, body, account):
        for pattern, method in _ROUTES:
            found = re.fullmatch(pattern, path)
            if found and method.startswith(verb.lower()):
                names = [unquote(part) for part in found.groups()]
                calendar = self.calendars.get(names[0]) if names else None
                if names and (calendar is None or calendar["account"] not in (account, "*")):
                    return 404, _error(404, "notFound")
                return getattr(self, f"_{method}")(*names, query=query, body=body, account=account)
        return 404, _error(404, "notFound")

    def _get_calendars(self, *, query, body, account):
        items = [
            {"kind": "calendar#calendarListEntry", "id": name, "summary": one["title"], "timeZone": one["zone"],
             "accessRole": one["role"], **({"primary": True} if name == account else {})}
            for name, one in self.calendars.items() if one["account"] == account]
        return self._said("CalendarList", {"kind": "calendar#calendarList", "items": items})

    def _get_events(self, name, *, query, body, account):
        one = self.calendars[name]
        if "syncToken" in query:
            if NOT_WITH_A_TOKEN & set(query):
                return 400, _error(400, "invalid")
            since = int(query["syncToken"].removeprefix("sync-"))
            if since < self.oldest_token:
                return 410, _error(410, "fullSyncRequired")
            ids = list(dict.fromkeys(event for number, event in one["log"] if number > since))
            items = [one["events"][event] for event in ids]
        else:
            items = [event for event in one["events"].values()
                     if event["status"] != "cancelled" and _touches(event, query, one["zone"])]
        items = [_kind(event) for event in items if event.get("eventType", "default") in query["eventTypes"].split()]
        first = int(query.get("pageToken", "0"))
        size = min(self.page_size, int(query.get("maxResults", 250)))
        answer = {
            "kind": "calendar#events", "timeZone": one["zone"], "summary": one["title"], "accessRole": one["role"],
            "items": items[first:first + size]}
        if first + size < len(items):
            answer["nextPageToken"] = str(first + size)
        else:
            answer["nextSyncToken"] = f"sync-{next(self._numbers)}"
        return self._said("Events", answer)

    def _post_events(self, name, *, query, body, account):
        self._check("Event", body)
        if self.calendars[name]["role"] == "reader":
            return 403, _error(403, "requiredAccessLevel")
        if not re.fullmatch(r"[a-v0-9]{5,1024}", body.get("id", "")):
            return 400, _error(400, "invalid")
        if body["id"] in self.calendars[name]["events"]:
            return 409, _error(409, "duplicate")
        event = {"kind": "calendar#event", "status": "confirmed", "eventType": "default",
                 "etag": f'"{next(self._numbers)}"'} | body
        return self._said("Event", self._keep(name, event))

    def _get_event(self, name, event_id, *, query, body, account):
        event = self.calendars[name]["events"].get(event_id)
        return self._said("Event", event) if event else (404, _error(404, "notFound"))

    def _patch_event(self, name, event_id, *, query, body, account):
        self._check("Event", body)
        if self.calendars[name]["role"] == "reader":
            return 403, _error(403, "requiredAccessLevel")
        event = self.calendars[name]["events"].get(event_id)
        if event is None:
            return 404, _error(404, "notFound")
        return self._said("Event", self._keep(name, event | body | {"etag": f'"{next(self._numbers)}"'}))

    def _delete_event(self, name, event_id, *, query, body, account):
        event = self.calendars[name]["events"].get(event_id)
        if event is None:
            return 404, _error(404, "notFound")
        if event["status"] == "cancelled":
            return 410, _error(410, "deleted")
        self.drop(name, event_id)
        return 204, None

    def _post_watch(self, name, *, query, body, account):
        self._check("Channel", body)
        if body["id"] in self.channels:
            return 400, _error(400, "channelIdNotUnique")
        kept = body | {"resourceId": f"resource-{name}", "resourceUri": f"{self.root}/{name}"}
        self.channels[body["id"]] = kept | {"calendar": name}
        return self._said("Channel", {"kind": "api#channel", **kept})

    def _post_stop(self, *, query, body, account):
        self._check("Channel", body)
        self.stopped.append(body["id"])
        return (204, None) if self.channels.pop(body["id"], None) else (404, _error(404, "notFound"))

    def token(self, form):
        kind = form.get("grant_type", "")
        if kind == "authorization_code":
            return self._token_of_code(form)
        account = self.refresh_tokens.get(form.get("refresh_token", ""))
        if kind.endswith("jwt-bearer"):
            claims = form["assertion"].split(".")[1]
            account = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["iss"]
        if account is None:
            return 400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
        return 200, self._access(account)

    def _token_of_code(self, form):
        known = self.codes.pop(form.get("code"), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (not known or challenge != known["challenge"] or form["redirect_uri"] != known["at"]
                or form["client_secret"] != CLIENT_SECRET):
            return 400, {"error": "invalid_grant"}
        return 200, self._access(known["account"]) | {"refresh_token": self.grant(known["account"])}

    def _access(self, account):
        token = f"access-{next(self._numbers)}"
        self.access_tokens[token] = account
        return {"access_token": token, "expires_in": 3599, "token_type": "Bearer"}

    def _said(self, schema, answer):
        self._check(schema, answer)
        return 200, answer

    def _check(self, schema, value):
        for fault in contract(schema).iter_errors(value):
            self.faults.append(f"{schema}: {fault.message} at {list(fault.path)}")


_ROUTES = (
    ("users/me/calendarList", "get_calendars"),
    ("calendars/([^/]+)/events", "get_events"),
    ("calendars/([^/]+)/events", "post_events"),
    ("calendars/([^/]+)/events/watch", "post_watch"),
    ("calendars/([^/]+)/events/([^/]+)", "get_event"),
    ("calendars/([^/]+)/events/([^/]+)", "patch_event"),
    ("calendars/([^/]+)/events/([^/]+)", "delete_event"),
    ("channels/stop", "post_stop"),
)


class _Handler(serving.Handler):
    fake: Google
    protocol_version = "HTTP/1.1"

    def do(self):
        parts = urlsplit(self.path)
        raw = self.read()
        if parts.path == "/auth":
            return self._write(200, self.fake.consent_page(self.path).encode(), "text/html; charset=utf-8")
        if parts.path in ("/token", "/revoke"):
            return self._oauth(parts.path, {name: values[0] for name, values in parse_qs(raw.decode()).items()})
        query = {name: " ".join(values) for name, values in parse_qs(parts.query).items()}
        path = parts.path.removeprefix("/calendar/v3/")
        body = json.loads(raw) if raw else None
        with self.fake.lock:
            self.fake.asked.append({"verb": self.command, "path": unquote(path), "query": query, "body": body})
        if self.fake.on_call:
            self.fake.on_call(self.command, path)
        if self._is_told(unquote(path)):
            return None
        account = self.fake.access_tokens.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
        if account is None:
            return self._write(401, _error(401, "authError"))
        with self.fake.lock:
            answer = self.fake.answer(self.command, path, query, body, account)
        return self._write(*answer)

    do_GET = do_POST = do_PATCH = do_DELETE = do

    def _is_told(self, path) -> bool:
        """Whether the script, or the calendar's sickness, has answered."""
        step = next((told for name, told in self.fake.sick.items() if name in path), None)
        if step is None and self.fake.script:
            step = self.fake.script.popleft()
        if step is None:
            return False
        if step == "hang":
            self.fake.open.wait(30)
        if step in ("hang", "cut"):
            self.close_connection = True
        else:
            status, reason = step if isinstance(step, tuple) else (step, "backendError")
            self._write(status, _error(status, reason))
        return True

    def _oauth(self, path, form):
        if path == "/revoke":
            self.fake.refresh_tokens.pop(form.get("token"), None)
            return self._write(200, {})
        step = self.fake.token_script.popleft() if self.fake.token_script else None
        return self._write(step, {"error": "internal_failure"}) if step else self._write(*self.fake.token(form))

    def _write(self, status, answer, kind="application/json; charset=UTF-8"):
        self.close_connection = self.path == "/token" or self.path == "/revoke"  # of a pool that outlives the test
        closing = {"Connection": "close"} if self.close_connection else {}
        self.say(status, b"" if answer is None else answer, {"Content-Type": kind, **closing})


def _edge(value) -> dict:
    if isinstance(value, datetime):
        return {"dateTime": value.isoformat(), "timeZone": "UTC"}
    return {"date": value.isoformat()}


def _kind(event):
    """Of what was deleted only the id is sure."""
    if event["status"] != "cancelled":
        return event
    return {key: event[key] for key in ("kind", "id", "status", "etag", "originalStartTime") if key in event}


def _touches(event, query, zone) -> bool:
    """`timeMin` bounds the end and `timeMax` the start, both exclusive."""
    low, high = (datetime.fromisoformat(query[name]) for name in ("timeMin", "timeMax"))
    return _at(event["end"], zone) > low and _at(event["start"], zone) < high


def _at(edge, zone):
    if "date" in edge:
        return datetime.fromisoformat(edge["date"]).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return datetime.fromisoformat(edge["dateTime"])


def _error(status, reason):
    return {"error": {"code": status, "message": reason, "errors": [{"domain": "global", "reason": reason}]}}


@cache
def contract(schema) -> Draft202012Validator:
    """A schema of the discovery document, made to refuse keys that it does not name."""
    path = files("googleapiclient") / "discovery_cache/documents/calendar.v3.json"
    return Draft202012Validator(
        {"$ref": f"#/$defs/{schema}", "$defs": _closed(json.loads(path.read_text())["schemas"])})


def _closed(node):
    if isinstance(node, list):
        return [_closed(one) for one in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("$ref"), str):
        return {"$ref": "#/$defs/" + node["$ref"]}
    found = {key: _closed(value) for key, value in node.items()
             if not (key == "required" and isinstance(value, bool)) and (key, value) != ("type", "any")}
    if "properties" in found:
        found.setdefault("additionalProperties", False)
    return found
