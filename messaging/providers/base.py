"""What any provider tells us and takes from us, as values: the one interface of the slices beside this file.

Each slice (`ycloud`, `meta`) is a module with these verbs, all keyword-only:

    SIGNATURE                                           the header that carries a webhook's signature
    verify(secret, header, body) -> Signed | None       None without a secret, whatever the header says
    parse(body) -> [Event]                              a decoded body, every level of it; never raises
    send_text(channel, key, to, text, external_id, reply_to="") -> Accepted
    send_buttons(… , buttons)                           up to three {"id", "title"}, the id an opaque code
    send_list(… , button, rows)                         up to ten {"id", "title", "description"}
    send_template(… , name, language, components)       components in the neutral form below; no text
    upload(channel, key, filename, mime, content) -> str        the id of a file; nothing is sent by it
    send_media(… , kind, reference, filename, caption="")       by that id
    typing(channel, key, ref)                           marks a patient's message as read, and shows typing
    fetch_media(channel, key, media, sink, limit) -> Fetched
    templates(channel, key) -> [TemplateState]
    find_sent(channel, key, external_id, ref) -> Report | None     what became of a POST whose end nobody knows
    look(channel, key) -> Look                          how the line is, asked of the provider
    meaning(code) -> Then                               what an error code asks for: a fault's, or a failed report's

A verb that speaks to the provider is one request (or a page after another), outside any transaction; it raises
ProviderError, `unknown` when it may have been done all the same.

Components of a template: {"header": [value], "body": [text, …], "buttons": [{"index": 0, "payload": "code"}]}, each
part optional; the header's value is a text or {"type": "image" | "document" | "video", "id" | "link": …}.
"""
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dentalogic.lib.http import Fetched

__all__ = [
    "AGAIN", "Accepted", "ChannelHealth", "Echo", "Edited", "Event", "Fetched", "Look", "Message", "NumberChanged",
    "Person", "Preference", "Reaction", "Report", "Revoked", "Signed", "TemplateChanged", "TemplateState", "Then",
    "Unknown",
]


class Then(StrEnum):
    """What is to be done about an error."""

    AGAIN = "again"  # too fast: back off, honour Retry-After
    RECIPIENT = "recipient"  # too many to this person: wait for them only
    PASSING = "passing"  # back off, few tries, ask for its state first
    WINDOW = "window"  # closed: for good, offer a template
    FINAL = "final"  # for good: the message or its recipient is wrong; show it
    OPTED_OUT = "opted_out"  # for good: the person stopped marketing; keep that
    TEMPLATE = "template"  # for good: read the template's state anew, alert
    HOLD = "hold"  # of the number: hold the channel's templates, alert
    OUT = "out"  # the channel is disconnected, blocked or unpaid: stop, alert


AGAIN = {Then.AGAIN, Then.RECIPIENT, Then.PASSING}


@dataclass(frozen=True)
class Signed:
    """A signature that holds; `at` when it says when it was made."""

    at: datetime | None = None


@dataclass(frozen=True)
class Event:
    """One thing that a webhook said. `event_id` names the delivery, `raw` is the provider's object as it came."""

    event_id: str
    kind: str
    raw: dict = field(repr=False)  # a patient's words: never in a log line
    line: str = ""  # whose it is: our number (E.164) at YCloud, the phone_number_id at Meta; "" of the whole account
    account: str = ""  # the WhatsApp business account


@dataclass(frozen=True)
class Person(Event):
    """Something that a person did. `phone` or `user_id` may be missing, not both."""

    phone: str = ""
    user_id: str = ""
    name: str = field(default="", repr=False)
    provider_id: str = ""  # WhatsApp's id of the message that told it
    ref: str = ""  # the provider's own id of it
    sent_at: datetime | None = None


@dataclass(frozen=True)
class Message(Person):
    """From a patient."""

    text: str = field(default="", repr=False)
    media: dict = field(default_factory=dict, repr=False)  # the content object; a tap's {"reply_id"}
    reply_to: str = ""  # WhatsApp's id of the message that it quotes
    referral: dict = field(default_factory=dict, repr=False)  # the advertisement that it came from


@dataclass(frozen=True)
class Echo(Message):
    """What staff wrote on the phone itself. `phone` and `user_id` are of the person it was sent to."""

    external_id: str = ""


@dataclass(frozen=True)
class Reaction(Person):
    """An emoji on the message `target`; "" takes it back. `by_staff`: from the clinic's own phone."""

    target: str = ""
    emoji: str = field(default="", repr=False)
    by_staff: bool = False


@dataclass(frozen=True)
class Edited(Person):
    """The message `target` says `text` now."""

    target: str = ""
    text: str = field(default="", repr=False)
    by_staff: bool = False


@dataclass(frozen=True)
class Revoked(Person):
    """The message `target` was deleted for everyone."""

    target: str = ""
    by_staff: bool = False


@dataclass(frozen=True)
class NumberChanged(Person):
    """The person that `phone` and `user_id` name has another phone, another WhatsApp id, or both."""

    new_phone: str = ""
    new_user_id: str = ""


@dataclass(frozen=True)
class Preference(Person):
    """The person does not want marketing any more (`stop`), or wants it again."""

    stop: bool = True


@dataclass(frozen=True)
class Report(Event):
    """How an outgoing message is doing."""

    provider_id: str = ""
    ref: str = ""
    external_id: str = ""
    status: str = ""
    at: datetime | None = None
    error_code: str = ""
    error_text: str = ""
    phone: str = ""  # of whom it was sent to
    user_id: str = ""
    pricing: dict = field(default_factory=dict)  # as the provider says it


@dataclass(frozen=True)
class TemplateState:
    """A template at the provider: `components` as WhatsApp has them (HEADER, BODY, FOOTER, BUTTONS)."""

    name: str
    language: str
    category: str = ""  # MARKETING, UTILITY, AUTHENTICATION
    status: str = ""  # APPROVED, PENDING, REJECTED, PAUSED, DISABLED, ARCHIVED, IN_APPEAL, DELETED
    components: list = field(default_factory=list)
    quality: str = ""  # GREEN, YELLOW, RED, UNKNOWN
    reason: str = ""
    ref: str = ""  # WhatsApp's own id of the template


@dataclass(frozen=True)
class TemplateChanged(Event):
    """What changed of a template: what its `state` leaves empty did not change, and `components` never come along."""

    state: TemplateState | None = None


@dataclass(frozen=True)
class ChannelHealth(Event):
    """What the provider says of the number or the account. `level`: ok, warning or out (nothing goes any more)."""

    level: str = "warning"
    code: str = ""  # a word of the provider: RED, FLAGGED, ACCOUNT_RESTRICTION…
    text: str = ""


@dataclass(frozen=True)
class Unknown(Event):
    """Kept and not acted upon. `alarming` when a known event came in a shape that nobody can read."""

    alarming: bool = False


@dataclass(frozen=True)
class Accepted:
    """The provider took a message: WhatsApp's id of it, and its own."""

    provider_id: str
    ref: str


@dataclass(frozen=True)
class Look:
    """How a line is. `webhook`: active, pending, disabled, missing, or "" where nobody can tell."""

    ok: bool
    code: str = ""
    text: str = ""
    quality: str = ""
    webhook: str = ""
    webhook_id: str = ""
    names_us: bool = False  # the key reads the very number that we have
