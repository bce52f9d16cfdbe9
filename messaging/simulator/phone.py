"""The patient's phone: what is typed on it becomes a signed webhook."""
import uuid

from dentalogic.lib import clock
from messaging.simulator import files, store, wire
from messaging.simulator.wire import Line


def write(*, site, line: Line, who, text, reply_id="", name_of_reply="") -> int:
    """The patient writes, or taps a button. `who` is `{"phone", "user_id", "name"}`; the webhook's status."""
    content = {"type": "text", "text": {"body": text}}
    if reply_id:
        content = _tap(line, who, reply_id, name_of_reply or text)
    body = wire.envelope("whatsapp.inbound_message.received", whatsappInboundMessage=_message(line, who, content))
    status = wire.deliver(site, line, body, what=text)
    _remember(line, who, body, text, status)
    return status


def attach(*, site, line: Line, who, file, name, text="") -> int:
    """The patient sends a file, by its id; the webhook's status."""
    body = wire.envelope("whatsapp.inbound_message.received", whatsappInboundMessage=_message(
        line, who, files.announced(file, text)))
    status = wire.deliver(site, line, body, what="file")
    _remember(line, who, body, text or name, status, file={"id": file, "name": name})
    return status


def repeat(*, site, line, who) -> int | None:
    """The last webhook once more, as a provider that saw no answer does; None where there was none."""
    body = store.get(*line.name("last", address(who)))
    return None if body is None else wire.deliver(site, line, body, what="repeat")


def forge(*, site, line, who, text) -> int:
    """A message that somebody without the secret signed."""
    body = wire.envelope("whatsapp.inbound_message.received", whatsappInboundMessage=_message(
        line, who, {"type": "text", "text": {"body": text or "hola"}}))
    return wire.deliver(site, line, body, what="bad_signature", secret="whsec_forged")  # noqa: S106  (a wrong one)


def messages(line, who):
    return store.items(*line.name("phone", address(who)))


def address(who):
    return who.get("phone") or who.get("user_id") or ""


def _message(line, who, content):
    number, profile = uuid.uuid4().hex[:20], {"name": who.get("name") or "Persona"}
    sender = {"from": who["phone"]} if who.get("phone") else {}
    if who.get("user_id"):
        sender["fromUserId"] = who["user_id"]
    return {
        "id": f"sim_in_{number}", "wamid": f"wamid.sim{number}", "wabaId": "waba_sim", **sender,
        "customerProfile": profile, "to": line.number, "sendTime": wire.stamp(), **content}


def _tap(line, who, reply_id, title):
    """As the message that offered it has it: a template's button, one of a list, or one of three."""
    shown = next((item for item in reversed(messages(line, who)) if any(
        tap["id"] == reply_id for tap in item.get("buttons", []))), {})
    context = {"context": {"from": line.number.lstrip("+"), "id": shown["id"]}} if shown else {}
    if shown.get("kind") == "template":
        return {"type": "button", "button": {"payload": reply_id, "text": title}, **context}
    kind = "list_reply" if shown.get("kind") == "list" else "button_reply"
    return {"type": "interactive", "interactive": {"type": kind, kind: {"id": reply_id, "title": title}}, **context}


def _remember(line, who, body, text, status, file=None):
    store.put(*line.name("last", address(who)), value=body)
    store.add(*line.name("phone", address(who)), item={
        "id": body["whatsappInboundMessage"]["wamid"], "mine": True, "text": text, "at": wire.stamp(), "buttons": [],
        "arrived": status == 200, "file": file})
    if status == 200:
        store.put(*line.name("wrote", address(who)), value=clock.now().timestamp())
