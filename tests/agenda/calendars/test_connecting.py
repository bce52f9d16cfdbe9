"""From "Conectar" to a calendar that is read and told, and away again; and who may do so."""
import json

import pytest
from django.test import override_settings

from agenda.calendars import connecting, pulling, pushes, tasks, watch
from agenda.calendars import google as client
from agenda.models import Appointment, Calendar, CalendarChannel, CalendarEvent, CalendarPush
from clinics import vault
from clinics.clinic import NotYours
from clinics.models import Credential, Professional, PublicRoute, SystemEvent
from tests.agenda.calendars.conftest import again, connect, utc
from tests.agenda.calendars.test_client import service_key
from tests.agenda.conftest import at
from tests.factories import ProfessionalFactory

LAURA = "laura@clinica.example"


@pytest.fixture
def doctor(arrayan, within):
    with within(arrayan):
        return ProfessionalFactory(title="Dra.", first_name="Laura", last_name="Pérez")


@pytest.fixture
def ceo(client_as):
    return client_as("ceo")


def row_of(within, clinic, **asked):
    with within(clinic):
        return Calendar.objects.filter(**asked).first()


def consent(ceo, google, doctor, account=LAURA):
    """The link, Google's page, and the browser sent back."""
    address = ceo.get(f"/settings/calendars/{doctor.pk}/google").headers["Location"]
    assert address.startswith(google.settings["GOOGLE_OAUTH_AUTH"])
    return ceo.get("/settings/calendars/return", google.consents(address, account))


def test_the_whole_way_by_oauth(ceo, google, doctor, arrayan, within):
    google.calendar(LAURA, title="Personal")
    google.calendar("agenda@x", account=LAURA, title="Agenda Dra. PEREZ")
    assert consent(ceo, google, doctor).headers["Location"] == f"/settings/calendars/{doctor.pk}/"
    assert "Comprobamos con Google" in ceo.get(f"/settings/calendars/{doctor.pk}/").content.decode()
    row = row_of(within, arrayan)
    with within(arrayan):
        connecting.look(calendar_id=row.pk)
        assert again(row).state == Calendar.State.CHOOSING and again(row).account == LAURA
        assert set(vault.known(row.secret_name, f"calendar.{doctor.pk}.code")) == {row.secret_name}
    page = ceo.get(f"/settings/calendars/{doctor.pk}/").content.decode()
    assert page.split('value="agenda@x" required')[1].startswith(" checked")  # suggested, and nothing is done yet
    assert row_of(within, arrayan).google_id is None
    ceo.post(f"/settings/calendars/{doctor.pk}/choose", {"calendar": "agenda@x"})
    row = row_of(within, arrayan)
    assert (row.state, row.google_id, row.name) == ("active", "agenda@x", "Agenda Dra. PEREZ")
    google.put("agenda@x", "reunion", start=utc(13), end=utc(14))
    with within(arrayan):
        assert Professional.objects.get(pk=doctor.pk).google_calendar_id == "agenda@x"
        pulling.pull(calendar_id=row.pk)
        assert CalendarEvent.objects.filter(calendar=row).count() == 1
    page = ceo.get(f"/settings/calendars/{doctor.pk}/").content.decode()
    assert "Al día" in page and "Conectar con Google" not in page
    assert "Agenda Dra. PEREZ" in ceo.get("/settings/calendars/").content.decode()


def test_a_service_account_names_its_calendar(ceo, google, doctor, arrayan, within):
    google.calendar(LAURA, account="robot@project.example", title="Laura", zone="America/Argentina/Salta")
    response = ceo.post(f"/settings/calendars/{doctor.pk}/key", {"calendar": LAURA, "key": service_key()})
    assert response.status_code == 302
    row = row_of(within, arrayan)
    with within(arrayan):
        connecting.look(calendar_id=row.pk)
        row = again(row)
        assert (row.state, row.account, row.choices[0]["zone"]) == (
            "choosing", "robot@project.example", "America/Argentina/Salta")


def test_a_service_account_that_the_calendar_is_not_shared_with_is_told(ceo, google, doctor, arrayan, within):
    ceo.post(f"/settings/calendars/{doctor.pk}/key", {"calendar": LAURA, "key": service_key()})
    row = row_of(within, arrayan)
    with within(arrayan):
        connecting.look(calendar_id=row.pk)
    page = ceo.get(f"/settings/calendars/{doctor.pk}/").content.decode()
    assert "ya no está compartido" in page and "Conectar de nuevo" in page


@pytest.mark.parametrize(("typed", "said"), [
    ({"calendar": LAURA, "key": "{}"}, "no es el JSON"), ({"calendar": "", "key": "x"}, "Falta este dato."),
    ({"calendar": LAURA, "key": ""}, "Falta este dato."), ({"calendar": "x", "key": "{}"}, "identificador")])
