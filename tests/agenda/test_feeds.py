"""The calendar feed: what it says and does not say, who may make and end its address, and whom it serves."""
from datetime import UTC, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from agenda import feeds
from agenda.models import Appointment
from clinics import limits
from clinics.models import Membership, Professional, PublicRoute, SystemEvent
from tests.agenda.conftest import TUESDAY, at
from tests.agenda.factories import AppointmentFactory, TreatmentFactory
from tests.factories import ProfessionalFactory
from tests.patients.factories import PatientFactory


@pytest.fixture(autouse=True)
def _at_noon(noon, settings):
    settings.RATELIMIT_ENABLE = False
    with time_machine.travel(noon, tick=False):
        yield


@pytest.fixture
def mine(arrayan, bosque, within, people, strangers):
    """The professional of Arrayán with one visit; Bosque has one of the same hour."""
    with within(bosque):
        AppointmentFactory(patient=PatientFactory(last_name="Bosquesa"), start_at=at(16),
                           professional=strangers["professional"].professional)
    with within(arrayan):
        one = people["professional"].professional
        one.visit = AppointmentFactory(
            patient=PatientFactory(first_name="Norma", last_name="Quiroga", phone="341 555-0139", dni="30555014"),
            professional=one, treatment=TreatmentFactory(name="Endodoncia"), start_at=at(16), reason="Dolor agudo",
            note="Nota secreta")
    return one


@pytest.fixture
def address(arrayan, within, mine, people):
    def make(professional=None):
        with within(arrayan):
            return feeds.make(professional=professional or mine, by=people["ceo"].actor)

    return make


def read(address, status=200):
    response = Client().get(f"/calendar/{address}.ics")
    assert response.status_code == status, response.content.decode()[-500:]
    return response


def events(address):
    return list(Calendar.from_ical(read(address).content).walk("VEVENT"))


def test_it_says_when_and_a_first_name_and_no_more(address, mine):
    response = read(address())
    body = response.content.decode()
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in response["Cache-Control"]
    (one,) = Calendar.from_ical(body).walk("VEVENT")
    assert str(one["SUMMARY"]) == "Turno · Norma Q."
    assert (one.decoded("DTSTART"), one.decoded("DTEND")) == (at(16).astimezone(UTC), at(16, 30).astimezone(UTC))
    assert "DTSTART:20261124T190000Z" in body
    for secret in ("Quiroga", "Endodoncia", "Dolor", "Nota", "555", "30555014", "Bosquesa"):
        assert secret not in body


def test_the_last_change_is_told_and_what_was_cancelled_is_gone(address, arrayan, within, mine):
    where = address()
    assert (events(where)[0]["SEQUENCE"], str(events(where)[0]["STATUS"])) == (1, "TENTATIVE")
    uid = str(events(where)[0]["UID"])
    with within(arrayan):
        Appointment.objects.filter(pk=mine.visit.pk).update(
            start_at=at(17), end_at=at(18), version=2, status="confirmed")
    (moved,) = events(where)
    assert (str(moved["UID"]), moved["SEQUENCE"], str(moved["STATUS"])) == (uid, 2, "CONFIRMED")
    assert moved.decoded("DTSTART") == at(17).astimezone(UTC)
    for status, patch in (("cancelled", {}), ("no_show", {})):
        with within(arrayan):
            Appointment.objects.filter(pk=mine.visit.pk).update(status=status, **patch)
        assert events(where) == []


def test_it_holds_what_is_near_and_only_the_professionals(address, arrayan, within, mine):
    with within(arrayan):
        AppointmentFactory(patient=PatientFactory(), professional=ProfessionalFactory(), start_at=at(17))
        for days in (-60, 400):
            AppointmentFactory(patient=PatientFactory(), professional=mine, start_at=at(10) + timedelta(days=days))
        Appointment.objects.filter(pk=AppointmentFactory(
            professional=mine, patient=PatientFactory(), start_at=at(18)).pk).update(
            status="held", held_until=at(19), held_for="x", patient=None)
    assert len(events(address())) == 1


