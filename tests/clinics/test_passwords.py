"""Passwords changed and set by a mailed link, addresses confirmed: what each ends, and what nobody learns."""
import os
import re
import subprocess
import sys
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from clinics.auth import links, mail, passwords
from clinics.models import Membership, Session, SystemEvent, User
from tests.factories import PASSWORD, MembershipFactory

pytestmark = pytest.mark.django_db
NEW = "una frase muy larga y nueva"


@pytest.fixture
def sofia(people):
    return people["secretary"]


@pytest.fixture(autouse=True)
def _committed(django_capture_on_commit_callbacks, monkeypatch):
    """What waits for the commit happens at once: in a test nothing commits."""
    monkeypatch.setattr("clinics.auth.mail.transaction.on_commit", lambda call, robust=False: call())


def enters(member, password):
    response = Client(REMOTE_ADDR="10.9.9.9").post(
        "/auth/login", {"email": member.user.email, "password": password}, content_type="application/json")
    return response.status_code == 200


def change(client, current=PASSWORD, new=NEW):
    return client.post("/account/password/", {"current": current, "password": new})


def link_in(letter):
    return re.search(r"https://clinica\.example(\S+)\?t=(\S+)", letter.get_content()).groups()


class TestChange:
    def test_it_asks_the_present_one(self, client_as, sofia):
        client = client_as("secretary")
        wrong = change(client, current="otra")
        assert wrong.status_code == 400 and wrong.context["form"].errors["current"]
        assert enters(sofia, PASSWORD)
        assert change(client).headers["Location"] == "/account/?done=password"
        assert enters(sofia, NEW) and not enters(sofia, PASSWORD)

    @pytest.mark.parametrize("weak", ["corta1", "password1234", "secretary@arrayan.example", PASSWORD, "x" * 201, ""])
    def test_a_weak_one_is_refused_beside_its_field(self, client_as, sofia, weak):
        response = change(client_as("secretary"), new=weak)
        assert response.status_code == 400 and response.context["form"].errors["password"]
        assert enters(sofia, PASSWORD)

    def test_it_ends_every_other_session_and_keeps_this_one(self, client_as, api_as, sofia, bosque, within):
        client, other, program = client_as("secretary"), client_as("secretary"), api_as("secretary")
        with within(bosque):
            elsewhere = client_as("secretary", member=MembershipFactory(user=sofia.user, role="ceo"))
        assert elsewhere.get("/auth/me").status_code == 200
        change(client)
        assert client.get("/account/").status_code == 200
        for ended in (other, program, elsewhere):
            assert ended.get("/auth/me").status_code == 401

    def test_what_a_row_would_not_stop_is_over_too(self, client_as, sofia, within, owner):
        """`sessions_from` holds for a clinic whose rows could not be ended."""
        client, other = client_as("secretary"), client_as("secretary")
        change(client)
        with within(sofia.tenant):
            Session.objects.filter(ended_why="password").update(ended_at=None)
        assert other.get("/auth/me").status_code == 401 and client.get("/auth/me").status_code == 200

    def test_nobody_elses_session_ends(self, client_as):
        client, boss = client_as("secretary"), client_as("ceo")
        change(client)
        assert boss.get("/auth/me").status_code == 200

    def test_the_old_cookies_open_nothing(self, client_as):
        client = client_as("secretary")
        before = {name: client.cookies[name].value for name in ("dl_access", "dl_refresh")}
        change(client)
        thief = Client()
        for name, value in before.items():
            thief.cookies[name] = value
        assert thief.get("/auth/me").status_code == 401

    def test_tries_of_the_present_one_are_counted(self, client_as, noon):
        with time_machine.travel(noon, tick=False):
            client = client_as("secretary")
            pages = [change(client, current="otra").content.decode() for _try in range(6)]
        assert "Demasiados intentos" in pages[5] and "Demasiados intentos" not in pages[4]

    def test_it_is_noted_and_told(self, client_as, sofia, within, post):
        change(client_as("secretary"))
        with within(sofia.tenant):
            event = SystemEvent.objects.get(event="password.changed")
        assert (event.actor_id, event.severity) == (sofia.user_id, "warning")
        assert [letter["To"] for letter in post.letters] == [sofia.user.email]
        assert NEW not in post.letters[0].as_string()