def test_a_bad_key_is_said_and_comes_not_back(ceo, google, doctor, arrayan, within, typed, said):
    typed = typed | {"key": typed["key"] and "ñandú" + typed["key"]}
    response = ceo.post(f"/settings/calendars/{doctor.pk}/key", typed)
    assert response.status_code == 422 and said in response.content.decode()
    assert "ñandú" not in response.content.decode() and row_of(within, arrayan) is None


def test_a_code_is_good_for_the_session_that_asked(ceo, client_as, google, doctor, arrayan, within):
    google.calendar(LAURA)
    address = ceo.get(f"/settings/calendars/{doctor.pk}/google").headers["Location"]
    sent = google.consents(address, LAURA)
    assert client_as("ceo").get("/settings/calendars/return", sent).status_code == 409
    assert ceo.get("/settings/calendars/return", sent | {"state": sent["state"] + "x"}).status_code == 409
    assert ceo.get("/settings/calendars/return", {"state": sent["state"], "error": "access_denied"}).status_code == 409
    assert row_of(within, arrayan) is None
    assert ceo.get("/settings/calendars/return", sent).status_code == 302


def test_a_code_that_google_takes_no_more_is_said(ceo, google, doctor, arrayan, within):
    google.calendar(LAURA)
    consent(ceo, google, doctor)
    google.codes.clear()
    row = row_of(within, arrayan)
    with within(arrayan):
        connecting.look(calendar_id=row.pk)
        assert (again(row).state, again(row).fault) == (Calendar.State.REFUSED, client.REVOKED)
        assert vault.known(f"calendar.{doctor.pk}.code") == {}


def test_google_down_while_it_looks_is_tried_again(ceo, google, doctor, arrayan, within):
    google.calendar(LAURA)
    consent(ceo, google, doctor)
    row = row_of(within, arrayan)
    google.script.append(503)
    with within(arrayan):
        connecting.look(calendar_id=row.pk)
        assert again(row).state == Calendar.State.CHECKING
        connecting.look(calendar_id=row.pk)
        assert again(row).state == Calendar.State.CHOOSING


def test_only_a_listed_calendar_can_be_chosen_and_no_two_share_one(ceo, google, doctor, arrayan, within):
    google.calendar(LAURA)
    with within(arrayan):
        other = connect(google, "agenda@x", account=LAURA)
    consent(ceo, google, doctor)
    row = row_of(within, arrayan, professional=doctor.pk)
    with within(arrayan):
        connecting.look(calendar_id=row.pk)
    assert ceo.post(f"/settings/calendars/{doctor.pk}/choose", {"calendar": "otra@x"}).status_code == 400
    taken = ceo.post(f"/settings/calendars/{doctor.pk}/choose", {"calendar": "agenda@x"})
    assert taken.status_code == 409 and "ya es el de otro profesional" in taken.content.decode()
    assert row_of(within, arrayan, professional=doctor.pk).state == "choosing" and other.pk


def test_what_is_booked_ahead_is_told_once_it_is_connected(agenda):
    calendar = agenda.calendar
    Calendar.objects.filter(pk=calendar.pk).update(state="checking", google_id=None)
    Professional.objects.filter(pk=agenda.professional.pk).update(google_calendar_id="")
    agenda.professional.google_calendar_id = ""
    row = agenda.book(at(15))
    assert CalendarPush.objects.count() == 0
    Calendar.objects.filter(pk=calendar.pk).update(state="active", google_id=LAURA)
    Professional.objects.filter(pk=agenda.professional.pk).update(google_calendar_id=LAURA)
    pushes.reconcile()
    pushes.push(calendar_id=calendar.pk)
    assert len(agenda.google.events(LAURA)) == 1 and again(row).google_calendar_sync_status == "synced"


def test_after_a_revoked_grant_it_is_connected_anew_and_stays_the_same_calendar(
        ceo, google, doctor, arrayan, within):
    with within(arrayan):
        row = connect(google, LAURA, professional=doctor)
        google.revokes(LAURA)
        pulling.pull(calendar_id=row.pk)
    page = ceo.get(f"/settings/calendars/{doctor.pk}/").content.decode()
    assert "el permiso ya no vale" in page and "Conectar con Google" in page
    consent(ceo, google, doctor)
    with within(arrayan):
        connecting.look(calendar_id=row.pk)
        found = again(row)
        assert (found.state, found.google_id, found.fault) == ("active", LAURA, "")
        pulling.pull(calendar_id=row.pk)
        assert again(row).synced_at


