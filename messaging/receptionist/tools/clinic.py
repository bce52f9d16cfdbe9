"""list_services and list_professionals: what the clinic has configured to be told, and nothing else."""

from dataclasses import dataclass

from django.utils import formats

from messaging.receptionist.case import Case
from messaging.receptionist.catalogue import Catalogue, who_gives
from messaging.receptionist.tools.appointments import Nothing
from messaging.receptionist.tools.base import Answer, Tool


@dataclass(frozen=True)
class Service:
    name: str
    minutes: int
    bookable: bool
    price: str  # "" where the clinic does not tell it


@dataclass(frozen=True)
class Services:
    services: list[Service]


@dataclass(frozen=True)
class Person:
    name: str
    specialty: str
    services: list[str]


@dataclass(frozen=True)
class Professionals:
    professionals: list[Person]


def told_price(treatment) -> str:
    """The price as it may be said, or ""."""
    return money(treatment.price) if treatment.tell_price and treatment.price is not None else ""


def money(amount) -> str:
    return f"$ {formats.number_format(amount, 2 if amount % 1 else 0, use_l10n=True, force_grouping=True)}"


def list_services(case: Case, _asked: Nothing) -> Answer:
    rows = Catalogue.load().treatments
    return Answer(Services([Service(one.name, one.minutes, one.bookable, told_price(one)) for one in rows]), rows)


def list_professionals(case: Case, _asked: Nothing) -> Answer:
    catalogue = Catalogue.load()
    gives: dict[int, list[str]] = {}
    for treatment in catalogue.bookable:
        for one in who_gives(treatment):
            gives.setdefault(one.pk, []).append(treatment.name)
    rows = catalogue.professionals
    return Answer(Professionals([Person(one.name, one.specialty, gives.get(one.pk, [])) for one in rows]), rows)


def opening_hours(case: Case) -> list[tuple[list[int], str]]:
    """Days with the same hours together: ([0, 1, 2], "09:00 a 13:00 y 14:00 a 19:00")."""
    found: list[tuple[list[int], str]] = []
    for day in range(7):
        entry = (case.tenant.working_hours or {}).get(str(day))
        slots = entry["slots"] if entry and entry["enabled"] else []
        text = " y ".join(f"{slot['start']} a {slot['end']}" for slot in slots)
        if found and found[-1][1] == text:
            found[-1][0].append(day)
        else:
            found.append(([day], text))
    return [(days, text) for days, text in found if text]


SERVICES = Tool(
    "list_services", "agenda.see", "Tratamientos de la clínica; el precio solo si se puede decir.", Nothing,
    list_services,
)  # fmt: skip
PROFESSIONALS = Tool(
    "list_professionals", "agenda.see", "Profesionales y qué hace cada uno.", Nothing, list_professionals,
)  # fmt: skip

__all__ = ["PROFESSIONALS", "SERVICES"]
