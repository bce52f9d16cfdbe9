"""The gatekeeper's page: only the ceo's, of that clinic's people."""
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clinics.models import Membership, SecondFactor, Session, SystemEvent, User
from dentalogic.lib import clock
from tests.clinics.sockets import begun
from tests.factories import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
PAGE = "/settings/people/"


@pytest.fixture
def ceo(client_as):
    return client_as("ceo")


@pytest.fixture
def newcomer(arrayan, people, within):
    with within(arrayan):
        return MembershipFactory(
            role="secretary", status="pending", user=UserFactory(name="Celeste Quiroga", email="celeste@x.example"))


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def row(response, name):
    """What the list says of one person."""
    found = re.search(rf"<(tr|li)>(?:(?!</\1>).)*{name}.*?</\1>", response.content.decode(), re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0])) if found else ""


def state(member):
    fresh = Membership.objects.get(pk=member.pk)
    return fresh.status, fresh.role


def test_the_page_shows_who_waits_who_works_and_who_is_out(ceo, people, newcomer, arrayan, within):
    with within(arrayan):
        Membership.objects.filter(pk=people["closer"].pk).update(
            status="suspended", activated_at=clock.now())
    page = ceo.get(PAGE)
    assert page.status_code == 200
    waiting, working, out = re.split(r"Trabajan en la clínica|Suspendidas", text(page))
    assert "Celeste Quiroga" in waiting and "Activar" in waiting
    assert "secretary@arrayan.example" in working and "Celeste" not in working
    assert "closer@arrayan.example" in out and "Reactivar" in out


def test_it_says_whose_address_is_confirmed_who_has_a_second_factor_and_where_they_are_logged_in(ceo, people):
    secretary, closer = people["secretary"], people["closer"]
    User.objects.filter(pk=secretary.user_id).update(email_confirmed_at=clock.now())
    SecondFactor.objects.create(user=secretary.user, secret="x", confirmed_at=clock.now())
    SecondFactor.objects.create(user=closer.user, secret="x")  # begun, never confirmed
    begun(secretary), begun(secretary)
    page = ceo.get(PAGE)
    one, other = row(page, "secretary@"), row(page, "closer@")
    assert "Confirmado" in one and "Activo" in one and " 2 · vista" in one
    assert "Sin confirmar" in other and "No tiene" in other and "Ninguna" in other


def test_it_asks_as_often_for_thirty_people_as_for_one(ceo, arrayan, within):
    counts = []
    for more in (1, 30):
        with within(arrayan):
            for _number in range(more):
                begun(MembershipFactory())
        with CaptureQueriesContext(connection) as asked:
            assert ceo.get(PAGE).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_nothing_of_the_other_clinic_is_there(ceo, strangers):
    begun(strangers["secretary"])
    page = ceo.get(PAGE).content.decode()
    assert "bosque" not in page
    assert ceo.get(f"{PAGE}{strangers['secretary'].pk}/").status_code == 404


@pytest.mark.parametrize("role", ["professional", "secretary", "setter", "closer"])
def test_it_is_the_ceos(client_as, people, role):
    client, member = client_as(role), people["ceo"]
    for path in ("", f"{member.pk}/"):
        assert client.get(PAGE + path).status_code == 403
    for action in ("activate", "suspend", "role", "sessions/end", "sessions/1/end"):
        assert client.post(f"{PAGE}{member.pk}/{action}", {"role": "closer"}).status_code == 403


def test_a_pending_person_enters_with_the_role_that_the_ceo_chose(ceo, newcomer, arrayan, within):
    answer = ceo.post(f"{PAGE}{newcomer.pk}/activate", {"role": "closer"})
    assert answer.status_code == 302
    assert "La cuenta está activa." in text(ceo.get(answer.headers["Location"]))
    with within(arrayan):
        assert state(newcomer) == ("active", "closer")
        assert SystemEvent.objects.filter(event="member.activated", payload__member=newcomer.pk).exists()


def test_a_pending_person_is_turned_away_and_may_come_back_with_a_role_that_the_ceo_chooses(
        ceo, newcomer, arrayan, within):
    assert "¿Rechazar a Celeste Quiroga?" in text(ceo.get(f"{PAGE}{newcomer.pk}/"))
    answer = ceo.post(f"{PAGE}{newcomer.pk}/suspend")
    assert "El pedido está rechazado" in text(ceo.get(answer.headers["Location"]))
    with within(arrayan):
        assert state(newcomer) == ("suspended", "secretary")
    listed = row(ceo.get(PAGE), "Celeste")
    assert "rechazada, nunca entró" in listed and "Reactivar" not in listed
    page = ceo.get(f"{PAGE}{newcomer.pk}/")
    assert "Rechazada" in text(page) and 'name="role"' in page.content.decode()
    ceo.post(f"{PAGE}{newcomer.pk}/activate", {"role": "closer"})
    with within(arrayan):
        assert state(newcomer) == ("active", "closer")
        assert SystemEvent.objects.filter(event="member.reactivated").exists()


def test_what_is_done_from_the_list_stays_on_the_list(ceo, newcomer):
    answer = ceo.post(f"{PAGE}{newcomer.pk}/activate", {"role": "closer", "listed": ""})
    assert answer.headers["Location"] == f"{PAGE}?done=activated"
    assert "La cuenta está activa." in text(ceo.get(answer.headers["Location"]))


