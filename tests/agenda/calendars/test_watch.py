"""Google's notices: which are believed, what they set going, and channels that never end."""
from datetime import timedelta

import pytest
from django.test import Client, override_settings

from agenda.calendars import pulling, watch
from agenda.models import CalendarChannel
from dentalogic.lib import clock
from tests.agenda.calendars.conftest import again, connect

LAURA = "laura@clinica.example"


@pytest.fixture(autouse=True)
def _reachable():
    with override_settings(PUBLIC_URL="https://clinica.example"):
        yield


@pytest.fixture
def watched(agenda):
    agenda.pulled()
    watch.renew(calendar_id=agenda.calendar.pk)
    agenda.channel = CalendarChannel.objects.get()
    agenda.path = f"/webhooks/google/{agenda.calendar.public_id}"
    agenda.clock.shift(timedelta(seconds=1))
    return agenda


def test_a_channel_is_opened_at_our_address_with_a_token_that_is_not_kept(watched):
    kept = watched.google.channels[watched.channel.channel_id]
    assert kept["address"] == f"https://clinica.example/webhooks/google/{watched.calendar.public_id}"
    assert len(kept["token"]) >= 32 and kept["token"] not in str(CalendarChannel.objects.values())
    assert watched.channel.expires_at - clock.now() > timedelta(days=6) and watched.channel.resource_id


def test_a_notice_sets_a_pull_going(watched):
    assert pulling.due() == []
    response = Client().post(watched.path, **watched.google.notice(watched.channel.channel_id))
    assert response.status_code == 200 and pulling.due() == [watched.calendar.pk]
    assert again(watched.channel).heard_at


def test_the_first_notice_only_says_that_it_is_open(watched):
    response = Client().post(watched.path, **watched.google.notice(watched.channel.channel_id, "sync"))
    assert response.status_code == 200 and pulling.due() == []


@pytest.mark.parametrize("changed", [
    {"X-Goog-Channel-Token": "guess"}, {"X-Goog-Channel-Token": ""}, {"X-Goog-Channel-ID": "other"},
    {"X-Goog-Channel-ID": ""}])
def test_who_does_not_prove_it_is_not_believed(watched, changed):
    headers = watched.google.notice(watched.channel.channel_id, **changed)
    assert Client().post(watched.path, **headers).status_code == 401
    assert pulling.due() == []


def test_one_calendars_token_opens_no_other(watched):
    other = connect(watched.google, "bruno@clinica.example")
    headers = watched.google.notice(watched.channel.channel_id)
    assert Client().post(f"/webhooks/google/{other.public_id}", **headers).status_code == 401
    assert Client().post("/webhooks/google/6f1d3a52-0c0e-4b52-9b62-3c1c5c9d2e11", **headers).status_code == 404
    assert Client().get(watched.path, **headers).status_code == 405


def test_a_channel_that_has_ended_is_not_believed(watched):
    headers = watched.google.notice(watched.channel.channel_id)
    watched.clock.shift(timedelta(days=8))
    assert Client().post(watched.path, **headers).status_code == 401
    watch.forget_expired()
    assert CalendarChannel.objects.count() == 0


def test_the_next_is_opened_before_the_last_ends_and_that_one_is_closed(watched):
    assert watch.due() == []
    watched.clock.shift(timedelta(days=6, hours=1))
    assert watch.due() == [watched.calendar.pk]
    watch.renew(calendar_id=watched.calendar.pk)
    row = CalendarChannel.objects.get()
    assert row.channel_id != watched.channel.channel_id
    assert watched.google.stopped == [watched.channel.channel_id] and watch.due() == []


def test_two_jobs_open_one_channel(watched):
    watched.clock.shift(timedelta(days=6, hours=1))
    for _time in range(2):
        watch.renew(calendar_id=watched.calendar.pk)
    assert CalendarChannel.objects.count() == 1 and watched.google.count("POST", "/events/watch") == 2


@pytest.mark.parametrize("trouble", [500, (403, "forbidden"), 404])
def test_one_that_cannot_be_watched_is_pulled_all_the_same(agenda, trouble, settings):
    agenda.google.script.append(trouble)
    watch.renew(calendar_id=agenda.calendar.pk)
    assert CalendarChannel.objects.count() == 0 and again(agenda.calendar).is_active
    agenda.pulled()
    agenda.clock.shift(timedelta(seconds=settings.GOOGLE_PULL_SECONDS + 1))
    assert pulling.due() == [agenda.calendar.pk]


def test_a_watched_calendar_is_pulled_more_seldom(watched, settings):
    watched.pulled()
    watched.clock.shift(timedelta(seconds=settings.GOOGLE_PULL_SECONDS + 1))
    assert pulling.due() == []
    watched.clock.shift(pulling.WATCHED)
    assert pulling.due() == [watched.calendar.pk]


@override_settings(PUBLIC_URL="http://localhost:8000", GOOGLE_API_BASE="https://www.googleapis.com/calendar/v3/")
def test_where_google_could_not_reach_us_nothing_is_watched(agenda):
    assert watch.address(agenda.calendar) == "" and watch.due() == []
