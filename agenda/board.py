"""What the agenda page shows of some days: columns, appointments, closures, closed hours, on the clinic's wall clock.

Everything leaves as naive wall-clock text, so that a browser of another zone shows the clinic's hours. A constant
number of queries, whatever the days hold.
"""
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from agenda import holidays, hours, rights, rooms, slots
from agenda.models import AHEAD, Appointment, CalendarEvent, Chair, Closure, Source, Status, UsualChair
from agenda.walls import bounds, outside, span_on, wall
from clinics import access, tenancy
from clinics.models import Professional
from clinics.patients.models import Patient
from clinics.templatetags import dentalogic as formats
from clinics.templatetags import front

ICON = {Source.WHATSAPP: "chat", Source.DESK: "desk", Source.GOOGLE: "google", Source.API: "desk"}
SOURCES = {
    Source.WHATSAPP: _lazy("WhatsApp"), Source.DESK: _lazy("Recepción"), Source.GOOGLE: _lazy("Google"),
    Source.API: _lazy("API"),
}
DEFAULT_EDGES = (time(8), time(20))
MOVABLE = AHEAD
CHANGEABLE = (*AHEAD, Status.ARRIVED, Status.SEATED)
# all that a block says to who may not know what it is, besides that it is taken
BUSY = {
    "status": "busy", "word": "", "icon": "", "source": "", "urgent": False, "over": False, "opens": False,
    "movable": False, "resizable": False, "what": "",
}


class Visit(NamedTuple):
    """What the grid draws of a visit. Four model instances for each were a third of what a week took."""

    pk: int
    professional_id: int
    chair_id: int | None
    start_at: datetime
    end_at: datetime
    status: str
    version: int
    held_until: datetime | None
    source: str
    urgency: str
    overbooked: bool
    created_by_id: int | None
    patient_id: int | None
    first_name: str | None
    last_name: str | None
    treatment: str

    name = Patient.name

    COLUMNS = (
        "pk", "professional_id", "chair_id", "start_at", "end_at", "status", "version", "held_until", "source",
        "urgency", "overbooked", "created_by_id", "patient_id", "patient__first_name", "patient__last_name",
        "treatment__name")

    @classmethod
    def of(cls, rows) -> list["Visit"]:
        return [cls._make(row) for row in rows.values_list(*cls.COLUMNS)]


@dataclass(frozen=True)
class Board:
    zone: ZoneInfo
    first: date
    last: date
    now: datetime
    professionals: list
    rooms: list  # the chairs, those out of use too
    usual: dict  # {professional's id: the id of their usual chair}
    appointments: list[Visit]
    closures: list
    rooms_closed: list
    mirror: list  # what Google says that they are busy with
    by_hand: list
    holidays: dict
    week: dict

    @property
    def days(self):
        return [self.first + timedelta(days=offset) for offset in range((self.last - self.first).days + 1)]

    @cached_property
    def attendances(self):
        """{professional's id: when they attend}, by the rule that the engine judges by; a chair is not a column."""
        return {one.pk: hours.attendance(
            professional_id=one.pk, chair_id=None, zone=self.zone, by_hand=self.by_hand, national=self.holidays,
            week=self.week if one.working_hours is None else one.working_hours) for one in self.professionals}


def load(*, actor, first: date, last: date, now: datetime, visits=True) -> Board:
    """The days as they are; without `visits`, only who attends and what is closed."""
    clinic = tenancy.here()
    zone = clinic.zone
    start_at, end_at = bounds(first, last, zone)
    shown = Appointment.objects.overlapping(start_at, end_at).exclude(status=Status.CANCELLED).filter(
        ~Q(status=Status.HELD) | Q(held_until__gt=now))
    every = list(Closure.objects.touching(start_at, end_at))
    closures = [row for row in every if row.chair_id is None]
    return Board(
        zone=zone, first=first, last=last, now=now, professionals=columns(actor),
        rooms=list(Chair.objects.order_by("name", "pk")),
        usual=dict(UsualChair.objects.values_list("professional_id", "chair_id")),
        appointments=Visit.of(access.visible(actor, "agenda.see", shown).order_by("start_at", "pk")) if visits else [],
        closures=closures, rooms_closed=[row for row in every if row.chair_id], mirror=_mirror(start_at, end_at),
        by_hand=[one for row in closures for one in row.times(start_at, end_at, zone)],
        holidays=holidays.named(clinic, first, last), week=clinic.working_hours)


