from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import override_settings

from agenda.calendars import google as client
from agenda.calendars import health, pulling, pushes
from agenda.models import Appointment, Calendar, CalendarEvent, CalendarPush
from clinics import routes, vault
from dentalogic.lib import clock
from tests.agenda.conftest import ZONE, at  # noqa: F401
from tests.factories import ProfessionalFactory
from tests.fakes.google import Google

DAY = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.fixture
def google():
    """The peer, and the product told to speak to it. Whatever breaks Google's contract fails the test."""
    peer = Google()
    health._known.clear()
    with override_settings(**peer.settings, GOOGLE_LIVE_FRESH=0, GOOGLE_LIVE_MILLISECONDS=4000):
        yield peer
    peer.close()
    assert peer.faults == []


def connect(peer, name, *, professional=None, account="", title="", zone="America/Argentina/Buenos_Aires",
            role="owner", **columns):
    """A professional whose calendar a person has confirmed, in the scope of the clinic."""
    professional = professional or ProfessionalFactory()
    if name not in peer.calendars:
        peer.calendar(name, account=account or name, title=title, zone=zone, role=role)
    row = Calendar.objects.create(**{
        "professional": professional, "kind": "oauth", "account": account or name, "state": "active",
        "google_id": name, "name": title or name, "zone": zone, "pull_at": clock.now(),
        "connected_at": clock.now()} | columns)
    routes.add(kind="google", address=row.public_id, row_id=row.pk)
    vault.put(row.secret_name, peer.grant(account or name))
    professional.google_calendar_id = name
    professional.save()
    return row


def mirrored(calendar) -> list[tuple]:
    """What the mirror holds of a calendar: `(event, start, end, busy)`, by start."""
    rows = CalendarEvent.objects.filter(calendar=calendar).order_by("start_at", "event_id")
    return [(row.event_id, row.start_at, row.end_at, row.busy) for row in rows]


def utc(hour, minute=0, day=25, month=11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def again(row):
    return type(row).objects.get(pk=row.pk)


@pytest.fixture
def agenda(scene, google):
    """The agenda's scene with its professional's calendar connected at the peer."""
    calendar = connect(google, "laura@clinica.example", professional=scene.professional)
    scene.google, scene.calendar = google, calendar

    def told(row):
        """Follow as the verb does, and do the job."""
        pushes.follow(Appointment.objects.with_names().get(pk=row.pk))
        pushes.push(calendar_id=calendar.pk)
        return CalendarPush.objects.get(appointment=row, calendar=calendar)

    def pulled():
        Calendar.objects.filter(pk=calendar.pk).update(pull_at=clock.now())
        pulling.pull(calendar_id=calendar.pk)
        return mirrored(calendar)

    scene.told, scene.pulled = told, pulled
    return scene


@pytest.fixture
def unlinked(google):
    """A client of an account with one calendar, and no database."""
    google.calendar("solo@x")
    grant = client.Grant("oauth", google.grant("solo@x"))
    return SimpleNamespace(peer=google, client=client.Client(grant), grant=grant, day=timedelta(days=1))
