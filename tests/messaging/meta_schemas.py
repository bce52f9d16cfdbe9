"""What Meta's documentation says of its bodies, as small schemas of our own: its published ones refuse its own
examples."""
from jsonschema import Draft202012Validator

TEXT, DIGITS = {"type": "string"}, {"type": "string", "pattern": "^[0-9]{5,20}$"}


def thing(required, **properties):
    return {"type": "object", "required": required, "properties": properties}


def things(item):
    return {"type": "array", "items": item, "minItems": 1}


MEDIA = thing(["id", "mime_type"], id=TEXT, mime_type=TEXT, sha256=TEXT, caption=TEXT, filename=TEXT)
MESSAGE = thing(
    ["id", "timestamp", "type"], id=TEXT, timestamp=DIGITS, **{"from": DIGITS}, from_user_id=TEXT, type=TEXT,
    text=thing(["body"], body=TEXT), image=MEDIA, audio=MEDIA, video=MEDIA, document=MEDIA, sticker=MEDIA,
    reaction=thing(["message_id"], message_id=TEXT, emoji=TEXT), button=thing(["payload", "text"]),
    context=thing([], id=TEXT), location=thing(["latitude", "longitude"]),
    interactive=thing(["type"], button_reply=thing(["id", "title"]), list_reply=thing(["id", "title"])))
MESSAGE["allOf"] = [
    {"if": {"properties": {"type": {"const": kind}}}, "then": {"required": [kind]}}
    for kind in ("text", "image", "audio", "video", "document", "sticker", "reaction", "button", "location",
                 "interactive")]
STATUS = thing(
    ["id", "status", "timestamp"], id=TEXT, timestamp=DIGITS, recipient_id=TEXT, biz_opaque_callback_data=TEXT,
    status={"enum": ["sent", "delivered", "read", "failed", "played"]},
    errors=things(thing(["code"], code={"type": "integer"}, error_data=thing([], details=TEXT))),
    pricing=thing(["pricing_model", "category"]))
VALUE = thing(
    ["messaging_product"], messaging_product={"const": "whatsapp"},
    metadata=thing(["phone_number_id"], phone_number_id=TEXT, display_phone_number=TEXT), messages=things(MESSAGE),
    statuses=things(STATUS), contacts=things(thing(["profile"], wa_id=DIGITS, user_id=TEXT)))
WEBHOOK = thing(["object", "entry"], object={"const": "whatsapp_business_account"}, entry=things(thing(
    ["id", "changes"], id=TEXT, changes=things(thing(["field", "value"], field=TEXT, value=VALUE)))))

_PARAMETER = thing(["type"], type={"enum": ["text", "payload", "image", "document", "video"]}, text={
    "type": "string", "minLength": 1})
_COMPONENT = thing(
    ["type", "parameters"], type={"enum": ["header", "body", "button"]}, sub_type={"enum": ["quick_reply", "url"]},
    index={"type": "string", "pattern": "^[0-9]$"}, parameters=things(_PARAMETER))
_TITLED = {"type": "string", "minLength": 1, "maxLength": 20}
_REPLY = thing(["type", "reply"], type={"const": "reply"}, reply=thing(
    ["id", "title"], id={"type": "string", "maxLength": 256}, title=_TITLED))
_ROW = thing(
    ["id", "title"], id={"type": "string", "maxLength": 200}, title={"type": "string", "maxLength": 24},
    description={"type": "string", "maxLength": 72})
_ACTION = thing(
    [], buttons=things(_REPLY) | {"maxItems": 3}, button=_TITLED,
    sections=things(thing(["rows"], rows=things(_ROW) | {"maxItems": 10})))
SEND = thing(
    ["messaging_product", "recipient_type", "type"], messaging_product={"const": "whatsapp"},
    recipient_type={"const": "individual"}, to={"type": "string", "pattern": r"^\+[0-9]{8,18}$"}, recipient=TEXT,
    type={"enum": ["text", "interactive", "template", "image", "audio", "video", "document", "sticker"]},
    biz_opaque_callback_data={"type": "string", "maxLength": 512}, context=thing(["message_id"], message_id=TEXT),
    text=thing(["body"], body={"type": "string", "minLength": 1, "maxLength": 4096}),
    interactive=thing(["type", "body", "action"], type={"enum": ["button", "list"]}, action=_ACTION),
    template=thing(["name", "language"], name=TEXT, language=thing(["code"], code=TEXT), components={
        "type": "array", "items": _COMPONENT}))
SEND["oneOf"] = [{"required": ["to"]}, {"required": ["recipient"]}]
SEND["allOf"] = [
    {"if": {"properties": {"type": {"const": kind}}}, "then": {"required": [kind]}}
    for kind in ("text", "interactive", "template", "image", "audio", "video", "document")]


def check(schema, body):
    Draft202012Validator(schema).validate(body)
