"""Sockets against the real server: who may connect, who hears what, and when it stops."""
import asyncio
import json
import os
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest
from django.utils.module_loading import import_string
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from clinics import consumers, live, staff, tenancy
from clinics.auth import door, passwords, sessions
from clinics.models import Membership, Session
from tests.clinics.sockets import access, begun, page_socket, say, socketio_socket

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_frame_reaches_its_clinic_only(port, people, strangers):
    mine, theirs = people["secretary"], strangers["secretary"]
    with page_socket(port, access(mine)) as here, page_socket(port, access(theirs)) as there:
        say(mine.tenant_id, appointment=7)
        frame = json.loads(here.recv(5))
        assert (frame["event"], frame["ids"], set(frame)) == (
            "NEW_APPOINTMENT", {"appointment": 7}, {"event", "ids", "at"})
        say(theirs.tenant_id, appointment=8)
        assert json.loads(there.recv(5))["ids"] == {"appointment": 8}
        with pytest.raises(TimeoutError):
            here.recv(0.2)


def test_socketio_hears_the_same_frames(port, people, strangers):
    mine, theirs = people["secretary"], strangers["secretary"]
    with socketio_socket(port, access(mine)) as (here, welcome), socketio_socket(port, access(theirs)) as (there, _):
        assert welcome.startswith("40{")
        say(mine.tenant_id, appointment=7)
        event, frame = json.loads(here.recv(5)[2:])
        assert event == "NEW_APPOINTMENT" and frame["ids"] == {"appointment": 7}
        with pytest.raises(TimeoutError):
            there.recv(0.3)


def test_another_installation_on_the_same_redis_is_not_heard(port, people, settings):
    """Publishing knows no database numbers, and both installations have a clinic 1."""
    number = int(urlsplit(settings.REDIS_URL).path.strip("/") or 0)
    member = people["secretary"]
    frame = {"event": "NEW_APPOINTMENT", "ids": {"appointment": 6}, "at": ""}

    async def tell():
        url = urlsplit(settings.REDIS_URL)._replace(path=f"/{(number + 1) % 16}").geturl()
        layer = import_string(settings.CHANNEL_LAYERS["default"]["BACKEND"])(**neighbour(url))
        await layer.group_send(live.group(member.tenant_id), {"type": "frame", "frame": frame})
        await layer.flush()

    with page_socket(port, access(member)) as here:
        asyncio.run(tell())
        say(member.tenant_id, appointment=7)
        assert json.loads(here.recv(5))["ids"] == {"appointment": 7}


def neighbour(url):
    """How the settings of an installation with that address say it."""
    script = "from django.conf import settings; import json; print(json.dumps(settings.CHANNEL_LAYERS))"
    said = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True,
        env=os.environ | {"REDIS_URL": url, "DJANGO_SETTINGS_MODULE": "dentalogic.settings"})
    return json.loads(said.stdout)["default"]["CONFIG"]


def test_nothing_is_told_of_what_was_rolled_back(port, people):
    member = people["secretary"]
    with page_socket(port, access(member)) as here:
        with pytest.raises(ZeroDivisionError), tenancy.tenant_context(member.tenant_id), tenancy.atomic():
            live.say("NEW_APPOINTMENT", appointment=1)
            1 / 0  # noqa: B018
        with pytest.raises(TimeoutError):
            here.recv(0.3)


@pytest.mark.parametrize("token", ["", "forjado"])
def test_no_session_no_socket(port, token):
    with pytest.raises((InvalidStatus, ConnectionClosed)), page_socket(port, token) as refused:
        refused.recv(5)
    with socketio_socket(port, token) as (_client, answer):
        pass
    reason = json.loads(answer.removeprefix("44"))["message"]
    assert "requerida" in reason or "inválido" in reason, "the words that stop existing front ends from trying again"


def test_another_sites_page_gets_no_socket_with_the_cookie(port, people):
    with pytest.raises((InvalidStatus, ConnectionClosed)), page_socket(
            port, access(people["ceo"]), Origin="https://otra.example") as refused:
        refused.recv(5)


def test_a_pending_member_gets_no_socket(port, people):
    member = people["secretary"]
    with tenancy.tenant_context(member.tenant_id), tenancy.atomic():
        Membership.objects.filter(pk=member.pk).update(status="pending")
    with pytest.raises((InvalidStatus, ConnectionClosed)), page_socket(port, access(member)) as refused:
        refused.recv(5)


def test_a_suspended_members_socket_ends(port, people, monkeypatch):
    monkeypatch.setattr(door, "RECHECK_SECONDS", 0.1)
    member = people["secretary"]
    with page_socket(port, access(member)) as here:
        with tenancy.tenant_context(member.tenant_id), tenancy.atomic():
            Membership.objects.filter(pk=member.pk).update(status="suspended")
        with pytest.raises(ConnectionClosed):
            here.recv(5)


