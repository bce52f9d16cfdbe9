"""Rows 5, 9, 12, 13, 14, 21 and 22 of the failures, on every way to a visit: what one way refuses, all refuse; looking
writes nothing; a day and an hour are the same wherever they are read and shown."""
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import formats

from agenda import booking, waitlist
from agenda.models import Appointment, WaitlistEntry
from clinics import professionals, tenancy
from clinics.access import SYSTEM, Actor
from clinics.patients.models import Patient
from messaging import waiting
from tests.agenda.conftest import TUESDAY, at, hours
from tests.agenda.factories import AppointmentFactory, PatientFactory, TreatmentFactory, TreatmentProfessionalFactory
from tests.agenda.pdf import Pdf
from tests.factories import ProfessionalFactory

CEO = Actor(kind="staff", role="ceo", holder="user:1")
THURSDAY = TUESDAY + timedelta(days=2)
FAR = TUESDAY + timedelta(days=16)  # a Thursday


@pytest.fixture
def clinic(arrayan, bosque, within, people, frozen):
    with within(arrayan):
        professional = people["professional"].professional
        professional.treatment, professional.patient = TreatmentFactory(), PatientFactory(last_name="Quiroga")
    return professional


class Ways:
    """Each way to ask for a start: `(status of the refusal or None, code)`."""

    def __init__(self, clinic, client, api, inside):
        self.clinic, self.client, self.api, self.inside = clinic, client, api, inside

    def verb(self, call):
        with self.inside:
            try:
                with tenancy.atomic():
                    call()
                    raise InterruptedError  # nothing of it stays: the next way asks of the same agenda
            except InterruptedError:
                return "done"
            except booking.SlotTaken:
                return "slot_taken"
            except Exception as refusal:  # noqa: BLE001  (whatever it is, its name is compared)
                return getattr(refusal, "code", repr(refusal))

    def hold(self, start_at):
        return self.verb(lambda: booking.hold(
            professional=self.clinic, treatment=self.clinic.treatment, start_at=start_at, holder="conversation:1",
            by=SYSTEM))

    def book(self, start_at):
        return self.verb(lambda: booking.book(
            patient=self.clinic.patient, professional=self.clinic, treatment=self.clinic.treatment, start_at=start_at,
            by=SYSTEM))

    def overbook(self, start_at):
        return self.verb(lambda: booking.book(
            patient=self.clinic.patient, professional=self.clinic, treatment=self.clinic.treatment, start_at=start_at,
            overbook_reason="Dolor", by=SYSTEM))

    def offer_to_who_waits(self, start_at):
        def call():
            entry = waitlist.join(patient=self.clinic.patient, treatment=self.clinic.treatment, by=SYSTEM)
            waitlist.offer(entry=entry, professional=self.clinic, start_at=start_at, by=SYSTEM)

        return self.verb(call)

    def move(self, start_at):
        def call():
            row = AppointmentFactory(
                professional=self.clinic, treatment=self.clinic.treatment, start_at=at(16, day=FAR))
            booking.move(appointment=row, start_at=start_at, by=SYSTEM)

        return self.verb(call)

    def by_the_api(self, start_at):
        answer = self.api.post("/api/v1/appointments", {
            "patient": self.clinic.patient.pk, "professional": self.clinic.pk, "treatment": self.clinic.treatment.pk,
            "start_at": start_at.isoformat()})
        return answer.json().get("code", "done")

    def on_the_page(self, start_at):
        answer = self.client.post("/agenda/new", {
            "patient": self.clinic.patient.pk, "professional": self.clinic.pk, "treatment": self.clinic.treatment.pk,
            "day": f"{start_at:%Y-%m-%d}", "hour": f"{start_at:%H:%M}"})
        return {200: "done"}.get(answer.status_code) or answer.content.decode()


@pytest.fixture
def ways(clinic, client_as, api_as, arrayan, within):
    return Ways(clinic, client_as("secretary"), api_as("secretary"), within(arrayan))