class TestByLink:
    def ask(self, email, **more):
        return Client(REMOTE_ADDR="10.0.0.1").post("/password/forgot", {"email": email}, **more)

    def test_the_link_sets_it_once(self, post, sofia, client_as, within):
        session = client_as("secretary")
        assert self.ask(sofia.user.email.upper()).status_code == 200
        page, token = link_in(post.letters[0])
        client = Client()
        assert client.get(page, {"t": token}).status_code == 200
        assert enters(sofia, PASSWORD), "opening it does nothing: programs open links too"
        assert client.post(page, {"t": token, "password": "corta"}).status_code == 400
        assert client.post(page, {"t": token, "password": NEW}).status_code == 200
        assert enters(sofia, NEW) and session.get("/auth/me").status_code == 401
        again = client.post(page, {"t": token, "password": "otra frase larga y nueva"})
        assert again.status_code == 410 and enters(sofia, NEW)
        with within(sofia.tenant):
            assert SystemEvent.objects.filter(event="password.reset").count() == 1
        assert User.objects.get(pk=sofia.user_id).email_confirmed_at, "who reads the link has the address"

    def test_it_does_not_log_in(self, post, sofia):
        """The second factor, if there is one, is still asked for."""
        self.ask(sofia.user.email)
        page, token = link_in(post.letters[0])
        assert "dl_access" not in Client().post(page, {"t": token, "password": NEW}).cookies

    def test_the_answer_is_the_same_for_everybody(self, post, sofia):
        known, unknown = self.ask(sofia.user.email), self.ask("nadie@arrayan.example")
        bodies = [re.sub(r"csrf\S+ value=\S+|data-csrf=\S+|nonce\S+", "", one.content.decode())
                  for one in (known, unknown)]
        assert known.status_code == unknown.status_code == 200 and bodies[0] == bodies[1]
        assert len(post.letters) == 1

    def test_the_same_is_enqueued_for_everybody(self, post, sofia, monkeypatch):
        sent = []
        monkeypatch.setattr(mail.write_later, "apply_async", lambda kwargs, **options: sent.append(kwargs))
        self.ask(sofia.user.email)
        self.ask("nadie@arrayan.example")
        assert sent == [{"kind": "reset", "user_id": sofia.user_id}, {"kind": "reset", "user_id": 0}]

    def test_it_ends_in_an_hour(self, post, sofia, noon):
        with time_machine.travel(noon, tick=False) as at:
            self.ask(sofia.user.email)
            page, token = link_in(post.letters[0])
            at.shift(timedelta(hours=1, seconds=1))
            assert Client().post(page, {"t": token, "password": NEW}).status_code == 410
            at.shift(timedelta(seconds=-2))
            assert Client().post(page, {"t": token, "password": NEW}).status_code == 200

    def test_a_change_of_password_ends_it(self, post, sofia, client_as):
        self.ask(sofia.user.email)
        page, token = link_in(post.letters[0])
        change(client_as("secretary"))
        assert Client().post(page, {"t": token, "password": "otra frase larga"}).status_code == 410

    @pytest.mark.parametrize("spoil", [
        lambda t: t[:-1] + ("0" if t[-1] != "0" else "1"), lambda t: "1" + t, lambda t: "", lambda t: "²-x-y",
        lambda t: "zzzzzzzzzzzzzzzzzz-" + t, lambda t: "a-b", lambda t: "x" * 5000, lambda t: t + "\0"])
    def test_a_spoiled_link_is_dead(self, post, sofia, spoil):
        self.ask(sofia.user.email)
        page, token = link_in(post.letters[0])
        assert Client().get(page, {"t": spoil(token)}).status_code == 200
        assert Client().post(page, {"t": spoil(token), "password": NEW}).status_code in (400, 410)
        assert enters(sofia, PASSWORD)

    def test_a_link_of_another_person_is_another_link(self, sofia, people):
        token = links.reset.make(sofia.user).partition("-")[2]
        from django.utils.http import int_to_base36

        assert links.reset.read(f"{int_to_base36(people['ceo'].user_id)}-{token}") is None

    def test_a_link_to_confirm_sets_no_password(self, sofia):
        dead = Client().post("/password/new", {"t": links.confirm.make(sofia.user), "password": NEW})
        assert dead.status_code == 410 and enters(sofia, PASSWORD)

    def test_who_may_not_log_in_gets_none(self, post, sofia):
        User.objects.filter(pk=sofia.user_id).update(is_active=False)
        self.ask(sofia.user.email)
        assert post.letters == []

    def test_letters_to_one_address_are_counted(self, post, sofia, noon):
        with time_machine.travel(noon, tick=False):
            answers = [Client(REMOTE_ADDR=f"10.0.1.{n}").post("/password/forgot", {"email": sofia.user.email})
                       for n in range(4)]
        assert [one.status_code for one in answers] == [200, 200, 200, 429] and len(post.letters) == 3

    def test_letters_to_one_person_are_few_in_an_hour_too(self, post, sofia, noon):
        """Whoever asks, and by registering as well, whose answer does not change."""
        with time_machine.travel(noon, tick=False) as at:
            for n in range(6):
                Client(REMOTE_ADDR=f"10.0.1.{n}").post("/password/forgot", {"email": sofia.user.email})
                answer = Client(REMOTE_ADDR=f"10.0.2.{n}").post(
                    "/register", TestConfirm.BODY | {"email": sofia.user.email})
                assert answer.status_code == 201
                at.shift(timedelta(minutes=1))
        assert len(post.letters) == 10

    def test_it_leads_where_the_settings_say_whatever_the_host(self, post, sofia, settings):
        settings.ALLOWED_HOSTS = ["*"]
        self.ask(sofia.user.email, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
        assert "evil" not in post.letters[0].as_string()

    def test_a_broker_that_is_down_changes_no_answer(self, post, sofia, monkeypatch):
        def down(**_):
            raise ConnectionError

        monkeypatch.setattr(mail.write_later, "apply_async", down)
        assert self.ask(sofia.user.email).status_code == 200


class TestWithoutMail:
    def test_nothing_is_offered_and_nothing_is_sent(self, sofia, mailoutbox):
        assert "/password/forgot" not in Client().get("/login").content.decode()
        page = Client().get("/password/forgot")
        assert page.status_code == 200 and 'name="email"' not in page.content.decode()
        Client().post("/password/forgot", {"email": sofia.user.email})
        assert mailoutbox == []

    def test_the_operator_makes_the_link(self, sofia):
        said = StringIO()
        call_command("password_link", sofia.user.email, stdout=said)
        token = said.getvalue().strip().split("?t=")[1]
        assert Client().post("/password/new", {"t": token, "password": NEW}).status_code == 200
        assert enters(sofia, NEW)
        with pytest.raises(CommandError):
            call_command("password_link", "nadie@x.example")


class TestConfirm:
    BODY = {"email": "nueva@x.example", "password": "clave-bien-larga-9", "name": "Nueva", "clinic": "arrayan",
            "role": "secretary"}

    def register(self, **more):
        cache.clear()
        return Client().post("/register", self.BODY | more)

    def enters(self, **more):
        body = {"email": self.BODY["email"], "password": self.BODY["password"]} | more
        return Client().post("/auth/login", body, content_type="application/json")

    def test_an_address_is_confirmed_by_its_link(self, post, arrayan):
        assert self.register().status_code == 201
        page, token = link_in(post.letters[0])
        assert page == "/email/confirm" and self.enters().status_code == 401
        assert Client().get(page, {"t": token}).status_code == 200
        assert self.enters().status_code == 401, "opening it does nothing"
        said = {"t": token, "current": self.BODY["password"]}
        assert Client().post(page, {"t": token}).status_code == 400
        assert Client().post(page, said).status_code == 200
        assert self.enters().json()["status"] == "pending"
        assert Client().post(page, said).status_code == 410

    def test_whoever_has_the_address_confirms_no_account_that_a_stranger_made_under_it(self, post, arrayan):
        """They wait for a letter of ours too, and would open the stranger's."""
        self.register(password="clave-del-extrano-9")
        self.register()
        page, token = link_in(post.letters[0])
        wrong = Client().post(page, {"t": token, "current": self.BODY["password"]})
        assert wrong.status_code == 400 and wrong.context["form"].errors["current"]
        assert not User.objects.get(email=self.BODY["email"]).email_confirmed_at
        assert self.enters(password="clave-del-extrano-9").status_code == 401

    def test_tries_of_its_password_are_counted(self, sofia, noon):
        with time_machine.travel(noon, tick=False):
            said = {"t": links.confirm.make(sofia.user), "current": "otra"}
            answers = [Client().post("/email/confirm", said) for _try in range(6)]
        assert [one.status_code for one in answers] == [400] * 5 + [429] and answers[5].headers["Retry-After"]

    def test_who_registers_a_strangers_address_learns_nothing_by_logging_in(self, post, people):
        """Else a login that works would say that the address was free."""
        self.register()
        self.register(email=people["ceo"].user.email)
        free, taken = self.enters(), self.enters(email=people["ceo"].user.email)
        assert (free.status_code, free.json()) == (taken.status_code, taken.json())

    def test_who_has_a_taken_address_is_told_by_mail(self, post, people):
        answers = [self.register(), self.register(email=people["ceo"].user.email)]
        assert answers[0].status_code == answers[1].status_code == 201
        assert [(one["To"], "/email/confirm" in one.get_content()) for one in post.letters] == [
            ("nueva@x.example", True), (people["ceo"].user.email, False)]

    def test_whom_a_clinic_has_activated_enters_without_it(self, post, arrayan, within):
        self.register()
        with within(arrayan):
            Membership.objects.filter(user__email="nueva@x.example").update(status="active")
        assert self.enters().status_code == 200

    def test_the_account_page_sends_the_link(self, post, client_as, sofia):
        client = client_as("secretary")
        assert client.post("/account/email/confirm").status_code == 302
        page, token = link_in(post.letters[0])
        Client().post(page, {"t": token, "current": PASSWORD})
        assert User.objects.get(pk=sofia.user_id).email_confirmed_at
        assert "Sin confirmar" not in client.get("/account/").content.decode()

    def test_a_link_opens_for_who_waits_to_be_activated(self, within, arrayan):
        """Their session, and one that owes a second factor, lead elsewhere: not from there."""
        with within(arrayan):
            member = MembershipFactory(status="pending")
        client = Client()
        client.post("/auth/login", {"email": member.user.email, "password": PASSWORD}, content_type="application/json")
        assert client.get("/agenda/").headers["Location"] == "/pending"
        assert client.get("/password/new", {"t": "x"}).status_code == 200
        said = {"t": links.confirm.make(member.user), "current": PASSWORD}
        assert client.post("/email/confirm", said).status_code == 200
        assert client.post("/language", {"language": "en"}).cookies["django_language"].value == "en"

    def test_another_address_ends_the_link(self, sofia):
        token = links.confirm.make(sofia.user)
        User.objects.filter(pk=sofia.user_id).update(email="otra@x.example")
        assert Client().post("/email/confirm", {"t": token, "current": PASSWORD}).status_code == 410

    def test_it_ends_in_three_days(self, sofia, noon):
        with time_machine.travel(noon, tick=False) as at:
            token = links.confirm.make(sofia.user)
            at.shift(timedelta(days=3, seconds=-1))
            assert links.confirm.read(token)
            at.shift(timedelta(seconds=2))
            assert links.confirm.read(token) is None

    def test_a_link_to_set_a_password_confirms_nothing(self, sofia):
        said = {"t": links.reset.make(sofia.user), "current": PASSWORD}
        assert Client().post("/email/confirm", said).status_code == 410


def settings_with(**environment):
    """What the settings say of mail in a process of its own."""
    names = ("EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD", "EMAIL_USE_TLS", "EMAIL_USE_SSL")
    code = f"from dentalogic import settings as s; print([getattr(s, name) for name in {names}])"
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "EMAIL_FROM": "a@b.example", **environment},
        capture_output=True, text=True, check=False)
    return done.stdout.strip() or done.stderr