def test_a_suspended_members_socketio_ends(port, people, monkeypatch):
    monkeypatch.setattr(door, "RECHECK_SECONDS", 0.1)
    member = people["secretary"]
    with socketio_socket(port, access(member)) as (client, _welcome):
        with tenancy.tenant_context(member.tenant_id), tenancy.atomic():
            Membership.objects.filter(pk=member.pk).update(status="suspended")
        assert client.recv(5).startswith("41"), "a DISCONNECT packet"


@pytest.fixture
def no_poll(monkeypatch):
    """Nothing asks by itself: what ends a socket is the announcement."""
    monkeypatch.setattr(door, "RECHECK_SECONDS", 3600)


def heard_until(client, mark):
    """What a page's socket hears before `mark`, which follows."""
    events = []
    while (frame := json.loads(client.recv(5)))["event"] != mark:
        events.append(frame)
    return events


def test_each_role_hears_what_the_table_lets_it(port, people):
    """NEW_APPOINTMENT is for all, without its ids for who sees free and busy; money is for ceo and desk alone."""
    tenant_id = people["ceo"].tenant_id
    heard = {}
    for role in ("ceo", "secretary", "professional", "setter"):
        with page_socket(port, access(people[role])) as client:
            say(tenant_id, "BILLING_UPDATED", patient=9)
            say(tenant_id, "NEW_MESSAGE", conversation=4)
            say(tenant_id, "NEW_APPOINTMENT", appointment=7)
            frames = [*heard_until(client, "NEW_APPOINTMENT")]
            say(tenant_id, "NEW_APPOINTMENT", appointment=8)
            last = json.loads(client.recv(5))
            heard[role] = ({frame["event"]: frame["ids"] for frame in frames}, last["ids"])
    all_of_it = {"BILLING_UPDATED": {"patient": 9}, "NEW_MESSAGE": {"conversation": 4}}
    assert heard["ceo"] == heard["secretary"] == (all_of_it, {"appointment": 8})
    assert heard["professional"] == ({"NEW_MESSAGE": {}}, {"appointment": 8}), "own patients only: not which"
    assert heard["setter"] == ({"NEW_MESSAGE": {}}, {})


def test_socketio_hears_by_the_same_table(port, people):
    tenant_id = people["ceo"].tenant_id
    with socketio_socket(port, access(people["setter"])) as (client, _welcome):
        say(tenant_id, "BILLING_UPDATED", patient=9)
        say(tenant_id, "NEW_APPOINTMENT", appointment=7)
        event, frame = json.loads(client.recv(5)[2:])
        assert (event, frame["ids"]) == ("NEW_APPOINTMENT", {})


