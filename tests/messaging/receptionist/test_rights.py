"""The receptionist does what her own list in `clinics.access` names, and nothing else."""
import pytest

from clinics import access
from messaging.receptionist.case import load
from messaging.receptionist.tools import TOOLS, use
from messaging.receptionist.tools.appointments import Nothing
from messaging.receptionist.tools.base import Answer, Tool
from tests.messaging.factories import NOON, ConversationFactory

ran = []


def _runs(case, asked):
    ran.append(case)
    return Answer({"said": "hecho"})


@pytest.fixture
def made_case(here):
    return load(conversation=ConversationFactory(), messages=[], turn=None, now=NOON)


@pytest.mark.parametrize("capability", ["cash.register", "record.read", "staff.manage"])
def test_a_tool_that_is_not_on_her_list_does_not_run(made_case, capability):
    ran.clear()
    done = use(made_case, Tool("bad", capability, "", Nothing, _runs), {})
    assert (done.refused, done.data["code"]) == (True, "not_hers")
    assert not ran
    done = use(made_case, Tool("good", "agenda.see", "", Nothing, _runs), {})
    assert not done.refused
    assert ran == [made_case]


def test_her_list_is_closed():
    her = access.receptionist(7)
    may = {name for name in access.TABLE if access.can(her, name)}
    assert may == {"agenda.see", "agenda.book", "alerts.see", "patients.edit", "conversations.attend"}
    assert {tool.capability for tool in TOOLS} <= may
    assert access.scope(her, "agenda.see") == access.FREE_BUSY
    assert {access.scope(her, name) for name in may} == {access.FREE_BUSY, access.OWN}
