"""Options as they are said: weekday, date and time are reckoned from the row, never written by a model."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import formats

from clinics.models import Professional
from messaging.receptionist import offers
from messaging.receptionist.case import Case


@dataclass(frozen=True)
class Option:
    code: str
    day: str  # "martes 24/11"
    time: str  # "10:30"
    professional: str


def day_of(local: datetime) -> str:
    return formats.date_format(local, "l j/n").lower()


def time_of(local: datetime) -> str:
    return local.strftime("%H:%M")


def shown(case: Case, offer) -> list[Option]:
    ids = {option["professional"] for option in offer.options}
    names = {one.pk: one.name for one in Professional.objects.filter(pk__in=ids)}
    return [
        Option(option["code"], day_of(case.local(offers.starts(option))), time_of(case.local(offers.starts(option))),
               names.get(option["professional"], ""))
        for option in offer.options
    ]  # fmt: skip
