"""The visits of some days as rows to read: the list on the screen, the print and the search are this one answer.

Days are the clinic's; a visit stands under the day on which it begins. The first and the last day both count.
"""
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agenda import board
from agenda.models import Appointment, Chair, Status
from clinics import access, tenancy
from clinics.models import Professional
from clinics.patients.models import Patient
from clinics.templatetags.front import look

LONGEST = timedelta(days=42)
SOUGHT_BACK, SOUGHT_AHEAD, SOUGHT = timedelta(days=365), timedelta(days=365), 100  # a search goes beyond what is shown


@dataclass(frozen=True)
class Listing:
    """`days` is `[(day, rows)]`, of days that have any; `hidden` counts visits that the role does not name."""

    first: date
    last: date
    days: list = field(default_factory=list)
    hidden: int = 0
    whose: str = ""
    text: str = ""
    more: bool = False

    @property
    def count(self) -> int:
        return sum(len(rows) for _day, rows in self.days)

    @property
    def standing(self) -> int:
        """Without those that were cancelled."""
        return sum(one.status != Status.CANCELLED for _day, rows in self.days for one in rows)

    @property
    def label(self) -> str:
        if self.text:
            return _("Búsqueda")
        return span_label(self.first, self.last)

    @property
    def summary(self) -> str:
        return ngettext("%(count)d turno", "%(count)d turnos", self.standing) % {"count": self.standing}


def span_label(first: date, last: date) -> str:
    if first == last:
        return board.day_label(first)
    if first.day == 1 and (last + timedelta(days=1)).day == 1 and (last - first).days < 31:
        return month_label(first)
    return board.week_label(first, last)


def month_label(day: date) -> str:
    return f"{MONTHS[day.month]} {day.year}".capitalize()


def of(*, actor, first: date, last: date, professional=None, chair=None, text="") -> Listing:
    """Every visit that begins on these days, cancelled ones too, holds not; of one professional or chair where one is
    named. With `text`, the visits of the patients whom it names, a year around the first day."""
    last = min(max(first, last), first + LONGEST)
    since, until = (first - SOUGHT_BACK, first + SOUGHT_AHEAD) if text else (first, last)
    rows = _asked(actor, since, until, professional, chair)
    if text:
        people = access.visible(actor, "patients.see", Patient.objects.all()).search(text)
        rows = rows.filter(patient__in=people.values("pk"))[:SOUGHT + 1]
    found = list(rows)
    shown = [_shown(one) for one in found[:SOUGHT] if board.may_name(actor, one)] if text else [
        _shown(one) for one in found if board.may_name(actor, one)]
    zone = tenancy.here().zone
    days = [(day, list(group)) for day, group in groupby(shown, key=lambda one: one.start_at.astimezone(zone).date())]
    return Listing(
        first=first, last=last, days=days, hidden=0 if text else len(found) - len(shown),
        whose=_name(professional or chair), text=text, more=bool(text) and len(found) > SOUGHT)


def _asked(actor, first, last, professional, chair):
    start_at, end_at = board.bounds(first, last, tenancy.here().zone)
    rows = Appointment.objects.filter(start_at__gte=start_at, start_at__lt=end_at).exclude(status=Status.HELD)
    if professional is not None:
        rows = rows.filter(professional=professional)
    if chair is not None:
        rows = rows.filter(chair=chair)
    return access.visible(actor, "agenda.see", rows.with_names().select_related("chair")).order_by("start_at", "pk")


def _shown(row):
    row.look, row.icon, row.origin = look(row.status), board.ICON[row.source], board.SOURCES[row.source]
    return row


def _name(one) -> str:
    return getattr(one, "name", "") if one is not None else ""


def whose(asked) -> dict:
    """`professional=` or `chair=` of an address, as `of` takes them; what leads to nobody asks for nobody's."""
    found = {}
    for name, model in (("professional", Professional), ("chair", Chair)):
        if (pk := asked.get(name, "")) != "":
            found[name] = model.objects.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 19 else None
            if found[name] is None:
                raise LookupError(name)
    return found
