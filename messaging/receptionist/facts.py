"""What a conversation has told so far, kept on `Conversation.facts`, so that nothing is asked twice."""

from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date

from agenda.when import When, parse

REMEMBERED_WORDS = 4
OF_THE_EPISODE = (
    "purpose", "treatment", "professional", "words", "appointment", "chosen", "suggested", "told", "seen", "urgent",
    "who", "next", "more", "queue",
)  # fmt: skip


@dataclass
class Facts:
    purpose: str = ""  # book, move, cancel
    treatment: int | None = None
    professional: int | None = None
    insurance: str = ""
    insurer: int | None = None
    first_name: str = ""
    last_name: str = ""
    document_type: str = "DNI"
    dni: str = ""
    phone: str = ""
    for_other: bool = False
    who: int | None = None  # for whom of several patients of this phone
    words: list = field(default_factory=list)  # [what was said of the day or the hour, the day it was said]
    appointment: int | None = None  # the one that is being moved or cancelled
    next: list = field(default_factory=list)  # those that are to be cancelled after it
    chosen: dict = field(default_factory=dict)  # the option that was taken: code, professional, start_at
    suggested: str = ""  # a code that a bare "dale" may take
    booked: list = field(default_factory=list)  # appointments this conversation made
    others: list = field(default_factory=list)  # patients this conversation brought who are not who writes
    more: int = 0  # visits that are still to be arranged after this one
    queue: list = field(default_factory=list)  # of them those that were told: [treatment, who, insurance]
    urgent: str = ""  # urgent or emergency, while this visit is being arranged
    seen: list = field(default_factory=list)  # starts that were offered and are not wanted
    told: list = field(default_factory=list)  # what was said once and is not repeated
    left: str = ""  # the stage in which a person's tool left it: she goes on there if it is given back
    asked: list = field(default_factory=list)  # what the last turn's questions were about: "¿y los sábados?"
    unmoved: int = 0  # answers in a row that left the same question standing
    before: dict = field(default_factory=dict)  # how all this stood before the turn that is under way

    @classmethod
    def read(cls, stored: dict) -> "Facts":
        known = {one.name for one in fields(cls)}
        return cls(**{name: value for name, value in (stored or {}).items() if name in known})

    def stored(self) -> dict:
        blank = Facts()
        return {name: value for name, value in asdict(self).items() if value != getattr(blank, name)}

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def remember_when(self, text: str, today: date) -> None:
        self.words = [*self.words, [text, today.isoformat()]][-REMEMBERED_WORDS:]

    def when(self) -> When:
        """All that was said of the day and the hour; later words take the place of earlier ones of their kind."""
        wanted = When()
        for text, said_on in self.words:
            if words := parse(text, today=date.fromisoformat(said_on)):
                wanted = merged(wanted, words)
        return wanted

    def turn_to_another(self, *, for_other=True) -> None:
        """The visit is for somebody else than was thought, or for who writes after all: whose name and document are
        known is not."""
        if self.for_other == for_other:
            return
        blank = Facts(for_other=for_other)
        of_the_writer = ("first_name", "last_name", "document_type", "dni", "who")
        settled = ("insurance", "insurer") if self.booked and not self.purpose else ()
        for name in ("for_other", *of_the_writer, *settled):
            setattr(self, name, getattr(blank, name))

    def forget_episode(self) -> None:
        """The visit is settled: what was wanted goes, who the person is stays."""
        blank = Facts()
        for name in OF_THE_EPISODE:
            setattr(self, name, getattr(blank, name))
        if self.for_other:
            for name in ("for_other", "first_name", "last_name", "document_type", "dni", "insurance", "insurer"):
                setattr(self, name, getattr(blank, name))


def merged(old: When, new: When) -> When:
    """`new` said after `old`: its days replace the days, its hours the hours, its exclusions add up."""
    days = new if (new.first or new.last or new.weekdays) else old
    hours = new if new.says_hour else old
    kept_days, kept_weekdays = old.excluded_days, old.excluded_weekdays
    if days is new and days.first and days.first == days.last:
        kept_days = kept_days - {days.first}
        kept_weekdays = kept_weekdays - {days.first.weekday()}
    return replace(
        days, part=hours.part, since=hours.since, until=hours.until, at=hours.at,
        excluded_days=kept_days | new.excluded_days, excluded_weekdays=kept_weekdays | new.excluded_weekdays,
    )  # fmt: skip