def test_a_new_address_ends_the_one_before_and_revoking_ends_it(address, arrayan, within, mine, people):
    first, second = address(), address()
    assert first != second
    assert len(first) >= 43
    read(first, 404)
    read(second)
    with within(arrayan):
        feeds.revoke(professional=mine, by=people["ceo"].actor)
        names = list(SystemEvent.objects.filter(event__startswith="feed.").values_list("event", flat=True))
    read(second, 404)
    assert sorted(names) == ["feed.made", "feed.made", "feed.revoked"]
    assert not PublicRoute.objects.filter(kind=feeds.KIND).exists()


@pytest.mark.parametrize("wrong", ["x", "a" * 43, "..", "%00", "é"])
def test_an_address_that_leads_nowhere_is_not_found(mine, wrong):
    read(wrong, 404)


def test_who_left_takes_no_address_along(address, arrayan, within, mine):
    where = address()
    with within(arrayan):
        Membership.objects.filter(pk=mine.membership_id).update(status="suspended")
    read(where, 404)
    with within(arrayan):
        Membership.objects.filter(pk=mine.membership_id).update(status="active")
        Professional.objects.filter(pk=mine.pk).update(active=False)
    read(where, 404)


def test_who_gets_another_role_takes_no_address_along(address, arrayan, within, mine):
    theirs = address()
    with within(arrayan):
        Membership.objects.filter(pk=mine.membership_id).update(role="setter")
    read(theirs, 404)


def test_only_the_digest_is_kept_and_the_address_is_shown_once(client_as, mine):
    client = client_as("professional")
    page = client.post(f"/agenda/feeds/{mine.pk}/make").content.decode()
    shown = page.split("/calendar/")[1].split(".ics")[0]
    read(shown)
    assert shown not in client.get("/agenda/feeds").content.decode()
    assert shown not in str(list(PublicRoute.objects.values()))


def test_a_professional_has_their_own_and_the_ceo_all(client_as, arrayan, within, mine):
    with within(arrayan):
        other = ProfessionalFactory(last_name="Duarte")
    client = client_as("professional")
    assert "Duarte" not in client.get("/agenda/feeds").content.decode()
    assert client.post(f"/agenda/feeds/{other.pk}/make").status_code == 404
    assert client.post(f"/agenda/feeds/{other.pk}/revoke").status_code == 404
    assert "Duarte" in client_as("ceo").get("/agenda/feeds").content.decode()
    assert client_as("ceo").post(f"/agenda/feeds/{other.pk}/make").status_code == 200
    for role in ("secretary", "setter", "closer"):
        assert client_as(role).get("/agenda/feeds").status_code == 403
        assert client_as(role).post(f"/agenda/feeds/{mine.pk}/make").status_code == 403


def test_another_clinics_professional_is_nobody(client_as, strangers, mine, address):
    where = address()
    client = client_as("ceo", strangers["ceo"])
    for verb in ("make", "revoke"):
        assert client.post(f"/agenda/feeds/{mine.pk}/{verb}").status_code == 404
    read(where)


def test_whoever_tries_addresses_is_slowed_down(mine, settings, monkeypatch):
    settings.RATELIMIT_ENABLE = True
    monkeypatch.setitem(limits.RATES, "feed", limits.Rate(2))
    client = Client(REMOTE_ADDR="203.0.113.77")
    statuses = [client.get(f"/calendar/{'a' * 43}.ics").status_code for _try in range(3)]
    assert statuses == [404, 404, 429]


def test_the_questions_do_not_grow_with_the_rows(address, arrayan, within, mine):
    where = address()

    def asked():
        with CaptureQueriesContext(connection) as queries:
            read(where)
        return len(queries)

    one = asked()
    with within(arrayan):
        for days in range(1, 31):
            AppointmentFactory(patient=PatientFactory(), professional=mine,
                               start_at=at(10, day=TUESDAY) + timedelta(days=days))
    assert asked() == one