def test_disconnecting_frees_the_time_gives_the_grant_back_and_leaves_no_secret(agenda, people, within, ceo):
    agenda.google.put(LAURA, "reunion", start=at(15), end=at(16))
    agenda.pulled()
    row = agenda.book(at(17))
    agenda.told(row)
    with override_settings(PUBLIC_URL="https://clinica.example"):
        watch.renew(calendar_id=agenda.calendar.pk)
    assert len(agenda.google.channels) == 1
    connecting.disconnect(calendar=agenda.calendar, by=people["ceo"].actor)
    assert "15:00" in agenda.starts() and CalendarEvent.objects.count() == 0
    assert again(agenda.professional).google_calendar_id == ""
    connecting.leave(calendar_id=agenda.calendar.pk)
    assert Calendar.objects.count() == CalendarChannel.objects.count() == 0
    assert vault.known(agenda.calendar.secret_name) == {}
    assert agenda.google.refresh_tokens == {} and agenda.google.channels == {}
    assert len([one for one in agenda.google.events(LAURA) if "Quiroga" not in one["summary"]]) == 2
    assert again(row).google_calendar_event_id == "" and again(row).status == "scheduled"
    assert again(row) == Appointment.objects.get(pk=row.pk)


def test_leaving_works_while_google_is_away(agenda, people):
    connecting.disconnect(calendar=agenda.calendar, by=people["ceo"].actor)
    agenda.google.server.shutdown()
    agenda.google.server.server_close()
    with override_settings(GOOGLE_OAUTH_REVOKE="http://127.0.0.1:9/revoke"):
        connecting.leave(calendar_id=agenda.calendar.pk)
    assert Calendar.objects.count() == 0


def test_each_verb_is_the_ceos(agenda, people):
    by = people["secretary"].actor
    for verb, arguments in (
            (connecting.take_code, {"state": "", "code": "", "session_id": 1}),
            (connecting.take_service_account, {"professional": agenda.professional, "key": "", "calendar": ""}),
            (connecting.choose, {"calendar": agenda.calendar, "google_id": LAURA}),
            (connecting.again, {"calendar": agenda.calendar}), (connecting.disconnect, {"calendar": agenda.calendar})):
        with pytest.raises(NotYours):
            verb(by=by, **arguments)


@pytest.mark.parametrize("role", ["professional", "secretary", "setter", "closer"])
def test_the_pages_are_the_ceos(client_as, doctor, role):
    client = client_as(role)
    for address in ("", f"{doctor.pk}/", f"{doctor.pk}/google", "return"):
        assert client.get(f"/settings/calendars/{address}").status_code == 403


def test_another_clinics_professional_is_not_found(ceo, strangers, bosque, within, google):
    with within(bosque):
        theirs = ProfessionalFactory()
        connect(google, "marta@bosque.example", professional=theirs)
    for path in ("", "google"):
        assert ceo.get(f"/settings/calendars/{theirs.pk}/{path}").status_code == 404
    for path in ("choose", "again", "disconnect", "key"):
        assert ceo.post(f"/settings/calendars/{theirs.pk}/{path}", {"calendar": "x"}).status_code == 404


def test_no_secret_is_in_the_rows_the_audit_or_the_page(ceo, google, doctor, arrayan, within):
    google.calendar(LAURA)
    consent(ceo, google, doctor)
    row = row_of(within, arrayan)
    with within(arrayan):
        connecting.look(calendar_id=row.pk)
        token = next(iter(google.refresh_tokens))
        said = json.dumps([list(Calendar.objects.values()), list(SystemEvent.objects.values()),
                           list(Credential.objects.values())], default=str)
    assert token not in said and "4/code" not in said
    assert token not in ceo.get(f"/settings/calendars/{doctor.pk}/").content.decode()


def test_the_page_asks_again_until_the_job_is_done(ceo, google, doctor, arrayan, within):
    google.calendar(LAURA)
    consent(ceo, google, doctor)
    assert ceo.get(f"/settings/calendars/{doctor.pk}/state").status_code == 204
    row = row_of(within, arrayan)
    with within(arrayan):
        connecting.look(calendar_id=row.pk)
    assert ceo.get(f"/settings/calendars/{doctor.pk}/state").headers["HX-Refresh"] == "true"


def test_sweepers_find_what_a_lost_job_left(agenda, people, monkeypatch):
    asked = []
    for name in ("look", "leave", "pull", "push", "watched"):
        monkeypatch.setattr(getattr(tasks, name), "later", lambda name=name, **ids: asked.append((name, ids)))
    agenda.book(at(15))
    asked.clear()
    tasks.sweep_calendars()
    mine = {"calendar_id": agenda.calendar.pk}
    assert asked == [("push", mine), ("pull", mine)]
    asked.clear()
    tasks.sweep_calendars()
    assert asked == []  # asked for a moment ago
    with override_settings(PUBLIC_URL="https://clinica.example"):
        tasks.tend_calendars()
    assert asked == [("watched", mine)]
    assert PublicRoute.objects.filter(kind="google").count() == 1
