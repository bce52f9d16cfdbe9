"""A professional's visits as a calendar that any program subscribes to, by an address that is itself the secret.

The address lives in another program and is read without a login, so it says as little as makes it useful: when,
and the first name with the initial of the surname. No treatment, reason, phone or document; the link leads to the
agenda, which asks for a login. Only its digest is kept: it is shown once, and a new one ends the one before.
"""
import secrets
from datetime import UTC, timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vDuration

from agenda.models import Appointment, Status
from clinics import access, routes, tenancy
from clinics.audit import log_security_event
from clinics.models import Professional
from dentalogic.lib import clock

KIND = "calendar_feed"
BACK, AHEAD = timedelta(days=31), timedelta(days=366)
EVERY = timedelta(minutes=15)  # how often a program is asked to come again
SHOWN = (Status.SCHEDULED, Status.CONFIRMED, Status.ARRIVED, Status.SEATED, Status.COMPLETED)


def managed(actor):
    """The professionals whose feed the person may make and end."""
    return access.visible(actor, "agenda.subscribe", Professional.objects.active().in_order())


@tenancy.atomic
def make(*, professional, by) -> str:
    """A new secret address for the professional's visits. Whatever read the former one is told that it is gone."""
    routes.end(kind=KIND, row_id=professional.pk)
    address = secrets.token_urlsafe(32)
    routes.add(kind=KIND, address=address, row_id=professional.pk)
    log_security_event("feed.made", by=by, professional=professional.pk)
    return address


@tenancy.atomic
def revoke(*, professional, by) -> None:
    if routes.end(kind=KIND, row_id=professional.pk):
        log_security_event("feed.revoked", by=by, severity="warning", professional=professional.pk)


def made() -> set[int]:
    """The professionals of the clinic in scope whose visits have an address."""
    return routes.rows(kind=KIND)


def reader(professional_id: int) -> Professional | None:
    """Whose feed it is, while they work here as who may have one: who leaves, or gets another role, takes no address
    along."""
    found = Professional.objects.active().select_related("membership__user").filter(pk=professional_id).first()
    if found is None or (found.membership and not access.can(found.membership.actor, "agenda.subscribe")):
        return None
    return found


def calendar(professional, *, base: str) -> bytes:
    """RFC 5545. Instants leave in UTC, so every program shows them at the right moment wherever it is."""
    now, clinic = clock.now(), tenancy.here()
    feed = Calendar()
    for name, value in (
            ("prodid", "-//Dentalogic//Agenda//ES"), ("version", "2.0"), ("calscale", "GREGORIAN"),
            ("method", "PUBLISH"), ("x-wr-calname", f"{professional.name} · {clinic.name}"),
            ("x-wr-timezone", str(clinic.zone)), ("refresh-interval", vDuration(EVERY)), ("x-published-ttl", "PT15M")):
        feed.add(name, value, parameters={"value": "DURATION"} if name == "refresh-interval" else None)
    for row in _visits(professional, now):
        feed.add_component(_event(row, clinic, base))
    return feed.to_ical()


def _visits(professional, now):
    return Appointment.objects.overlapping(now - BACK, now + AHEAD).of(professional).filter(
        status__in=SHOWN).with_names().order_by("start_at", "pk")


def _event(row, clinic, base) -> Event:
    event = Event()
    event.add("uid", f"{clinic.pk}-{row.pk}@dentalogic")
    event.add("sequence", row.version)
    event.add("dtstamp", row.created_at)
    event.add("dtstart", row.start_at.astimezone(UTC))
    event.add("dtend", row.end_at.astimezone(UTC))
    event.add("summary", _("Turno · %(who)s") % {"who": _who(row.patient)})
    event.add("status", "TENTATIVE" if row.status == Status.SCHEDULED else "CONFIRMED")
    event.add("class", "PRIVATE")
    day = row.start_at.astimezone(clinic.zone).date()
    event.add("url", f"{base}/agenda/?day={day}&appointment={row.pk}")
    return event


def _who(patient) -> str:
    initial = patient.last_name[:1]
    return f"{patient.first_name} {initial}." if initial else patient.first_name
