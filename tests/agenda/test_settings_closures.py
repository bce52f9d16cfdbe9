"""Ajustes > Cierres: nobody is booked inside, the visits that are there are told, none is cancelled."""
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agenda import closing
from agenda.models import Appointment, Closure
from agenda.settings_forms import HourField
from clinics.clinic import Invalid, NotYours
from tests.agenda.conftest import TUESDAY, at
from tests.agenda.factories import AppointmentFactory, ChairFactory, ClosureFactory, UsualChairFactory
from tests.factories import ProfessionalFactory

URL = "/settings/closures/"
FRIDAY = date(2026, 12, 25)


def typed(**changes):
    return {"whom": "clinic", "kind": "holiday", "first_day": "25/12/2026", "reason": "Navidad"} | changes


@pytest.fixture
def ceo(client_as, frozen):
    return client_as("ceo")


@pytest.mark.parametrize(("said", "start_at", "end_at"), [
    ({}, at(0, day=FRIDAY), at(0, day=date(2026, 12, 26))),
    ({"last_day": "31/12"}, at(0, day=FRIDAY), at(0, day=date(2027, 1, 1))),
    ({"first_hour": "9", "last_hour": "12.30"}, at(9, day=FRIDAY), at(12, 30, day=FRIDAY)),
    ({"first_day": "mañana", "first_hour": "15:00"}, at(15, day=date(2026, 11, 25)), at(0, day=date(2026, 11, 26))),
])
def test_a_span_is_by_the_clinics_wall_and_may_be_said_in_words(ceo, arrayan, within, said, start_at, end_at):
    response = ceo.post(f"{URL}new/", typed(**said))
    with within(arrayan):
        made = Closure.objects.get()
    assert (response.status_code, response.headers["Location"]) == (302, f"{URL}{made.pk}/?saved")
    assert (made.start_at, made.end_at, made.kind, made.reason) == (start_at, end_at, "holiday", "Navidad")


@pytest.mark.parametrize(("said", "shown"), [
    ({}, "viernes 25/12, todo el día"), ({"last_day": "31/12"}, "viernes 25/12 – jueves 31/12, todo el día"),
    ({"first_hour": "9", "last_hour": "12.30"}, "viernes 25/12 09:00 – 12:30"),
])
def test_whole_days_are_said_as_such(ceo, said, shown):
    ceo.post(f"{URL}new/", typed(**said))
    assert shown in ceo.get(URL).text


@pytest.mark.parametrize(("said", "field", "text"), [
    ({"first_day": ""}, "first_day", "Falta este dato."), ({"first_day": "un día"}, "first_day", "no se entiende"),
    ({"first_day": "31/02/2027"}, "first_day", "no se entiende"),
    ({"last_day": "24/12/2026"}, "last_day", "terminar después de empezar"),
    ({"first_hour": "25:00"}, "first_hour", "La hora se escribe"), ({"whom": "p0"}, "whom", "Elegí una"),
    ({"first_hour": "10", "last_hour": "9"}, "last_day", "terminar después de empezar"),
])
def test_a_bad_span_is_said_and_nothing_is_lost(ceo, arrayan, within, said, field, text):
    response = ceo.post(f"{URL}new/", typed(**said))
    page = response.content.decode()
    assert response.status_code == 422
    assert text in page.split(f'id="f-{field}-e"')[1][:300]
    assert "Navidad" in page
    with within(arrayan):
        assert not Closure.objects.exists()


def test_visits_inside_are_told_first_and_stay(ceo, arrayan, within):
    with within(arrayan):
        inside = AppointmentFactory(start_at=at(10, day=FRIDAY))
        outside = AppointmentFactory(start_at=at(10, day=date(2026, 12, 26)))
        cancelled = AppointmentFactory(start_at=at(11, day=FRIDAY), status="cancelled")
    response = ceo.post(f"{URL}new/", typed())
    page = response.content.decode()
    assert response.status_code == 409
    assert "Hay 1 turno dado en esas horas" in page
    assert inside.patient.name in page
    assert outside.patient.name not in page
    assert cancelled.patient.name not in page
    with within(arrayan):
        assert not Closure.objects.exists()
    response = ceo.post(f"{URL}new/", typed(despite_visits="1"))
    assert response.status_code == 302
    assert inside.patient.name in ceo.get(response.headers["Location"]).content.decode()
    with within(arrayan):
        assert Appointment.objects.get(pk=inside.pk).status == "scheduled"