def _mirror(start_at, end_at):
    return list(CalendarEvent.objects.filter(
        end_at__gt=start_at, start_at__lt=end_at, busy=True, appointment=None, calendar__google_id__isnull=False,
    ).order_by("start_at", "pk"))


def columns(actor) -> list[Professional]:
    """The active professionals; the person's own column first."""
    found = list(Professional.objects.active().in_order())
    return sorted(found, key=lambda one: one.pk != actor.professional_id)


def may_write(actor, professional_id) -> bool:
    reach = access.scope(actor, "agenda.book")
    return reach == access.ALL or (reach == access.OWN and professional_id == actor.professional_id)


def may_name(actor, appointment) -> bool:
    """Whether the person may know who comes; who sees only free and busy knows it of their own bookings."""
    return names_people(actor) or appointment.created_by_id == actor.user_id


def names_people(actor) -> bool:
    """Whether the agenda is more to the person than what is free and what is busy."""
    return access.scope(actor, "agenda.see") != access.FREE_BUSY


def as_json(board: Board, actor) -> dict:
    return {
        "first": board.first.isoformat(), "last": board.last.isoformat(), "now": wall(board.now, board.zone),
        "label": day_label(board.first) if board.first == board.last else week_label(board.first, board.last),
        "summary": summary(board.appointments),
        "professionals": [_professional(one, board, place) for place, one in enumerate(board.professionals)],
        "chairs": rooms.columns(board), "appointments": _appointments(board, actor),
        "closures": [
            *_closures(board), *rooms.closures(board), *(_busy_elsewhere(one, board) for one in board.mirror)],
        "closed": [*(span for one in board.professionals for span in _closed(one, board)), *rooms.closed(board)],
        "holiday": board.holidays.get(board.first, "") if board.first == board.last else "",
        "edges": _edges(board),
        "attending": len([one for one in board.attendances.values() if one.open(board.first, board.last)]),
    }


def day_label(day: date) -> str:
    return formats.day(day).capitalize()


def week_label(first: date, last: date) -> str:
    return _("Semana del %(first)s al %(last)s") % {"first": f"{first:%d/%m}", "last": f"{last:%d/%m}"}


def summary(appointments) -> str:
    held = sum(one.status == Status.HELD for one in appointments)
    count = len(appointments) - held
    text = ngettext("%(count)d turno", "%(count)d turnos", count) % {"count": count}
    if held:
        text += " · " + ngettext("%(count)d retenido", "%(count)d retenidos", held) % {"count": held}
    return text


def short_name(professional) -> str:
    return f"{professional.title} {professional.last_name}".strip()


def _professional(one, board, place):
    chair = board.usual.get(one.pk)
    parts = [one.specialty, next((room.name for room in board.rooms if room.pk == chair), "")]
    return {
        "chair": chair,
        "id": one.pk, "name": one.name, "short": short_name(one), "initials": one.initials, "face": front.face(place),
        "sub": " · ".join(part for part in parts if part),
    }


