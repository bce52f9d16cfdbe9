"""The list, its print, the search and the month: one answer in the clinic's days, whoever asks."""
import json
import re
from datetime import date, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agenda import listing, printing
from agenda.models import Appointment, Closure
from clinics.patients.models import Patient
from tests.agenda.conftest import at
from tests.agenda.factories import AppointmentFactory, ChairFactory, TreatmentFactory
from tests.agenda.pdf import Pdf
from tests.factories import ProfessionalFactory
from tests.patients.factories import PatientFactory

MONDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 29)
WEEK = {"first": str(MONDAY), "last": str(SUNDAY)}


@pytest.fixture(autouse=True)
def _at_noon(noon):
    with time_machine.travel(noon, tick=False):
        yield


@pytest.fixture
def clinic(arrayan, bosque, within, people, strangers):
    """A week with a visit on its first and on its last minute, one before and one after; Bosque has one too."""
    with within(bosque):
        AppointmentFactory(patient=PatientFactory(last_name="Bosquesa"), start_at=at(16))
    with within(arrayan):
        mine, treatment = people["professional"].professional, TreatmentFactory(name="Limpieza", minutes=15)
        for name, day, hour in (
                ("Antes", MONDAY - timedelta(days=1), (23, 45)), ("Primera", MONDAY, (0, 0)),
                ("Quiroga", date(2026, 11, 24), (16, 0)), ("Ultima", SUNDAY, (23, 45)),
                ("Despues", SUNDAY + timedelta(days=1), (0, 0))):
            AppointmentFactory(
                patient=PatientFactory(first_name="Ana", last_name=name), professional=mine, treatment=treatment,
                start_at=at(*hour, day=day))
    return mine


@pytest.fixture
def printed(monkeypatch):
    """What was handed to the typesetter: for what a page has besides its rows."""
    pages = []
    compiled = printing.typst.compile

    def keep(template, **asked):
        pages.append(json.loads(asked["sys_inputs"]["data"]))
        return compiled(template, **asked)

    monkeypatch.setattr(printing.typst, "compile", keep)
    return pages


def text(response, status=200):
    assert response.status_code == status, response.content.decode()[-900:]
    return response.content.decode()


def of_screen(page):
    """`(hour, patient)` of each row of the list, in order."""
    rows = re.findall(r"<tr[^>]*data-row=.*?</tr>", page, re.DOTALL)
    return [(re.search(r'class="b">([\d:]+)<span class="mut">–([\d:]+)', row).groups(),
             re.search(r"data-appointment=\"\d+\">([^<]+)<", row).group(1)) for row in rows]


def of_print(answer):
    """The same of the document itself, as whoever opens it reads it."""
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return [(tuple(cells[0].split("–")), cells[1]) for cells in Pdf(answer.content).rows()]


def test_a_weeks_print_is_the_list_last_day_included(client_as, clinic, printed):
    client = client_as("secretary")
    screen = of_screen(text(client.get("/agenda/list", WEEK)))
    answer = client.get("/agenda/print", WEEK)
    assert answer["Cache-Control"] == "no-store"
    assert [name for _hours, name in screen] == ["Ana Primera", "Ana Quiroga", "Ana Ultima"]
    assert of_print(answer) == screen
    assert Pdf(answer.content).headings() == ["Lunes 23/11", "Martes 24/11", "Domingo 29/11"]
    assert printed[0]["title"] == "Semana del 23/11 al 29/11"


