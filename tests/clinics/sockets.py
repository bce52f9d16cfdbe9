"""Clients of the two kinds of socket, by hand."""
import json
from contextlib import contextmanager

from websockets.sync.client import connect

from clinics import live, tenancy
from clinics.auth import sessions


def begun(member, **more):
    """A new session's tokens."""
    with tenancy.tenant_context(member.tenant_id), tenancy.atomic():
        return sessions.begin(membership=member, **more)


def access(member):
    return str(begun(member).access_token)


def page_socket(port, token, **headers):
    return connect(f"ws://127.0.0.1:{port}/ws/", additional_headers={"Cookie": f"dl_access={token}", **headers})


@contextmanager
def socketio_socket(port, token):
    """The handshake of a Socket.IO client by hand; yields the open socket and the server's reply to CONNECT."""
    with connect(f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket") as client:
        assert client.recv(5).startswith("0{")
        client.send("40" + (json.dumps({"token": token}) if token else ""))
        yield client, client.recv(5)


def say(tenant_id, event="NEW_APPOINTMENT", **ids):
    with tenancy.tenant_context(tenant_id), tenancy.atomic():
        live.say(event, **ids)