def test_it_concerns_whom_it_names(here, people):
    usual = UsualChairFactory()
    theirs = AppointmentFactory(professional=usual.professional, chair=usual.chair, start_at=at(10, day=FRIDAY))
    ceo, span = people["ceo"].actor, {"start_at": at(0, day=FRIDAY), "end_at": at(12, day=FRIDAY)}
    closing.close(**span, professional=ProfessionalFactory(), by=ceo)
    closing.close(**span, chair=ChairFactory(), by=ceo)
    for whom in ({"professional": usual.professional}, {"chair": usual.chair}, {}):
        with pytest.raises(closing.VisitsInside) as refused:
            closing.close(**span, **whom, by=ceo)
        assert refused.value.extra == {"appointments": [theirs.pk]}


def test_closed_hours_are_offered_to_nobody_and_reopened_ones_are(scene, people):
    assert scene.starts(TUESDAY.replace(day=25))
    span = {"start_at": at(0, day=TUESDAY.replace(day=25)), "end_at": at(0, day=TUESDAY.replace(day=26))}
    made = closing.close(**span, by=people["ceo"].actor)
    assert scene.starts(TUESDAY.replace(day=25)) == []
    closing.reopen(closure=made, by=people["ceo"].actor)
    assert scene.starts(TUESDAY.replace(day=25))


def test_only_a_longer_span_asks_about_the_visits_again(ceo, arrayan, within):
    with within(arrayan):
        AppointmentFactory(start_at=at(10, day=FRIDAY))
        row = ClosureFactory(start_at=at(0, day=FRIDAY), end_at=at(0, day=date(2026, 12, 26)))
    assert ceo.post(f"{URL}{row.pk}/", typed(reason="Navidad y descanso")).status_code == 302
    assert ceo.post(f"{URL}{row.pk}/", typed(first_day="24/12/2026", last_day="25/12/2026")).status_code == 409
    with within(arrayan):
        row.refresh_from_db()
        assert (row.reason, row.start_at) == ("Navidad y descanso", at(0, day=FRIDAY))


def test_reopening_asks_by_post_alone(ceo, arrayan, within):
    with within(arrayan):
        row = ClosureFactory()
    assert ceo.get(f"{URL}{row.pk}/reopen").status_code == 405
    assert ceo.post(f"{URL}{row.pk}/reopen").status_code == 302
    with within(arrayan):
        assert not Closure.objects.exists()


def test_past_ones_are_apart_and_another_clinics_are_nowhere(ceo, arrayan, bosque, within):
    with within(arrayan):
        ClosureFactory(start_at=at(0, day=date(2026, 3, 2)), end_at=at(0, day=date(2026, 3, 3)), reason="Mudanza")
        ClosureFactory(reason="Inventario")
    with within(bosque):
        theirs = ClosureFactory(reason="Feriado cordobés")
    now, past = ceo.get(URL).content.decode(), ceo.get(f"{URL}?past").content.decode()
    assert "Inventario" in now and "Mudanza" not in now and "Feriado cordobés" not in now
    assert "Mudanza" in past and "Inventario" not in past
    assert ceo.get(f"{URL}{theirs.pk}/").status_code == 404
    assert ceo.post(f"{URL}{theirs.pk}/reopen").status_code == 404


def test_a_list_asks_the_same_of_one_and_of_thirty(ceo, arrayan, within):
    counts = []
    for more in (1, 29):
        with within(arrayan):
            for _one in range(more):
                ClosureFactory(professional=ProfessionalFactory())
        with CaptureQueriesContext(connection) as asked:
            ceo.get(URL)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_verbs_refuse_by_role_and_by_span(here, people):
    span = {"start_at": at(0, day=FRIDAY), "end_at": at(12, day=FRIDAY)}
    row = ClosureFactory()
    for role in ("professional", "secretary", "setter", "closer"):
        by = people[role].actor
        for verb in (lambda by=by: closing.close(**span, by=by), lambda by=by: closing.reopen(closure=row, by=by),
                     lambda by=by: closing.change(closure=row, by=by, reason="X")):
            with pytest.raises(NotYours):
                verb()
    with pytest.raises(Invalid) as refused:
        closing.close(start_at=span["end_at"], end_at=span["start_at"], by=people["ceo"].actor)
    assert set(refused.value.fields) == {"last_day"}
    with pytest.raises(Invalid) as refused:
        closing.close(**span, professional=ProfessionalFactory(), chair=ChairFactory(), by=people["ceo"].actor)
    assert set(refused.value.fields) == {"whom"}


@pytest.mark.parametrize(("typed_hour", "meant"), [("10", 10), ("9", 9), ("0930", 9.5), ("930", 9.5), ("10.30", 10.5)])
def test_an_hour_is_read_as_people_write_it(typed_hour, meant):
    hour = HourField().clean(typed_hour)
    assert hour.hour + hour.minute / 60 == meant