def test_every_cell_of_the_print_is_on_the_screen(client_as, clinic, arrayan, within):
    """Two pages of rows, each with its state, treatment, professional, chair, telephone and origin."""
    with within(arrayan):
        chair = ChairFactory(name="Sillón 9")
        for n in range(48):
            who = PatientFactory(last_name=f"Fila {chr(65 + n // 26)}{chr(65 + n % 26)}", phone=f"+54934155501{n:02d}")
            AppointmentFactory(
                patient=who, chair=chair, professional=clinic, treatment=TreatmentFactory(minutes=15),
                status="confirmed", start_at=at(6 + n // 4, n % 4 * 15, day=SUNDAY))
    client = client_as("secretary")
    page, rows = text(client.get("/agenda/list", WEEK)), Pdf(client.get("/agenda/print", WEEK).content).rows()
    on_screen = re.findall(r"<tr[^>]*data-row=.*?</tr>", page, re.DOTALL)
    assert len(rows) == len(on_screen) == 51
    for cells, seen in zip(rows, on_screen, strict=True):
        seen = unescape(re.sub(r"<[^>]+>", "", seen))
        assert [cell for cell in cells if cell not in seen] == []


@pytest.mark.parametrize("zone", ["Europe/Madrid", "America/Los_Angeles", "Pacific/Kiritimati"])
def test_print_and_list_keep_the_clinics_clock(client_as, clinic, arrayan, within, zone):
    with within(arrayan):
        arrayan.timezone = zone
        arrayan.save()
        start_at = datetime(2026, 11, 29, 23, 30, tzinfo=ZoneInfo(zone))
        AppointmentFactory(patient=PatientFactory(first_name="Zoe", last_name="Tarde"), start_at=start_at)
    client = client_as("ceo")
    screen = of_screen(text(client.get("/agenda/list", WEEK)))
    assert of_print(client.get("/agenda/print", WEEK)) == screen
    assert screen[-1] == (("23:30", screen[-1][0][1]), "Zoe Tarde")


def test_what_the_screen_filters_the_print_does_too(client_as, clinic, arrayan, within):
    with within(arrayan):
        chair, other = ChairFactory(name="Sillón 9"), ProfessionalFactory(last_name="Duarte")
        AppointmentFactory(patient=PatientFactory(last_name="Sola"), professional=other, chair=chair, start_at=at(10))
    client = client_as("secretary")
    for asked in ({"professional": other.pk}, {"chair": chair.pk}):
        screen = of_screen(text(client.get("/agenda/list", WEEK | asked)))
        assert [name for _hours, name in screen] == ["Carolina Sola"]
        assert of_print(client.get("/agenda/print", WEEK | asked)) == screen
    for nobody in ({"professional": "999999"}, {"chair": "x"}, {"professional": "9" * 40}):
        for url in ("/agenda/list", "/agenda/print", "/agenda/month"):
            assert client.get(url, WEEK | nobody).status_code == 404


def test_another_clinics_professional_and_chair_filter_nothing(client_as, clinic, bosque, within):
    with within(bosque):
        theirs, chair = ProfessionalFactory(), ChairFactory()
    client = client_as("ceo")
    for asked in ({"professional": theirs.pk}, {"chair": chair.pk}):
        assert client.get("/agenda/list", WEEK | asked).status_code == 404


def test_a_role_that_names_nobody_prints_nobody(client_as, clinic, printed):
    client = client_as("setter")
    assert client.get("/agenda/print", WEEK).status_code == 200
    assert printed[0]["days"] == []
    assert printed[0]["hidden"] == "Hay 3 turnos más que tu rol no nombra."
    assert of_screen(text(client.get("/agenda/list", WEEK | {"q": "Quiroga"}))) == []


def test_what_was_cancelled_is_struck_and_its_reason_is_for_who_may_know(client_as, clinic, arrayan, within, printed):
    with within(arrayan):
        Appointment.objects.filter(patient__last_name="Quiroga").update(status="cancelled", cancel_reason="Viaje")
    client_as("secretary").get("/agenda/print", WEEK)
    row = printed[0]["days"][1]["rows"][0]
    assert (row["cancelled"], row["cells"][2]) == (True, "Cancelado · Viaje")
    assert printed[0]["subtitle"] == "2 turnos"


@pytest.mark.parametrize("name", ['#import "/etc/passwd"', "*negrita*", "$x^2$", "= Título", '"\\', "<b>&amp;"])
def test_a_name_is_text_whatever_it_looks_like(client_as, clinic, arrayan, within, name):
    with within(arrayan):
        person = AppointmentFactory(patient=PatientFactory(), start_at=at(9)).patient
        Patient.objects.filter(pk=person.pk).update(first_name=name, last_name="Paz")
    assert (("09:00", "09:30"), f"{name} Paz") in of_print(client_as("secretary").get("/agenda/print", WEEK))


def test_an_empty_day_prints_that_it_is_empty(client_as, clinic, printed):
    client_as("secretary").get("/agenda/print", {"day": "2027-03-03"})
    assert (printed[0]["days"], printed[0]["empty"]) == ([], "No hay turnos.")


def test_the_search_finds_a_patients_visits_beyond_what_is_shown(client_as, clinic, arrayan, within):
    with within(arrayan):
        person = PatientFactory(first_name="Norma", last_name="Ibarra", dni="30555014")
        for days in (-200, 3, 200, 500):
            AppointmentFactory(patient=person, start_at=at(10) + timedelta(days=days))
    client = client_as("secretary")
    for words in ("ibar", "30555014", "norma iba"):
        page = text(client.get("/agenda/list", {"day": "2026-11-24", "q": words}))
        assert len(of_screen(page)) == 3
        assert "Martes 24/11" not in page
    page = text(client.get("/agenda/list", {"day": "2026-11-24", "q": "nadiesellama"}))
    assert "Nadie con turno coincide con “nadiesellama”." in page
    assert of_screen(text(client.get("/agenda/list", {"day": "2026-11-24", "q": "bosquesa"}))) == []


def test_the_month_counts_what_is_booked_and_says_why_a_day_is_closed(client_as, clinic, arrayan, within):
    with within(arrayan):
        Closure.objects.create(
            start_at=at(0, day=date(2026, 11, 26)), end_at=at(0, day=date(2026, 11, 27)), reason="Congreso")
    page = text(client_as("secretary").get("/agenda/month", {"day": "2026-11-10"}))
    cells = {match[0]: match[1] for match in re.findall(r'data-day="([\d-]+)".*?>(.*?)</td>', page, re.DOTALL)}
    assert 'data-label="Noviembre 2026"' in page
    assert 'data-summary="5 turnos"' in page
    assert min(cells) == "2026-10-26"
    assert max(cells) == "2026-12-06"
    assert "Día de la Soberanía Nacional" in cells["2026-11-23"]
    assert "<b>1</b>" in cells["2026-11-29"]
    assert "Cerrado" in cells["2026-11-26"]
    assert 'value="' in cells["2026-11-24"]
    assert "Quiroga" not in page


@pytest.mark.parametrize("url", ["/agenda/list", "/agenda/print", "/agenda/month", "/agenda/room"])
def test_the_questions_do_not_grow_with_the_rows(client_as, clinic, arrayan, within, url):
    client = client_as("secretary")

    def asked():
        client.get(url, WEEK)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url, WEEK).status_code == 200
        return len(queries)

    one = asked()
    with within(arrayan):
        for _n in range(30):
            AppointmentFactory(
                patient=PatientFactory(), professional=ProfessionalFactory(), start_at=at(10), chair=ChairFactory(),
                status="arrived", arrived_at=at(9))
    assert asked() == one


def test_the_room_says_who_waits_who_sits_and_who_left(client_as, clinic, arrayan, within):
    with within(arrayan):
        for name, status, stamps in (
                ("Espera", "arrived", {"arrived_at": at(11, 46)}),
                ("Sienta", "seated", {"arrived_at": at(11), "seated_at": at(11, 20)}),
                ("Salio", "completed", {"arrived_at": at(9), "seated_at": at(9, 10), "completed_at": at(9, 40)})):
            AppointmentFactory(patient=PatientFactory(last_name=name), start_at=at(11), status=status, **stamps)
    page = text(client_as("secretary").get("/agenda/room"))
    plain = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert re.search(r"Espera .* 14 min llegó 11:46", plain)
    assert re.search(r"Sienta .* 40 min pasó 11:20 · esperó 20", plain)
    assert re.search(r"Salio .* salió 09:40 · esperó 10 · en sillón 30", plain)
    assert "Espera" not in text(client_as("setter").get("/agenda/room"))


def test_chairs_are_columns_and_what_has_none_has_its_own(client_as, clinic, arrayan, within):
    with within(arrayan):
        chair = ChairFactory(name="Sillón 1")
        AppointmentFactory(patient=PatientFactory(), chair=chair, start_at=at(9))
        Closure.objects.create(start_at=at(10), end_at=at(11), chair=chair, reason="Arreglo")
    shown = client_as("secretary").get("/agenda/feed?first=2026-11-24&last=2026-11-24").json()
    assert [(one["id"], one["name"]) for one in shown["chairs"]] == [(chair.pk, "Sillón 1"), (0, "Sin sillón")]
    assert sorted(one["chair"] for one in shown["appointments"]) == [0, chair.pk]
    assert [(one["chair"], one["title"]) for one in shown["closures"]] == [(chair.pk, "Arreglo")]
    assert {one["chair"] for one in shown["closed"] if one["professional"] is None} == {chair.pk, 0}


def test_a_span_is_named_as_people_do():
    assert listing.span_label(date(2026, 2, 1), date(2026, 2, 28)) == "Febrero 2026"
    assert listing.span_label(date(2026, 11, 24), date(2026, 11, 24)) == "Martes 24/11"
    assert listing.span_label(MONDAY, SUNDAY) == "Semana del 23/11 al 29/11"
