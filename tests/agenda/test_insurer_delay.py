"""Row 10 of the failures: one earliest day for who pays by an insurer that delays, on every way to a visit."""
from datetime import timedelta

import pytest

from agenda import booking, waitlist
from agenda.models import Appointment
from clinics.access import receptionist
from clinics.patients import insurance
from clinics.patients.models import Coverage
from tests.agenda.conftest import TUESDAY, ZONE, at
from tests.agenda.factories import PatientFactory, TreatmentFactory, UsualChairFactory
from tests.factories import ProfessionalFactory
from tests.patients.factories import InsurerFactory

EARLIEST = TUESDAY + timedelta(days=6)  # Monday 30/11


@pytest.fixture
def insured(scene):
    """Whose insurer delays this treatment by six days, and any other by two."""
    osde = InsurerFactory(name="OSDE", aliases=["osde 210"], delay_days=2)
    Coverage.objects.create(insurer=osde, treatment_code=scene.treatment.code, delay_days=6)
    return PatientFactory(insurance="Osde 210")


def the_day_before(hour=15):
    return at(hour, day=EARLIEST - timedelta(days=3))  # the Friday: the weekend is closed


def book(scene, patient, start_at):
    return scene.book(start_at, patient=patient)


def book_by_chat(scene, patient, start_at):
    asked = {"professional": scene.professional, "treatment": scene.treatment, "holder": "conversation:7",
             "start_at": start_at, "by": receptionist(7)}
    booking.hold(**asked, insurer=insurance.payer(patient))
    return booking.book(patient=patient, **asked)


def book_what_the_desk_holds(scene, patient, start_at):
    """Held before anybody said for whom."""
    scene.hold(start_at, holder="user:1")
    return scene.book(start_at, patient=patient, holder="user:1")


def move(scene, patient, start_at):
    row = scene.book(at(15, day=EARLIEST + timedelta(days=9)), patient=patient, professional=ProfessionalFactory())
    return booking.move(appointment=row, start_at=start_at, professional=scene.professional, by=scene.by)


def take_what_is_offered_to_who_waits(scene, patient, start_at):
    entry = waitlist.join(patient=patient, treatment=scene.treatment, by=scene.by)
    offer = waitlist.offer(entry=entry, professional=scene.professional, start_at=start_at, by=scene.by)
    return waitlist.accept(offer=offer, by=scene.by)


WAYS = [book, book_by_chat, book_what_the_desk_holds, move, take_what_is_offered_to_who_waits]


@pytest.mark.parametrize("way", WAYS)
def test_no_way_is_sooner(scene, insured, way):
    with pytest.raises(booking.TooSoon, match="Con OSDE, ese tratamiento se da desde el 30/11."):
        way(scene, insured, the_day_before())
    assert not Appointment.objects.filter(start_at=the_day_before(), patient=insured).exists()
    later = PatientFactory(insurance="la osde")
    assert way(scene, later, at(9, day=EARLIEST)).start_at == at(9, day=EARLIEST)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("insurance", ["", "particular", "Una que no está"])
def test_who_pays_themselves_waits_for_nobody(scene, insured, way, insurance):
    assert way(scene, PatientFactory(insurance=insurance), the_day_before())


def test_the_notice_is_said_as_the_notice(scene, insured):
    with pytest.raises(booking.TooSoon, match="ya pasó o está demasiado cerca"):
        scene.book(at(13), patient=insured)


def test_another_treatment_has_the_insurers_own_delay(scene, insured):
    other = TreatmentFactory()
    with pytest.raises(booking.TooSoon, match="desde el 26/11"):
        scene.book(at(15, day=TUESDAY + timedelta(days=1)), patient=insured, treatment=other)
    assert scene.book(at(15, day=TUESDAY + timedelta(days=2)), patient=insured, treatment=other)


def test_what_is_urgent_waits_for_no_insurer(scene, insured):
    assert scene.book(at(15), patient=insured, urgency="urgent")


def test_what_the_patient_says_of_today_counts_before_what_their_row_says(scene, insured):
    assert scene.book(the_day_before(), patient=insured, insurer=None)