ENDS = {
    "suspension": lambda member, ceo, _session: staff.suspend(membership=member, by=ceo.actor),
    "another role": lambda member, ceo, _session: staff.give_role(membership=member, role="closer", by=ceo.actor),
    "the ceo": lambda member, ceo, session: staff.end_session(session=session, by=ceo.actor),
    "password": lambda member, _ceo, _session: passwords.end_everywhere(member.user, why="password"),
    "logout": lambda member, _ceo, session: sessions.end(Session.objects.filter(pk=session.pk), why="logout"),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_what_ends_a_session_ends_its_sockets_at_once(port, people, no_poll, end):
    member, ceo = people["secretary"], people["ceo"]
    token = access(member)
    with page_socket(port, token) as page, socketio_socket(port, token) as (other, _), page_socket(
            port, access(ceo)) as bystander:
        with tenancy.tenant_context(member.tenant_id), tenancy.atomic():
            end(member, ceo, Session.objects.of(member).get())
        with pytest.raises(ConnectionClosed) as closed:
            page.recv(5)
        assert closed.value.rcvd.code == 4401, "the code at which a page loads itself again"
        assert other.recv(5).startswith("41")
        say(member.tenant_id, appointment=1)
        assert json.loads(bystander.recv(5))["event"] in ("STAFF_UPDATED", "NEW_APPOINTMENT"), "nobody else's ends"


def test_without_redis_the_change_stands_and_the_socket_asks_by_itself(port, people, monkeypatch, caplog):
    class Away:
        async def group_send(self, *message):
            raise ConnectionError

    monkeypatch.setattr(door, "RECHECK_SECONDS", 0.1)
    monkeypatch.setattr(live, "get_channel_layer", Away)
    member = people["secretary"]
    token = access(member)
    with page_socket(port, token) as page, socketio_socket(port, token) as (other, _welcome):
        with tenancy.tenant_context(member.tenant_id), tenancy.atomic():
            staff.suspend(membership=member, by=people["ceo"].actor)
        with pytest.raises(ConnectionClosed):
            page.recv(5)
        assert other.recv(5).startswith("41")
    assert "recheck dropped: ConnectionError" in caplog.text


def test_an_event_that_is_not_on_the_list_is_told_to_nobody(here, people):
    assert live.heard(people["ceo"].actor, {"event": "OF_TOMORROW", "ids": {"patient": 1}, "at": ""}) is None


def test_one_session_of_two_ends_alone(port, people, no_poll):
    member = people["secretary"]
    with page_socket(port, access(member)) as kept, page_socket(port, access(member)) as ended:
        with tenancy.tenant_context(member.tenant_id), tenancy.atomic():
            sessions.end(Session.objects.filter(pk=Session.objects.of(member).latest("pk").pk), why="ceo")
        with pytest.raises(ConnectionClosed):
            ended.recv(5)
        say(member.tenant_id, appointment=1)
        assert json.loads(kept.recv(5))["ids"] == {"appointment": 1}


def test_what_is_rolled_back_ends_no_socket(port, people, no_poll):
    member = people["secretary"]
    with page_socket(port, access(member)) as here:
        with pytest.raises(ZeroDivisionError), tenancy.tenant_context(member.tenant_id), tenancy.atomic():
            staff.suspend(membership=member, by=people["ceo"].actor)
            1 / 0  # noqa: B018
        say(member.tenant_id, appointment=1)
        assert json.loads(here.recv(5))["ids"] == {"appointment": 1}


def test_a_socket_that_comes_back_after_an_hour_needs_no_new_token(port, people):
    """The access cookie is gone by then; the refresh cookie opens the socket, and is not used up by it."""
    refresh = begun(people["secretary"])
    with connect(f"ws://127.0.0.1:{port}/ws/", additional_headers={"Cookie": f"dl_refresh={refresh}"}) as here:
        say(people["secretary"].tenant_id, appointment=1)
        assert json.loads(here.recv(5))["ids"] == {"appointment": 1}
    assert sessions.renew(str(refresh))


def test_a_page_whose_session_ended_is_told_so(port, people):
    """A browser cannot read the status of a refused handshake: it would try for ever, with patients on the screen."""
    member = people["secretary"]
    token = access(member)
    with tenancy.tenant_context(member.tenant_id), tenancy.atomic():
        staff.suspend(membership=member, by=people["ceo"].actor)
    with page_socket(port, token, Origin=f"http://127.0.0.1:{port}") as refused:
        with pytest.raises(ConnectionClosed) as closed:
            refused.recv(5)
        assert closed.value.rcvd.code == 4401


def test_a_member_without_the_second_factor_that_the_clinic_asks_for_gets_no_socket(port, people):
    member = people["secretary"]
    token = access(member)
    type(member.tenant).objects.filter(pk=member.tenant_id).update(second_factor_required=True)
    with pytest.raises((InvalidStatus, ConnectionClosed)), page_socket(port, token) as refused:
        refused.recv(5)
    with socketio_socket(port, token) as (_client, answer):
        assert answer.startswith("44")


def test_an_event_must_be_on_the_list(here):
    with pytest.raises(ValueError, match="NO_SUCH"):
        live.say("NO_SUCH")


@pytest.fixture
def opened(port):
    """`opened(member, age)`: a socket of a page that was made so many seconds ago."""
    def open_(member, age):
        url = f"ws://127.0.0.1:{port}/ws/?since={time.time() - age:.6f}"
        return connect(url, additional_headers={"Cookie": f"dl_access={access(member)}"})

    return open_


def said_and_heard(port, member):
    with page_socket(port, access(member)) as page:
        say(member.tenant_id, appointment=1)
        page.recv(5)


@pytest.mark.parametrize(("age", "told"), [(60, True), (-60, False)])
def test_a_page_is_told_of_what_was_said_before_its_socket_was_open(port, people, opened, age, told):
    member = people["secretary"]
    said_and_heard(port, member)
    with opened(member, age) as late:
        say(member.tenant_id, appointment=2)
        first = json.loads(late.recv(5))
    assert first == {"missed": True} if told else first["ids"] == {"appointment": 2}


def test_what_the_other_clinic_said_was_not_missed(port, people, strangers, opened):
    said_and_heard(port, strangers["secretary"])
    member = people["secretary"]
    with opened(member, 60) as late:
        say(member.tenant_id, appointment=2)
        assert json.loads(late.recv(5))["ids"] == {"appointment": 2}


@pytest.mark.parametrize("said", ["", "x", "²", "1e9", "-1", "nan", "9" * 40])
def test_an_odd_word_of_when_the_page_was_made_is_no_word(said):
    assert consumers._since({"query_string": f"since={said}".encode()}) is None
