"""Our messages into the Cloud API, and files out of it."""
from urllib.parse import quote

from django.conf import settings

from dentalogic.lib import http
from dentalogic.lib.refusals import ProviderError
from messaging.providers import calling, content
from messaging.providers.base import Accepted, Fetched, Report
from messaging.providers.meta.calling import base, bearer, call
from messaging.providers.reading import parts
from messaging.providers.reading import text as said_in

TYPING_SECONDS = 2


def send_text(*, channel, key, to, text, external_id, reply_to="") -> Accepted:
    """One POST. Raises ProviderError; `unknown` when it may have gone out all the same."""
    return _send(channel, key, to, external_id, reply_to, content.words(text))


def send_buttons(*, channel, key, to, text, buttons, external_id, reply_to="") -> Accepted:
    return _send(channel, key, to, external_id, reply_to, content.buttons(text, buttons))


def send_list(*, channel, key, to, text, button, rows, external_id, reply_to="") -> Accepted:
    return _send(channel, key, to, external_id, reply_to, content.rows(text, button, rows))


def send_template(*, channel, key, to, name, language, components, external_id, reply_to="") -> Accepted:
    """Meta writes the place of a button as a string."""
    return _send(channel, key, to, external_id, reply_to, content.template(name, language, components, index=str))


def upload(*, channel, key, filename, mime, content) -> str:
    """The id of a file that may be sent then: a link of ours would have to be open to the world."""
    found = call(
        channel, key, "POST", f"{_line(channel)}/media", seconds=settings.UPLOAD_SECONDS,
        **calling.form("file", (filename, content, mime), messaging_product="whatsapp", type=mime))
    return calling.uploaded(said_in(found, "id"))


def send_media(*, channel, key, to, kind, reference, filename, external_id, caption="", reply_to="") -> Accepted:
    return _send(channel, key, to, external_id, reply_to, content.file(kind, reference, filename, caption))


def typing(*, channel, key, ref) -> None:
    """Mark a patient's message as read and show that an answer is being written."""
    call(channel, key, "POST", f"{_line(channel)}/messages", seconds=TYPING_SECONDS, json={
        "messaging_product": "whatsapp", "status": "read", "message_id": ref, "typing_indicator": {"type": "text"}})


def find_sent(*, channel, key, external_id, ref) -> Report | None:
    """Nothing can be asked: only a report that gives `external_id` back tells."""
    return None


def fetch_media(*, channel, key, media, sink, limit) -> Fetched:
    """The file of an inbound message's `id`: its address is asked for, is good for five minutes, and wants the token
    too."""
    reference = said_in(media, "id")
    if not reference:
        raise ProviderError("the message has no file", permanent=True, code="no_link")
    found = call(
        channel, key, "GET", f"{quote(reference, safe='')}?phone_number_id={quote(channel.phone_number_id)}")
    url = said_in(found, "url")
    calling.stays(channel, url)
    return http.download(
        url, sink=sink, cap=limit, hosts=settings.META_MEDIA_HOSTS, keyed=settings.META_MEDIA_HOSTS, trusted=base(),
        headers=bearer(key))


def _line(channel):
    if not channel.phone_number_id:
        raise ProviderError("the channel has no phone_number_id", permanent=True, code="no_key")
    return quote(channel.phone_number_id, safe="")


def _send(channel, key, to, external_id, reply_to, said):
    who = {"to": to} if to.startswith("+") else {"recipient": to}
    quoted = {"context": {"message_id": reply_to}} if reply_to else {}
    answer = call(channel, key, "POST", f"{_line(channel)}/messages", json={
        "messaging_product": "whatsapp", "recipient_type": "individual", **who,
        "biz_opaque_callback_data": external_id, **quoted, **said})
    sent = next((one for one in parts(answer, "messages") if isinstance(one, dict)), {})
    wamid = said_in(sent, "id")[:200]
    return Accepted(provider_id=wamid, ref=wamid or external_id)
