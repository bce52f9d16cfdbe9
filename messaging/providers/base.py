"""What any provider tells us, as values. A provider's module turns its bodies into these and ours into its own."""
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Event:
    """One thing that a webhook said. `event_id` names the delivery, `raw` is the provider's object as it came."""

    event_id: str
    kind: str
    raw: dict = field(repr=False)  # a patient's words: never in a log line


@dataclass(frozen=True)
class Message(Event):
    """From a patient. `phone` or `user_id` may be missing, not both."""

    provider_id: str = ""
    ref: str = ""
    phone: str = ""
    user_id: str = ""
    name: str = field(default="", repr=False)
    sent_at: datetime | None = None
    text: str = field(default="", repr=False)
    media: dict = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Echo(Message):
    """What staff wrote on the phone itself. `phone` and `user_id` are of the person it was sent to."""

    external_id: str = ""


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


@dataclass(frozen=True)
class Unknown(Event):
    """Kept and not acted upon. `alarming` when a known event came in a shape that nobody can read."""

    alarming: bool = False


@dataclass(frozen=True)
class Accepted:
    """The provider took a message: WhatsApp's id of it, and its own."""

    provider_id: str
    ref: str
