"""Sockets against the real server: who may connect, who hears what, and when it stops."""
import json
import socket
import threading
import time
from contextlib import contextmanager

import pytest
import uvicorn
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from clinics import live, tenancy
from clinics.auth import door, sessions
from clinics.models import Membership

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def port(db, transactional_db):
    from dentalogic.asgi import application  # noqa: PLC0415  (asks the database who it is)

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(application, port=number, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield number
    server.should_exit = True
    thread.join(10)


def access(member):
    with tenancy.tenant_context(member.tenant_id), tenancy.atomic():
        return str(sessions.begin(membership=member).access_token)


def page_socket(port, token, **headers):
    return connect(f"ws://127.0.0.1:{port}/ws/", additional_headers={"Cookie": f"dl_access={token}", **headers})


@contextmanager
def socketio_socket(port, token):
    """The handshake of a Socket.IO client by hand; yields the open socket and the server's reply to CONNECT."""
    with connect(f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket") as client:
        assert client.recv(5).startswith("0{")
        client.send("40" + (json.dumps({"token": token}) if token else ""))
        yield client, client.recv(5)


def say(tenant_id, **ids):
    with tenancy.tenant_context(tenant_id), tenancy.atomic():
        live.say("NEW_APPOINTMENT", **ids)


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


def test_an_event_must_be_on_the_list(here):
    with pytest.raises(ValueError, match="NO_SUCH"):
        live.say("NO_SUCH")