WAYS = ["hold", "book", "overbook", "offer_to_who_waits", "move", "by_the_api", "on_the_page"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("start_at", "code", "words"), [
    (at(15, day=TUESDAY + timedelta(days=7)), "outside_hours", "no atiende en ese horario"),  # a Tuesday
    (at(10, day=THURSDAY), "outside_hours", "no atiende en ese horario"),
    (at(17, 45, day=THURSDAY), "outside_hours", "no atiende en ese horario"),  # its end is after closing
    (at(15, day=THURSDAY - timedelta(days=7)), "too_soon", "ya pasó"),
    (at(15, day=TUESDAY + timedelta(days=366)), "beyond_horizon", "Todavía no se dan turnos"),
    (at(15, day=THURSDAY), "done", ""),
])
def test_one_set_of_hours_on_every_way(ways, clinic, arrayan, within, way, start_at, code, words):
    """Row 5: Mondays and Thursdays from 14 to 18, never a Tuesday, never at 10."""
    with within(arrayan):
        professionals.change(professional=clinic, by=CEO, working_hours=hours(mon="14:00-18:00", thu="14:00-18:00"))
    said = getattr(ways, way)(start_at)
    assert said == code or (way == "on_the_page" and words and words in said), said


@pytest.mark.parametrize("way", WAYS)
def test_nobody_comes_within_the_notice(ways, way):
    """Row 9: two hours, on every way."""
    said = getattr(ways, way)(at(13, 45))
    assert said == "too_soon" or (way == "on_the_page" and "demasiado cerca" in said), said


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("change", ["the treatment is off", "somebody else's treatment", "they stopped attending"])
def test_what_is_not_bookable_is_so_on_every_way(ways, clinic, arrayan, within, way, change):
    """Row 12: every refusal of `book` is one of `move`."""
    with within(arrayan):
        if change == "the treatment is off":
            type(clinic.treatment).objects.filter(pk=clinic.treatment.pk).update(active=False)
            clinic.treatment.active = False
        elif change == "somebody else's treatment":
            TreatmentProfessionalFactory(treatment=clinic.treatment)
        else:
            professionals.change(professional=clinic, by=CEO, active=False)
    said = getattr(ways, way)(at(15, day=THURSDAY))
    if way == "on_the_page" and change != "somebody else's treatment":
        assert "Escoja una opción válida" in said or "Elegí" in said or "aria-invalid" in said
    else:
        assert said == "not_bookable" or "No se puede reservar ese tratamiento" in said, said


@pytest.mark.parametrize("minutes", [20, 90])
def test_a_visit_moves_with_the_length_of_its_treatment(scene, minutes):
    """Row 12: not with a fixed one."""
    row = scene.book(at(14), treatment=TreatmentFactory(minutes=minutes))
    last = at(19) - timedelta(minutes=minutes)
    last -= timedelta(minutes=last.minute % 15)
    moved = booking.move(appointment=row, start_at=last, by=scene.by)
    assert moved.end_at - moved.start_at == timedelta(minutes=minutes)
    with pytest.raises(booking.OutsideHours):
        booking.move(appointment=row, start_at=last + timedelta(minutes=15), by=scene.by)


def test_a_visit_of_nobody_is_no_row(here):
    """Row 13: it would block nobody's time."""
    row = AppointmentFactory()
    with pytest.raises(IntegrityError, match="professional_id"), transaction.atomic():
        Appointment.objects.filter(pk=row.pk).update(professional=None)


LOOKED_AT = [
    "/agenda/", "/agenda/feed?first={day}&last={day}", "/agenda/finder?treatment={treatment}&when=jueves",
    "/agenda/{visit}/reschedule?when=jueves", "/agenda/panel/{visit}", "/agenda/list?day={day}",
    "/agenda/month?day={day}",
    "/agenda/print?day={day}", "/agenda/waitlist/", "/agenda/waitlist/rows", "/agenda/waitlist/{entry}/openings",
    "/agenda/waiting", "/agenda/room", "/agenda/outside", "/agenda/new?start={day}T15:00",
    "/api/v1/availability?treatment={treatment}&from={day}&to={day}", "/api/v1/waitlist",
    "/api/v1/waitlist/{entry}/openings", "/api/v1/appointments?from={day}",
]


