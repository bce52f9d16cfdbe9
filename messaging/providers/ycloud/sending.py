"""Our messages into YCloud's API, and what it says of them afterwards."""
from urllib.parse import quote

from django.conf import settings

from dentalogic.lib import http
from dentalogic.lib.refusals import ProviderError
from messaging.providers import calling, content
from messaging.providers.base import Accepted, Fetched, Report
from messaging.providers.reading import text as said_in
from messaging.providers.ycloud.calling import call
from messaging.providers.ycloud.events import report

TYPING_SECONDS = 2


def send_text(*, channel, key, to, text, external_id, reply_to="") -> Accepted:
    """One POST. Raises ProviderError; `unknown` when it may have gone out all the same."""
    return _send(channel, key, to, external_id, reply_to, content.words(text))


def send_buttons(*, channel, key, to, text, buttons, external_id, reply_to="") -> Accepted:
    return _send(channel, key, to, external_id, reply_to, content.buttons(text, buttons))


def send_list(*, channel, key, to, text, button, rows, external_id, reply_to="") -> Accepted:
    return _send(channel, key, to, external_id, reply_to, content.rows(text, button, rows))


def send_template(*, channel, key, to, name, language, components, external_id, reply_to="") -> Accepted:
    return _send(channel, key, to, external_id, reply_to, content.template(name, language, components))


def upload(*, channel, key, filename, mime, content) -> str:
    """The id of a file that may be sent then: a link of ours would have to be open to the world."""
    found = call(
        channel, key, "POST", f"whatsapp/media/{quote(channel.number)}/upload", seconds=settings.UPLOAD_SECONDS,
        **calling.form("file", (filename, content, mime)))
    return calling.uploaded(said_in(found, "id"))


def send_media(*, channel, key, to, kind, reference, filename, external_id, caption="", reply_to="") -> Accepted:
    return _send(channel, key, to, external_id, reply_to, content.file(kind, reference, filename, caption))


def typing(*, channel, key, ref) -> None:
    """Mark a patient's message as read and show that an answer is being written."""
    call(channel, key, "POST", f"whatsapp/inboundMessages/{quote(ref, safe='')}/typingIndicator",
         seconds=TYPING_SECONDS)


def find_sent(*, channel, key, external_id, ref) -> Report | None:
    """By YCloud's own id alone: no call finds a message by ours, so that without its answer only a report can tell."""
    if not ref or ref == external_id:
        return None
    try:
        found = call(channel, key, "GET", f"whatsapp/messages/{quote(ref, safe='')}")
    except ProviderError as fault:
        if fault.code in ("404", "NOT_FOUND"):
            return None
        raise
    known = {"event_id": "", "kind": "asked", "raw": found, "line": channel.number}
    return report(known, found) if found.get("status") else None


def fetch_media(*, channel, key, media, sink, limit) -> Fetched:
    """The file of an inbound message's `link`. The key goes to the API's own host and to no other."""
    base, link = settings.YCLOUD_API_BASE, said_in(media, "link")
    if not link:
        raise ProviderError("the message has no link", permanent=True, code="no_link")
    calling.stays(channel, link)
    return http.download(
        link, sink=sink, cap=limit, hosts=() if channel.sandbox else settings.YCLOUD_MEDIA_HOSTS, trusted=base,
        headers={"X-API-Key": calling.usable(key)})


def _send(channel, key, to, external_id, reply_to, said):
    who = {"to": to} if to.startswith("+") else {"recipient": to}
    quoted = {"context": {"message_id": reply_to}} if reply_to else {}
    answer = call(channel, key, "POST", "whatsapp/messages", json={
        "from": channel.number, **who, "externalId": external_id, **quoted, **said})
    return Accepted(
        provider_id=said_in(answer, "wamid")[:200], ref=said_in(answer, "id")[:200] or external_id)
