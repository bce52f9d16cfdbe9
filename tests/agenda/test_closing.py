"""Closing and opening by hand, as verbs and in Ajustes > Cierres: what repeats, a holiday opened, the calendar."""
from datetime import date, timedelta

import pytest

from agenda import closing
from agenda.models import Closure
from clinics.clinic import Invalid, NotYours
from clinics.models import SystemEvent, Tenant
from tests.agenda.conftest import TUESDAY, at
from tests.agenda.factories import AppointmentFactory, ChairFactory, ClosureFactory

URL = "/settings/closures/"
IMMACULATE = date(2026, 12, 8)
WEDNESDAY, SUNDAY = date(2026, 11, 25), date(2026, 11, 29)


@pytest.fixture
def ceo(client_as, frozen):
    return client_as("ceo")


@pytest.fixture
def by(people):
    return people["ceo"].actor


def whole(day, days=1):
    return {"start_at": at(0, day=day), "end_at": at(0, day=day + timedelta(days=days))}


def typed(**changes):
    return {"whom": "clinic", "kind": "closed", "first_day": "25/11/2026", "reason": ""} | changes


def test_what_repeats_is_closed_each_time_and_tells_each_visit(scene, by):
    inside = AppointmentFactory(professional=scene.professional, start_at=at(15, day=WEDNESDAY + timedelta(days=14)))
    span = {"start_at": at(15, day=WEDNESDAY), "end_at": at(16, day=WEDNESDAY)}
    with pytest.raises(closing.VisitsInside) as refused:
        closing.close(**span, repeats="weekly", by=by)
    assert refused.value.extra == {"appointments": [inside.pk]}
    closing.close(**span, repeats="weekly", until_on=WEDNESDAY + timedelta(days=7), by=by)
    assert "15:00" not in scene.starts(WEDNESDAY + timedelta(days=7))
    assert "15:30" in scene.starts(WEDNESDAY + timedelta(days=14))


@pytest.mark.parametrize(("said", "field"), [
    ({"repeats": "weekly", **whole(WEDNESDAY, 8)}, "repeats"), ({"repeats": "daily", **whole(WEDNESDAY)}, "repeats"),
    ({"until_on": WEDNESDAY, **whole(WEDNESDAY)}, "until_on"),
    ({"repeats": "yearly", "until_on": TUESDAY, **whole(WEDNESDAY)}, "until_on"),
    ({"repeats": "yearly", **whole(WEDNESDAY, 366)}, "repeats"),
])
def test_what_cannot_repeat_is_refused(here, by, said, field):
    with pytest.raises(Invalid) as refused:
        closing.close(**said, by=by)
    assert set(refused.value.fields) == {field}


def test_a_holiday_is_opened_in_the_usual_hours_or_in_its_own(scene, by):
    made = closing.open_hours(**whole(IMMACULATE), usual_hours=True, by=by)
    assert scene.starts(IMMACULATE) == scene.starts(IMMACULATE + timedelta(days=1))
    closing.reopen(closure=made, by=by)
    assert scene.starts(IMMACULATE) == []
    closing.open_hours(start_at=at(10, day=IMMACULATE), end_at=at(11, day=IMMACULATE), by=by)
    assert scene.starts(IMMACULATE) == ["10:00", "10:15", "10:30"]
    events = SystemEvent.objects.filter(event__startswith="closure.").order_by("pk").values_list("event", flat=True)
    assert list(events) == ["closure.opened", "closure.removed", "closure.opened"]


def test_what_would_open_nothing_or_the_night_is_refused(here, by):
    with pytest.raises(Invalid) as refused:
        closing.open_hours(**whole(SUNDAY), usual_hours=True, by=by)
    assert set(refused.value.fields) == {"first_hour"}
    with pytest.raises(Invalid):
        closing.open_hours(start_at=at(9, day=SUNDAY), end_at=at(13, day=SUNDAY + timedelta(days=2)), by=by)
    with pytest.raises(Invalid):
        closing.change(
            closure=ClosureFactory(chair=ChairFactory()), kind="open", start_at=at(9, day=SUNDAY),
            end_at=at(10, day=SUNDAY), by=by)


@pytest.mark.parametrize("role", ["professional", "secretary", "setter", "closer"])
def test_only_the_ceo_opens_and_keeps_the_calendar(here, people, role):
    with pytest.raises(NotYours):
        closing.open_hours(**whole(IMMACULATE), usual_hours=True, by=people[role].actor)
    with pytest.raises(NotYours):
        closing.keep_holidays(closes=False, region="", by=people[role].actor)