def test_the_ceo_finds_the_link_that_names_the_clinic_to_whoever_asks_for_an_account(ceo, arrayan):
    link = re.search(r'value="([^"]*/register[^"]*)"', ceo.get(PAGE).content.decode())[1]
    form = Client().get(link)
    assert f'name="clinic" value="{arrayan.slug}"' in form.content.decode()
    assert 'value="ceo" selected' not in form.content.decode()  # whoever hurries by asks for nothing


def test_a_suspended_person_is_out_and_reactivated_logs_in_anew(ceo, client_as, people):
    theirs = client_as("secretary")
    member = people["secretary"]
    ceo.post(f"{PAGE}{member.pk}/suspend")
    assert theirs.get("/agenda/").status_code == 401
    ceo.post(f"{PAGE}{member.pk}/activate")
    assert theirs.get("/api/v1/appointments").status_code == 401, "the old session stays ended"
    assert client_as("secretary").get("/agenda/").status_code == 200


def test_another_role_holds_from_the_next_login(ceo, client_as, people, arrayan, within):
    theirs, member = client_as("secretary"), people["secretary"]
    ceo.post(f"{PAGE}{member.pk}/role", {"role": "closer"})
    assert theirs.get("/cash/").status_code == 401
    with within(arrayan):
        member.refresh_from_db()
    assert client_as("closer", member).get("/cash/").status_code == 403


def test_a_buttons_address_opened_as_a_page_says_so(ceo, people):
    address = f"{PAGE}{people['closer'].pk}/suspend"
    answer = ceo.get(address)
    assert answer.status_code == 405 and answer["Allow"] == "POST" and "Volver al inicio" in text(answer)
    assert ceo.get(address, headers={"HX-Request": "true"}).content == b""


def test_what_is_refused_is_said_on_the_page(ceo, people):
    answer = ceo.post(f"{PAGE}{people['secretary'].pk}/role", {"role": "dueña"})
    assert answer.status_code == 400 and "Elegí un rol de la lista." in text(answer)
    answer = ceo.post(f"{PAGE}{people['secretary'].pk}/activate")
    assert answer.status_code == 409 and "La cuenta cambió mientras tanto." in text(answer)
    answer = ceo.post(f"{PAGE}{people['ceo'].pk}/suspend")
    assert answer.status_code == 403


def test_ones_own_account_has_no_buttons_here(ceo, people):
    page = ceo.get(f"{PAGE}{people['ceo'].pk}/").content.decode()
    assert "/account/" in page and f"{PAGE}{people['ceo'].pk}/" not in page.replace(f'href="{PAGE}', "")


def test_sessions_are_listed_and_ended_one_by_one_or_all(ceo, people, arrayan, within):
    member = people["secretary"]
    begun(member), begun(member), begun(member, bearer=True)
    with within(arrayan):
        first, *_others = Session.objects.of(member).order_by("pk")
        Session.objects.filter(pk=first.pk).update(
            agent="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", ip="203.0.113.9")
    page = text(ceo.get(f"{PAGE}{member.pk}/"))
    assert "Firefox en Linux" in page and "203.0.113.9" in page and "(API)" in page
    ceo.post(f"{PAGE}{member.pk}/sessions/{first.pk}/end")
    with within(arrayan):
        assert Session.objects.of(member).filter(ended_at=None).count() == 2
        first.refresh_from_db()
    assert first.ended_why == "ceo" and "Firefox en Linux" not in text(ceo.get(f"{PAGE}{member.pk}/"))
    ceo.post(f"{PAGE}{member.pk}/sessions/end")
    assert "No está conectada en ningún lado." in text(ceo.get(f"{PAGE}{member.pk}/"))


def test_a_session_is_ended_under_its_own_person_only(ceo, people, strangers, arrayan, bosque, within):
    begun(people["secretary"]), begun(strangers["secretary"])
    with within(arrayan):
        mine = Session.objects.of(people["secretary"]).get()
    with within(bosque):
        theirs = Session.objects.of(strangers["secretary"]).get()
    for session, member in ((mine, people["closer"]), (theirs, people["secretary"])):
        assert ceo.post(f"{PAGE}{member.pk}/sessions/{session.pk}/end").status_code == 404
    with within(arrayan):
        assert Session.objects.get(pk=mine.pk).ended_at is None
    with within(bosque):
        assert Session.objects.get(pk=theirs.pk).ended_at is None


def test_another_clinics_people_are_not_there_and_stay_as_they_are(ceo, strangers, bosque, within):
    member = strangers["secretary"]
    for action in ("activate", "suspend", "role", "sessions/end", "sessions/1/end"):
        assert ceo.post(f"{PAGE}{member.pk}/{action}", {"role": "closer"}).status_code == 404
    with within(bosque):
        assert state(member) == ("active", "secretary")


def test_the_list_fetches_itself_again(ceo, newcomer):
    piece = ceo.get(PAGE, headers={"HX-Request": "true"}).content.decode()
    assert piece.lstrip().startswith("<div") and "Celeste" in piece and "<html" not in piece


def test_forms_need_the_token(people, newcomer, arrayan, within):
    refresh = begun(people["ceo"])
    client = Client(enforce_csrf_checks=True)
    client.cookies["dl_access"], client.cookies["dl_refresh"] = str(refresh.access_token), str(refresh)
    for action in ("activate", "suspend", "role", "sessions/end"):
        assert client.post(f"{PAGE}{newcomer.pk}/{action}", {"role": "ceo"}).status_code == 403
    with within(arrayan):
        assert state(newcomer) == ("pending", "secretary")