def _appointments(board, actor) -> list[dict]:
    """Words and rights are asked once for all of them: a gettext for each was two fifths of what a week took."""
    clinical, words = rights.clinical(actor), dict(Status.choices)
    words = {status: (front.look(status), str(word)) for status, word in words.items()}
    sources = {source: (ICON[source], str(word)) for source, word in SOURCES.items()}
    writes = {one.professional_id: may_write(actor, one.professional_id) for one in board.appointments}
    taken, until = _("Ocupado"), _("Retenido hasta %(hour)s")
    rows = []
    for one in board.appointments:
        start, end = span_on(one.start_at, one.end_at, board.zone)
        row = {
            "id": one.pk, "professional": one.professional_id, "chair": one.chair_id or 0, "start": start, "end": end,
            "version": one.version,
        }
        if may_name(actor, one):
            (look, word), (icon, source) = words[one.status], sources[one.source]
            row |= {
                "status": look, "word": word, "icon": icon, "source": source,
                "urgent": one.urgency in ("urgent", "emergency") and clinical, "over": one.overbooked,
                "opens": one.status != Status.HELD,
                "movable": one.status in MOVABLE and writes[one.professional_id],
                "resizable": one.status in CHANGEABLE and writes[one.professional_id],
                "who": one.name if one.patient_id else taken, "what": one.treatment,
            }
        else:
            row |= BUSY | {"who": taken}
        if one.status == Status.HELD:
            ends = one.held_until.astimezone(board.zone)
            row["until"] = wall(ends, board.zone)
            if row["status"] != "busy":
                row["who"] = until % {"hour": f"{ends:%H:%M}"}
        rows.append(row)
    return rows


def _closures(board):
    """What is closed by hand and by the national calendar, less what was opened."""
    since, until = bounds(board.first, board.last, board.zone)
    for row in board.closures:
        if row.opens:
            continue
        title = row.reason or str(row.get_kind_display())
        for n, one in enumerate(row.times(since, until, board.zone)):
            name = f"{row.pk}-{n}" if row.repeats else f"{row.pk}"
            yield from _pieces(name, one[3:], one.professional_id, title, board)
    for day, name in board.holidays.items():
        span = hours.midnight(day, board.zone), hours.midnight(day + timedelta(days=1), board.zone)
        yield from _pieces(f"h{day:%Y%m%d}", span, None, _("Feriado: %(name)s") % {"name": name}, board)


def _busy_elsewhere(one, board):
    """A line of the mirror: what it is about is nobody's here."""
    start, end = span_on(one.start_at, one.end_at, board.zone)
    return {
        "id": f"g{one.pk}", "professional": one.professional_id, "start": start, "end": end,
        "title": _("Ocupado en Google"), "google": True}


def _pieces(name, span, professional_id, title, board):
    """A closure in each column that it closes: once for all, unless one of them was opened meanwhile."""
    opened = {}
    for one in board.by_hand:
        if one.kind != hours.CLOSED:
            opened.setdefault(one.professional_id, []).append((one.start_at, one.end_at))
    if professional_id is None:
        left = slots.minus([span], opened.get(None, ()))
        each = [one.pk for one in board.professionals] if set(opened) - {None} else [None]
    else:
        left, each = [span], [professional_id]
    for whom in each:
        for n, piece in enumerate(slots.minus(left, opened.get(whom, ()) if whom else ())):
            start, end = span_on(*piece, board.zone)
            mark = "".join(f"-{part}" for part in (whom if whom != professional_id else 0, n) if part)
            yield {
                "id": name + mark, "professional": whom, "start": start, "end": end, "title": title, "google": False}


def _open(professional, board, day):
    return board.attendances[professional.pk].windows(day)


def _closed(professional, board):
    """Each day minus the working hours."""
    for day in board.days:
        yield from outside(_open(professional, board, day), day, {"professional": professional.pk})


def _edges(board):
    """The hours of the grid: what is open or booked on any of the days, on whole hours."""
    starts, ends = [], []
    for one in board.professionals:
        for day in board.days:
            for opens, closes in _open(one, board, day):
                starts.append(opens.hour * 60 + opens.minute)
                ends.append(closes.hour * 60 + closes.minute or 24 * 60)
    for one in board.appointments:
        start, end = (moment.astimezone(board.zone) for moment in (one.start_at, one.end_at))
        starts.append(start.hour * 60 + start.minute)
        ends.append(end.hour * 60 + end.minute if end.date() == start.date() else 24 * 60)
    low = min(starts, default=DEFAULT_EDGES[0].hour * 60) // 60
    high = -(-max(ends, default=DEFAULT_EDGES[1].hour * 60) // 60)
    return {"from": f"{low:02d}:00", "to": f"{max(high, low + 1):02d}:00"}
