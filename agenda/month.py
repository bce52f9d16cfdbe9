"""A month at a glance: of each day how many visits, how full it is, and why it is closed. Two of its rows or two
thousand are one question."""
import calendar
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from agenda import board, holidays, listing
from agenda.models import TAKES_TIME, Appointment, Status
from clinics import access, tenancy
from clinics.templatetags.dentalogic import WEEKDAYS
from dentalogic.lib import clock


@dataclass
class Day:
    day: date
    outside: bool  # of the month before or after
    today: bool
    holiday: str = ""
    visits: int = 0
    minutes: int = 0
    open_minutes: int = 0

    @property
    def full(self) -> int:
        """How much of the open time is taken, in per cent."""
        return min(100, round(100 * self.minutes / self.open_minutes)) if self.open_minutes else 0


def of(*, actor, day: date, professional=None, chair=None) -> dict:
    clinic = tenancy.here()
    weeks = calendar.Calendar().monthdatescalendar(day.year, day.month)
    first, last = weeks[0][0], weeks[-1][-1]
    named, today = holidays.named(clinic, first, last), clock.today(clinic.zone)
    days = {one: Day(one, one.month != day.month, one == today, named.get(one, "")) for week in weeks for one in week}
    shown = board.load(actor=actor, first=first, last=last, now=clock.now(), visits=False)
    attending = [one for one in shown.professionals if professional is None or one.pk == professional.pk]
    for one in attending if chair is None else ():
        _add_open(days, shown.attendances[one.pk], first, last, clinic.zone)
    _add_visits(days, _asked(actor, first, last, professional, chair), clinic.zone)
    of_month = [one for one in days.values() if not one.outside]
    return {
        "weeks": [[days[one] for one in week] for week in weeks], "label": listing.month_label(day),
        "visits": sum(one.visits for one in of_month), "chair": chair,
        "names": [_(name).capitalize() for name in WEEKDAYS],
    }


def _asked(actor, first, last, professional, chair):
    start_at, end_at = board.bounds(first, last, tenancy.here().zone)
    rows = Appointment.objects.filter(
        start_at__gte=start_at, start_at__lt=end_at, status__in=(*TAKES_TIME, Status.NO_SHOW)).exclude(
        status=Status.HELD)
    rows = rows.filter(professional=professional) if professional is not None else rows
    rows = rows.filter(chair=chair) if chair is not None else rows
    return access.visible(actor, "agenda.see", rows).values_list("start_at", "end_at", "status")


def _add_visits(days, rows, zone):
    for start_at, end_at, status in rows:
        one = days[start_at.astimezone(zone).date()]
        one.visits += 1
        one.minutes += (end_at - start_at).seconds // 60 if status != Status.NO_SHOW else 0


def _add_open(days, attendance, first, last, zone):
    for start_at, end_at in attendance.open(first, last):
        while start_at < end_at:
            day = start_at.astimezone(zone).date()
            until = min(end_at, board.bounds(day, day, zone)[1])
            days[day].open_minutes += int((until - start_at).total_seconds() // 60)
            start_at = until
