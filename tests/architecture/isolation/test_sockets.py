"""No event of a clinic is heard in the other, on either kind of socket."""
import json

import pytest

from clinics import live
from tests.clinics.conftest import port  # noqa: F401
from tests.clinics.sockets import access, page_socket, say, socketio_socket

pytestmark = pytest.mark.django_db(transaction=True)


def test_no_event_of_a_clinic_is_heard_in_the_other(port, people, strangers):  # noqa: F811
    """Each event there is, on both kinds of socket: the other clinic hears nothing, one's own all of it."""
    mine, theirs = people["ceo"], strangers["ceo"]
    with (
        page_socket(port, access(mine)) as here, page_socket(port, access(theirs)) as there,
        socketio_socket(port, access(mine)) as (io_here, _), socketio_socket(port, access(theirs)) as (io_there, _),
    ):
        for event in live.EVENTS:
            say(mine.tenant_id, event, appointment=7)
        say(theirs.tenant_id, "CLINIC_UPDATED", appointment=8)
        assert {json.loads(here.recv(5))["event"] for _event in live.EVENTS} == set(live.EVENTS)
        assert {json.loads(io_here.recv(5)[2:])[0] for _event in live.EVENTS} == set(live.EVENTS)
        assert json.loads(there.recv(5))["ids"] == {"appointment": 8}, "the first thing that the other clinic hears"
        assert json.loads(io_there.recv(5)[2:])[1]["ids"] == {"appointment": 8}