def test_a_visit_that_has_waited_moves_within_its_day_and_to_later_ones(scene, insured):
    """Counted from today it could not even be dragged by half an hour, days after it was given."""
    row = scene.book(at(15, day=EARLIEST), patient=insured)
    scene.clock.move_to(at(9, day=EARLIEST - timedelta(days=3)))
    for start_at in (at(15, 30, day=EARLIEST), at(10, day=EARLIEST + timedelta(days=1))):
        row = booking.move(appointment=row, start_at=start_at, by=scene.by)
    with pytest.raises(booking.TooSoon, match="Con OSDE, ese tratamiento se da desde el 01/12."):
        booking.move(appointment=row, start_at=at(15, day=EARLIEST), by=scene.by)
    with pytest.raises(booking.TooSoon):  # for another visit it begins anew
        scene.book(at(15, day=EARLIEST), patient=insured)


def test_the_search_for_a_move_names_what_the_move_takes(scene, insured):
    row = scene.book(at(15, day=EARLIEST), patient=insured)
    scene.clock.move_to(at(9, day=EARLIEST - timedelta(days=3)))
    found = scene.find(
        EARLIEST - timedelta(days=3), EARLIEST + timedelta(days=14), exclude=row.pk, had=row.start_at,
        insurer=insurance.payer(insured))
    days = sorted({one.start_at.astimezone(ZONE).date() for one in found})
    assert days[0] == EARLIEST
    assert booking.move(appointment=row, start_at=found[0].start_at, by=scene.by).start_at == at(9, day=EARLIEST)


def test_what_is_named_in_place_of_what_was_lost_is_no_sooner(scene, insured):
    scene.book(at(9, day=EARLIEST), patient=PatientFactory())
    with pytest.raises(booking.SlotTaken) as refused:
        scene.book(at(9, day=EARLIEST), patient=insured)
    assert min(one.start_at for one in refused.value.openings) == at(9, 30, day=EARLIEST)


def test_a_chair_makes_no_difference(scene, insured):
    UsualChairFactory(professional=scene.professional)
    with pytest.raises(booking.TooSoon):
        scene.book(the_day_before(), patient=insured)


@pytest.fixture
def clinic(arrayan, bosque, within, people, frozen):
    with within(arrayan):
        professional = people["professional"].professional
        professional.treatment = TreatmentFactory()
        InsurerFactory(name="OSDE", delay_days=6)
        professional.patient = PatientFactory(insurance="OSDE")
    return professional


def test_the_api_searches_for_a_patient_and_refuses_what_it_does_not_name(api_as, clinic, strangers):
    api, url = api_as("secretary"), "/api/v1/availability"
    asked = {"treatment": clinic.treatment.pk, "professional": clinic.pk, "from": str(TUESDAY),
             "to": str(TUESDAY + timedelta(days=9))}

    def first(**more):
        return api.get(url, asked | more).json()["results"][0]["start_at"]

    assert first() == "2026-11-24T14:00:00-03:00"
    assert first(patient=clinic.patient.pk) == "2026-11-30T09:00:00-03:00"
    body = {"patient": clinic.patient.pk, "professional": clinic.pk, "treatment": clinic.treatment.pk}
    refused = api.post("/api/v1/appointments", body | {"start_at": first()})
    assert (refused.status_code, refused.json()["code"]) == (409, "too_soon")
    assert "desde el 30/11" in refused.json()["detail"]
    visit = api.post("/api/v1/appointments", body | {"start_at": first(patient=clinic.patient.pk)}).json()
    assert first(exclude=visit["id"]) == "2026-11-30T09:00:00-03:00"  # whose it is, the visit says
    for pk in (2**40, 0):
        assert "patient" in api.get(url, asked | {"patient": pk}).json()["fields"]
    other = api_as("ceo", strangers["ceo"]).get(url, asked | {"patient": clinic.patient.pk})
    assert other.status_code == 400
    assert {"treatment", "patient"} & set(other.json()["fields"])


def test_the_desk_reads_from_when_it_is(client_as, clinic):
    page = client_as("secretary").post("/agenda/new", {
        "patient": clinic.patient.pk, "professional": clinic.pk, "treatment": clinic.treatment.pk,
        "day": "2026-11-25", "hour": "10:00"})
    assert page.status_code == 409
    assert "Con OSDE, ese tratamiento se da desde el 30/11." in page.content.decode()