def test_the_national_calendar_is_listed_and_a_day_is_opened_from_it(ceo, arrayan, within):
    page = ceo.get(URL).content.decode()
    assert "Inmaculada Concepción de María" in page
    assert f"{URL}new/?open=2026-12-08" in page
    form = ceo.get(f"{URL}new/?open=2026-12-08").content.decode()
    assert 'value="08/12/2026"' in form
    assert '<option value="open" selected>' in form
    response = ceo.post(f"{URL}new/", typed(kind="open", first_day="8/12/2026", reason="Atendemos"))
    assert response.status_code == 302
    with within(arrayan):
        made = Closure.objects.get()
        assert (made.kind, made.usual_hours, made.start_at) == ("open", True, at(0, day=IMMACULATE))
    page = ceo.get(URL).content.decode()
    assert f"{URL}new/?open=2026-12-08" not in page
    assert "Dejar de abrir" in ceo.get(response.headers["Location"]).content.decode()


def test_opened_with_hours_and_a_sunday_without_is_told(ceo, arrayan, within):
    response = ceo.post(f"{URL}new/", typed(kind="open", first_day="29/11/2026", first_hour="9", last_hour="12"))
    assert response.status_code == 302
    with within(arrayan):
        assert not Closure.objects.get().usual_hours
    refused = ceo.post(f"{URL}new/", typed(kind="open", first_day="29/11/2026"))
    assert refused.status_code == 422
    assert "no tiene horario habitual" in refused.content.decode()


def test_repeating_is_typed_shown_and_changed(ceo, arrayan, within):
    response = ceo.post(f"{URL}new/", typed(repeats="weekly", until_on="30/12/2026", reason="Ateneo"))
    assert response.status_code == 302
    listed = ceo.get(URL).content.decode()
    assert "cada semana" in listed
    assert "hasta el 30/12/2026" in listed
    form = ceo.get(response.headers["Location"]).content.decode()
    assert '<option value="weekly" selected>' in form
    assert 'value="30/12/2026"' in form
    assert ceo.post(response.headers["Location"].split("?")[0], typed(reason="Ateneo")).status_code == 302
    with within(arrayan):
        assert (Closure.objects.get().repeats, Closure.objects.get().until_on) == ("", None)


def test_a_repeating_one_is_coming_until_its_last_day(ceo, arrayan, within):
    with within(arrayan):
        ClosureFactory(start_at=at(9, day=date(2026, 1, 7)), end_at=at(10, day=date(2026, 1, 7)), reason="Semanal",
                       repeats="weekly")
        ClosureFactory(start_at=at(9, day=date(2026, 1, 7)), end_at=at(10, day=date(2026, 1, 7)), reason="Terminado",
                       repeats="weekly", until_on=date(2026, 6, 3))
    coming, past = ceo.get(URL).content.decode(), ceo.get(f"{URL}?past").content.decode()
    assert ("Semanal" in coming, "Terminado" in coming) == (True, False)
    assert ("Semanal" in past, "Terminado" in past) == (False, True)


def test_whether_the_clinic_closes_on_holidays_is_a_setting(ceo, arrayan):
    assert ceo.post(f"{URL}holidays", {"holiday_region": "S"}).status_code == 302
    kept = Tenant.objects.get(pk=arrayan.pk)
    assert (kept.closes_on_holidays, kept.holiday_region) == (False, "S")
    assert "Inmaculada" not in ceo.get(URL).content.decode()
    assert ceo.post(f"{URL}holidays", {"holiday_region": "??", "closes_on_holidays": "on"}).status_code == 422
    assert ceo.get(f"{URL}holidays").status_code == 405


def test_the_page_of_a_holiday_says_its_name(client_as, people, arrayan, within, frozen):
    feed = "/agenda/feed?first=2026-12-08&last=2026-12-08"
    shown = client_as("secretary").get(feed).json()
    assert [one["title"] for one in shown["closures"]] == ["Feriado: Inmaculada Concepción de María"]
    assert (shown["closures"][0]["start"], shown["closures"][0]["end"]) == (
        "2026-12-08 00:00:00", "2026-12-09 00:00:00")
    assert shown["attending"] == 0
    with within(arrayan):
        ClosureFactory(kind="open", **whole(IMMACULATE), usual_hours=True)
    shown = client_as("secretary").get(feed).json()
    assert shown["closures"] == []
    assert shown["attending"]


def test_a_holiday_opened_for_one_is_drawn_for_the_others(client_as, people, arrayan, within, frozen):
    with within(arrayan):
        one = people["professional"].professional
        ClosureFactory(
            kind="open", professional=one, start_at=at(9, day=IMMACULATE), end_at=at(12, day=IMMACULATE))
    shown = client_as("secretary").get("/agenda/feed?first=2026-12-08&last=2026-12-08").json()
    drawn = [(each["professional"], each["start"][11:16], each["end"][11:16]) for each in shown["closures"]]
    assert (one.pk, "00:00", "09:00") in drawn
    assert (one.pk, "12:00", "00:00") in drawn
    assert len({each["id"] for each in shown["closures"]}) == len(drawn)