@pytest.mark.parametrize(("url", "read"), [
    ("", "['', 25, '', '', False, False]"),
    ("smtp://127.0.0.1:2525", "['127.0.0.1', 2525, '', '', False, False]"),
    ("smtp+tls://ana%40x:c%3Alave@mail.example", "['mail.example', 587, 'ana@x', 'c:lave', True, False]"),
    ("smtps://mail.example", "['mail.example', 465, '', '', False, True]"),
])
def test_one_address_says_how_to_send(url, read):
    assert settings_with(EMAIL_URL=url) == read


@pytest.mark.parametrize("wrong", [
    {"EMAIL_URL": "http://mail.example"}, {"EMAIL_URL": "smtp://mail.example", "EMAIL_FROM": ""}])
def test_half_a_setting_stops_the_start(wrong):
    assert "ImproperlyConfigured" in settings_with(**wrong)


def test_of_two_with_one_link_one_sets_it(transactional_db, sofia):
    from contextlib import nullcontext

    from tests.races import at_once

    token = links.reset.make(sofia.user)
    texts = ("frase larga primera", "frase larga otra")
    answers = at_once(nullcontext, [lambda text=text: passwords.reset(link=token, new=text) for text in texts])
    assert sorted(type(one).__name__ for one in answers) == ["DeadLink", "User"]
