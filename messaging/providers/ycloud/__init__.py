"""YCloud. https://docs.ycloud.com, specification 1.16.2. The verbs are those of providers/base.py."""
from messaging.providers.ycloud.account import look, new_secret, secret, templates
from messaging.providers.ycloud.errors import meaning
from messaging.providers.ycloud.events import parse
from messaging.providers.ycloud.sending import (
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
from messaging.providers.ycloud.signature import SIGNATURE, sign, verify

__all__ = [
    "SIGNATURE", "fetch_media", "find_sent", "look", "meaning", "new_secret", "parse", "send_buttons",
    "send_list", "send_media", "send_template", "send_text", "secret", "sign", "templates", "typing",
    "upload", "verify",
]
