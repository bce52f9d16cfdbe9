"""The receptionist and Google Calendar: asked before she offers, told of what she books, and never a made-up hour."""
import re
from datetime import UTC, date, datetime

import pytest
from django.db import connections

from agenda.calendars import events, pushes
from agenda.models import CalendarPush
from messaging import threads
from messaging.models import TurnStep
from tests.agenda.calendars.conftest import connect, google  # noqa: F401

ARRIETA, BRANDT = "arrieta@clinica.example", "brandt@clinica.example"


@pytest.fixture
def calendars(rows, arrayan, within, google):  # noqa: F811
    with within(arrayan):
        return [connect(google, name, professional=rows[who]) for who, name in (
            ("arrieta", ARRIETA), ("brandt", BRANDT))]


def offered(chat) -> list[datetime]:
    return [datetime.fromisoformat(one["start_at"]) for one in chat.offers[-1].options]


def told(chat) -> str:
    return chat.all(TurnStep, tool="check_availability")[-1].result["calendars"]


def test_what_google_says_now_is_not_offered(chat, calendars, google):  # noqa: F811
    """Both are away until Thursday; no pull has seen it."""
    for name in (ARRIETA, BRANDT):
        google.put(name, start=date(2026, 11, 24), end=date(2026, 11, 26))
    assert "jueves 26/11" in chat.says("Hola, quiero una limpieza", "soy particular")
    assert told(chat) == "live" and len(google.asked) == 2
    assert all(one > datetime(2026, 11, 26, 3, tzinfo=UTC) for one in offered(chat))
    with_a_choice = chat.says("la primera")
    assert len(chat.holds) == 1, with_a_choice  # what is offered can be held


def test_google_down_the_copy_serves_and_the_step_says_so(chat, calendars, google):  # noqa: F811
    google.sick["clinica"] = 503
    chat.says("Hola, quiero una limpieza", "soy particular")
    assert told(chat) == "mirror" and len(offered(chat)) == 2
    step = chat.all(TurnStep, tool="check_availability")[-1]
    assert re.match(r"\w+ \d+/\d+ \d\d:\d\d · .*Google Calendar no contestó", threads.said_by(step))  # in the thread


def test_nothing_is_asked_before_the_gates_are_passed(chat, calendars, google):  # noqa: F811
    chat.says("Hola, quiero una limpieza")
    assert google.asked == []  # the insurance was not asked yet


def test_a_clinic_without_calendars_says_none(chat, rows, google):  # noqa: F811
    chat.says("Hola, quiero una limpieza", "soy particular")
    assert told(chat) == "none" and google.asked == []


def test_what_she_books_is_in_the_calendar_once(chat, calendars, google, arrayan, within):  # noqa: F811
    chat.says("Hola, quiero una limpieza", "soy particular")
    chat.says("la primera")
    chat.says("Ana Quiroga, 30111222")
    row = chat.appointments[0]
    assert row.google_calendar_event_id == events.event_id(arrayan.pk, row.pk)
    with within(arrayan):
        calendar = next(one for one in calendars if one.professional_id == row.professional_id)
        pushes.push(calendar_id=calendar.pk)
        assert CalendarPush.objects.count() == 1
    assert [one["id"] for one in google.events(calendar.google_id)] == [row.google_calendar_event_id]


@pytest.mark.django_db(transaction=True)
def test_no_transaction_waits_for_google(chat, calendars, google):  # noqa: F811
    waiting, ours = [], connections["default"]

    def look(verb, path):
        waiting.append(ours.in_atomic_block)

    google.on_call = look
    chat.says("Hola, quiero una limpieza", "soy particular")
    google.on_call = None
    assert waiting == [False, False]
