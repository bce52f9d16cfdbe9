"""What one turn of the offline receptionist asks of the database: bench/conversation says what it costs."""
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.agenda.factories import PatientFactory

pytestmark = pytest.mark.django_db
SCOPE = ("SAVEPOINT", "RELEASE", "SET ")  # of the test's own transaction, outside which each of ours would stand
MOST = 25  # claim 7, case 4, key 1, catalogue 4, answer 9 (one: whether what was read was edited meanwhile)


@pytest.fixture
def counted(chat, monkeypatch):
    def of(*texts):
        take = chat.clinic.turn

        def noted():
            with CaptureQueriesContext(connection) as queries:
                turn = take()
            of.statements = [one["sql"] for one in queries if not one["sql"].startswith(SCOPE)][1:]  # which one it is
            return turn

        monkeypatch.setattr(chat.clinic, "turn", noted)
        chat.says(*texts)
        monkeypatch.undo()
        assert chat.answer
        return len(of.statements)

    return of


def test_a_turn_is_few_statements_however_long_the_talk_is(counted, rows, arrayan, within, chat):
    assert counted("hola") <= MOST, "\n".join(counted.statements)
    with within(arrayan):
        PatientFactory.create_batch(20)
    for _each in range(3):
        chat.says("¿dónde quedan?")
    assert counted("hola") <= MOST
    assert counted(*["hola"] * 20) <= MOST
