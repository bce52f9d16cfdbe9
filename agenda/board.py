"""What the agenda page shows of some days: columns, appointments, closures, closed hours, on the clinic's wall clock.

Everything leaves as naive wall-clock text, so that a browser of another zone shows the clinic's hours. A constant
number of queries, whatever the days hold.
"""
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from agenda import rights
from agenda.models import AHEAD, Appointment, Closure, Source, Status, UsualChair
from clinics import access, hours, tenancy
from clinics.models import Professional
from clinics.templatetags import dentalogic as formats
from clinics.templatetags import front

ICON = {Source.WHATSAPP: "chat", Source.DESK: "desk", Source.GOOGLE: "google", Source.API: "desk"}
SOURCES = {
    Source.WHATSAPP: _lazy("WhatsApp"), Source.DESK: _lazy("Recepción"), Source.GOOGLE: _lazy("Google"),
    Source.API: _lazy("API"),
}
DEFAULT_EDGES = (time(8), time(20))
MOVABLE = AHEAD


@dataclass(frozen=True)
class Board:
    zone: ZoneInfo
    first: date
    last: date
    now: datetime
    professionals: list
    chairs: dict
    appointments: list
    closures: list
    week: dict

    @property
    def days(self):
        return [self.first + timedelta(days=offset) for offset in range((self.last - self.first).days + 1)]


def wall(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def instant(text: str, zone: ZoneInfo) -> datetime:
    """The instant of a naive wall clock. ValueError for one that the clinic's clock never shows."""
    naive = datetime.fromisoformat(text).replace(tzinfo=None, second=0, microsecond=0)
    found = naive.replace(tzinfo=zone)
    if datetime.fromtimestamp(found.timestamp(), zone).replace(tzinfo=None) != naive:
        raise ValueError(f"{text} does not exist in {zone}")
    return found


def bounds(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants from the first day's midnight to the midnight after the last."""
    return (datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone))


def load(*, actor, first: date, last: date, now: datetime) -> Board:
    clinic = tenancy.here()
    zone = clinic.zone
    start_at, end_at = bounds(first, last, zone)
    shown = Appointment.objects.overlapping(start_at, end_at).exclude(status=Status.CANCELLED).filter(
        ~Q(status=Status.HELD) | Q(held_until__gt=now)).with_names()
    return Board(
        zone=zone, first=first, last=last, now=now, professionals=columns(actor),
        chairs=dict(UsualChair.objects.values_list("professional_id", "chair__name")),
        appointments=list(access.visible(actor, "agenda.see", shown).order_by("start_at", "pk")),
        closures=list(Closure.objects.overlapping(start_at, end_at).filter(chair=None)), week=clinic.working_hours)


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
    rows = [_appointment(one, board, actor) for one in board.appointments]
    return {
        "first": board.first.isoformat(), "last": board.last.isoformat(), "now": wall(board.now, board.zone),
        "label": day_label(board.first) if board.first == board.last else week_label(board.first, board.last),
        "summary": summary(board.appointments),
        "professionals": [_professional(one, board, place) for place, one in enumerate(board.professionals)],
        "appointments": rows,
        "closures": [_closure(one, board) for one in board.closures],
        "closed": [span for one in board.professionals for span in _closed(one, board)],
        "edges": _edges(board),
        "attending": len([one for one in board.professionals if any(_open(one, board, day) for day in board.days)]),
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
    parts = [one.specialty, board.chairs.get(one.pk, "")]
    return {
        "id": one.pk, "name": one.name, "short": short_name(one), "initials": one.initials, "face": front.face(place),
        "sub": " · ".join(part for part in parts if part),
    }


def _appointment(one, board, actor):
    start, end = _span(one.start_at, one.end_at, board.zone)
    row = {
        "id": one.pk, "professional": one.professional_id, "start": start, "end": end, "version": one.version,
    } | (_named(one, actor) if may_name(actor, one) else _busy())
    if one.status == Status.HELD:
        until = one.held_until.astimezone(board.zone)
        row["until"] = wall(until, board.zone)
        if row["status"] != "busy":
            row["who"] = _("Retenido hasta %(hour)s") % {"hour": f"{until:%H:%M}"}
    return row


def _named(one, actor):
    return {
        "status": front.look(one.status), "word": str(one.get_status_display()), "icon": ICON[one.source],
        "source": str(SOURCES[one.source]),
        "urgent": one.urgency in ("urgent", "emergency") and rights.clinical(actor),
        "over": one.overbooked, "opens": one.status != Status.HELD,
        "movable": one.status in MOVABLE and may_write(actor, one.professional_id),
        "who": one.patient.name if one.patient else _("Ocupado"), "what": one.treatment.name,
    }


def _busy():
    """All that a block says to who may not know what it is."""
    return {
        "status": "busy", "word": "", "icon": "", "source": "", "urgent": False, "over": False, "opens": False,
        "movable": False, "who": _("Ocupado"), "what": "",
    }


def _closure(one, board):
    start, end = _span(one.start_at, one.end_at, board.zone)
    return {
        "id": one.pk, "professional": one.professional_id, "start": start, "end": end,
        "title": one.reason or str(one.get_kind_display()), "google": False,
    }


def _span(start_at, end_at, zone):
    """Both ends on the wall clock; where the clock went back meanwhile, the length is kept."""
    start, end = (moment.astimezone(zone).replace(tzinfo=None) for moment in (start_at, end_at))
    if end <= start:
        end = start + (end_at - start_at)
    return start.isoformat(" "), end.isoformat(" ")


def _open(professional, board, day):
    week = board.week if professional.working_hours is None else professional.working_hours
    return hours.windows(week, day)


def _closed(professional, board):
    """Each day minus the working hours."""
    for day in board.days:
        cut = "00:00"
        for opens, closes in _open(professional, board, day):
            if cut < f"{opens:%H:%M}":
                yield _block(professional, day, cut, f"{opens:%H:%M}")
            cut = "24:00" if closes == hours.MIDNIGHT else f"{closes:%H:%M}"
        if cut < "24:00":
            yield _block(professional, day, cut, "24:00")


def _block(professional, day, start, end):
    until = f"{day + timedelta(days=1)} 00:00:00" if end == "24:00" else f"{day} {end}:00"
    return {"professional": professional.pk, "start": f"{day} {start}:00", "end": until}


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