@pytest.mark.parametrize("url", LOOKED_AT)
def test_looking_writes_no_row_of_the_agenda(client_as, clinic, arrayan, within, owner, url):
    """Row 14: reading availability created rows, twins among them."""
    with within(arrayan):
        booking.hold(professional=clinic, treatment=clinic.treatment, start_at=at(17, day=THURSDAY),
                     holder="user:9", by=SYSTEM)
        visit = booking.book(patient=clinic.patient, professional=clinic, treatment=clinic.treatment,
                             start_at=at(15, day=THURSDAY), by=SYSTEM)
        entry = waitlist.join(patient=PatientFactory(), treatment=clinic.treatment, by=SYSTEM)
        later = booking.book(patient=entry.patient, professional=clinic, treatment=clinic.treatment,
                             start_at=at(16, day=FAR), by=SYSTEM)
        Appointment.objects.filter(held_for="user:9").update(held_until=at(11))
        tables = ["appointments", "freed_times", "waitlist_entries", "waitlist_offers", "closures", "calendar_events"]

        def rows():
            from django.db import connection
            with connection.cursor() as cursor:
                found = []
                for table in tables:
                    cursor.execute(f"SELECT xmin::text, * FROM {table} ORDER BY id")
                    found.append(cursor.fetchall())
            return found

        before = rows()
    answer = client_as("ceo").get(url.format(
        day=THURSDAY, treatment=clinic.treatment.pk, visit=visit.pk, entry=entry.pk))
    assert answer.status_code == 200, answer.content[-400:]
    with within(arrayan):
        assert rows() == before
    assert later.pk


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("written", ["12/05/2027", "2027-05-12"])
def test_a_written_day_is_that_day_on_every_form(client_as, clinic, arrayan, within, language, written):
    """Row 21: day first for people, whatever language the page is in; ISO untouched."""
    type(arrayan).objects.filter(pk=arrayan.pk).update(horizon_days=365)
    client = client_as("ceo")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    asked = {"patient": clinic.patient.pk, "professional": clinic.pk, "treatment": clinic.treatment.pk}
    answer = client.post("/agenda/new", asked | {"day": written, "hour": "15:00"})
    assert answer.status_code == 200, answer.content.decode()[-600:]
    client.post("/agenda/waitlist/join", asked | {"until_on": written})
    client.post("/patients/new/", {
        "first_name": "Carla", "last_name": "Paz", "document_type": "DNI", "phone": "341 555-0139",
        "birth_on": written.replace("2027", "1990")})
    page = client.get("/agenda/finder", {"treatment": clinic.treatment.pk, "when": written}).content.decode()
    assert "2027-05-12T" in page
    with within(arrayan):
        assert Appointment.objects.get().start_at == at(15, day=date(2027, 5, 12))
        assert WaitlistEntry.objects.get().until_on == date(2027, 5, 12)
        assert Patient.objects.get(last_name="Paz").birth_on == date(1990, 5, 12)


def test_a_program_says_days_as_iso_alone(api_as, clinic):
    for day in ("12/05/2027", "05/12/2027"):
        asked = {"treatment": clinic.treatment.pk, "from": day, "to": day}
        assert api_as("secretary").get("/api/v1/availability", asked).status_code == 400


@pytest.mark.parametrize(("zone", "offset"), [
    ("America/Argentina/Buenos_Aires", 3), ("America/New_York", 5), ("Europe/Madrid", -1)])
def test_one_hour_wherever_it_is_shown(client_as, api_as, clinic, arrayan, within, zone, offset):
    """Row 22: 15:00 of the clinic's clock is one instant in the row, and 15:00 on the page, in print, in the message
    and in a program's answer."""
    type(arrayan).objects.filter(pk=arrayan.pk).update(timezone=zone)
    client, day = client_as("ceo"), str(THURSDAY)
    page = client.post("/agenda/new", {
        "patient": clinic.patient.pk, "professional": clinic.pk, "treatment": clinic.treatment.pk, "day": day,
        "hour": "15:00"}).content.decode()
    assert "15:00" in page
    with within(arrayan):
        row = Appointment.objects.get()
        assert (row.start_at.utctimetuple().tm_hour - offset) % 24 == 15
        entry = waitlist.join(patient=PatientFactory(), treatment=clinic.treatment, by=SYSTEM)
        offer = waitlist.offer(entry=entry, professional=ProfessionalFactory(), start_at=row.start_at, by=SYSTEM)
        text = waiting._text(offer)
    assert f"{formats.date_format(THURSDAY, 'l j/n').lower()} a las 15:00" in text
    shown = api_as("secretary").get(f"/api/v1/appointments/{row.pk}").json()["start_at"]
    assert shown.startswith(f"{day}T15:00:00")
    for url in (f"/agenda/panel/{row.pk}", f"/agenda/list?day={day}", "/agenda/waitlist/rows"):
        assert "15:00" in client.get(url).content.decode(), url
    feed = client.get("/agenda/feed", {"first": day, "last": day}).content.decode()
    assert f"{day} 15:00:00" in feed
    printed = client.get("/agenda/print", {"day": day})
    rows = Pdf(b"".join(printed.streaming_content) if printed.streaming else printed.content).rows()
    assert any("15:00" in cell for cells in rows for cell in cells)
