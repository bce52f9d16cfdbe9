"""A dialogue as its file says it. What each key means is in docs/quality.md."""
import json
import re
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as fault:
        raise ValueError(f"{fault} in {text!r}") from fault
    return text


Pattern = Annotated[str, AfterValidator(_pattern)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Person(Strict):
    """A patient whom the clinic has: the telephone that writes is theirs."""

    first_name: str
    last_name: str
    dni: str = ""
    insurance: str = ""
    birth_on: str = ""


class Visit(Strict):
    """Of what is given all but the status is needed; of what is expected only what is said is compared."""

    treatment: str = ""  # its name
    professional: str = ""  # their surname
    start: str = ""  # clinic's wall clock, "2026-11-26 10:00"
    status: str = ""
    patient: str = ""  # first and last name


class Other(Person):
    phone: str = ""  # the same telephone, where it is left out


class Days(Strict):
    """Both included; the clinic is closed."""

    first: date
    last: date
    reason: str = ""


class Given(Strict):
    patient: Person | None = None
    others: list[Other] = []  # more patients of the clinic
    appointments: list[Visit] = []  # of `patient`
    closed: list[Days] = []


class Step(Strict):
    """One of: what the patient writes (a burst is a list), minutes that pass, what a person of the clinic writes, or
    that they give the conversation back."""

    patient: str | list[str] | None = None
    wait: float | None = None
    staff: str | None = None
    gives_back: Literal[True] | None = None

    @model_validator(mode="after")
    def one(self):
        if len(self.model_dump(exclude_none=True)) != 1:
            raise ValueError("a turn is one of patient, wait, staff, gives_back")
        return self


class Expect(Strict):
    appointments: list[Visit] | None = None  # exactly those that the dialogue made or changed
    patient: dict[str, str | None] | None = None
    handoff: bool | str | None = None
    triage: str | None = None
    offers: int | None = None
    messages: int | None = None
    held: int | None = None
    says: list[Pattern] = []  # each is in some message
    last: Pattern | None = None


class Dialogue(Strict):
    name: str
    now: datetime  # without an offset it is the clinic's
    clinic: Literal["demo", "demo-empty"] = "demo"
    phone: str = "+5493415550139"  # "" for who writes without one
    profile: str = "Caro"  # the name on WhatsApp
    given: Given = Given()
    turns: list[Step] = Field(min_length=1)
    expect: Expect = Expect()
    never: list[Pattern] = []


def read(path: Path) -> Dialogue:
    """Raises ValueError with the file's name and each fault in it."""
    try:
        return Dialogue.model_validate(json.loads(path.read_text(encoding="utf-8-sig")))
    except ValidationError as fault:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in fault.errors())
        raise ValueError(f"{path.name}: {wrong}") from fault
    except ValueError as fault:
        raise ValueError(f"{path.name}: {fault}") from fault


def read_all(folder: Path) -> list[Dialogue]:
    found = [read(path) for path in sorted(folder.rglob("*.json"))]
    if not found:
        raise ValueError(f"no dialogue in {folder.name}")
    return found
