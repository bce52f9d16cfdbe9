"""Meta's Cloud API. https://developers.facebook.com/docs/whatsapp. The verbs are those of providers/base.py."""
from messaging.providers.meta.account import look, templates
from messaging.providers.meta.errors import meaning
from messaging.providers.meta.events import parse
from messaging.providers.meta.sending import (
    fetch_media,
    find_sent,
    send_buttons,
    send_list,
    send_media,
    send_template,
    send_text,
    typing,
    upload,
)
from messaging.providers.meta.signature import SIGNATURE, sign, verify

__all__ = [
    "SIGNATURE", "fetch_media", "find_sent", "look", "meaning", "parse", "send_buttons", "send_list", "send_media",
    "send_template", "send_text", "sign", "templates", "typing",
    "upload", "verify",
]
