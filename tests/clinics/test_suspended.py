"""A second browser with a suspended person's session gets 401 on its next request, and its sockets of both kinds
close within five seconds: on the served application, over HTTP, with cookies and nothing else."""
import re

import httpx2
import pytest
from websockets.exceptions import ConnectionClosed

from clinics.auth import door
from tests.clinics.sockets import page_socket, socketio_socket
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
WITHIN = 5  # seconds


@pytest.fixture
def browser(port):
    """`browser(member)`: logged in by the form, as a person does it."""
    opened = []

    def log_in(member):
        client = httpx2.Client(base_url=f"http://127.0.0.1:{port}", headers={"Accept": "text/html"}, trust_env=False)
        opened.append(client)
        client.get("/login")
        answer = client.post("/login", data={
            "email": member.user.email, "password": PASSWORD, "csrfmiddlewaretoken": client.cookies["csrftoken"]})
        assert answer.status_code == 302 and client.cookies["dl_access"]
        return client

    yield log_in
    for client in opened:
        client.close()


def press(client, page, action, **fields):
    """The button of a form of a page."""
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get(page).text).group(1)
    return client.post(action, data={"csrfmiddlewaretoken": token, **fields})


CHANGES = {
    "suspended": ("suspend", {}),
    "another role": ("role", {"role": "closer"}),
    "sessions ended": ("sessions/end", {}),
}


@pytest.mark.parametrize(("action", "fields"), CHANGES.values(), ids=CHANGES)
def test_a_second_browser_is_out_at_once(port, people, browser, monkeypatch, action, fields):
    monkeypatch.setattr(door, "RECHECK_SECONDS", 3600)  # no poll: it is told
    member = people["secretary"]
    ceo, first, second = browser(people["ceo"]), browser(member), browser(member)
    assert second.get("/agenda/").status_code == 200
    token = second.cookies["dl_access"]
    with page_socket(port, token) as page, socketio_socket(port, token) as (other, welcome):
        assert welcome.startswith("40{")
        person = f"/settings/people/{member.pk}/"
        assert press(ceo, person, person + action, **fields).status_code == 302

        refused = second.get("/agenda/")
        assert refused.status_code == 401 and 'action="/login"' in refused.text
        assert first.get("/api/v1/appointments", headers={"Accept": "*/*"}).status_code == 401
        assert first.get("/inbox/", headers={"HX-Request": "true"}).status_code == 401
        with pytest.raises(ConnectionClosed) as closed:
            page.recv(WITHIN)
        assert closed.value.rcvd.code == 4401
        assert other.recv(WITHIN).startswith("41"), "a DISCONNECT packet"
    assert ceo.get("/agenda/").status_code == 200


def test_logging_out_closes_the_sockets_of_that_browser_alone(port, people, browser, monkeypatch):
    monkeypatch.setattr(door, "RECHECK_SECONDS", 3600)
    first, second = browser(people["secretary"]), browser(people["secretary"])
    stolen = second.cookies["dl_access"]
    with page_socket(port, stolen) as out, page_socket(port, first.cookies["dl_access"]) as stays:
        assert press(second, "/agenda/", "/logout").status_code == 302
        with pytest.raises(ConnectionClosed):
            out.recv(WITHIN)
        with pytest.raises(TimeoutError):
            stays.recv(0.2)
    copied = httpx2.get(f"http://127.0.0.1:{port}/auth/me", headers={"Cookie": f"dl_access={stolen}"}, trust_env=False)
    assert copied.status_code == 401, "a copy of its cookie is worth nothing"
    assert first.get("/agenda/").status_code == 200
