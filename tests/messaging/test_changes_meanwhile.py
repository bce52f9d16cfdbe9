"""What is edited or deleted while she thinks about it."""
import pytest

from messaging import turns
from tests.messaging.conftest import Said
from tests.messaging.test_changes import edited, revoked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


@pytest.mark.parametrize(("change", "read"), [(edited, ["hola, quiero una ortodoncia"]), (revoked, [])])
def test_what_is_edited_or_deleted_while_she_thinks_is_not_answered_as_it_was(
        post, clinic, receptionist, at_noon, change, read):
    post("text")
    at_noon.shift(9)

    def thinking(**call):
        receptionist.answers = ["Te busco una ortodoncia."]
        change(post)
        return Said("Te busco una limpieza.")

    receptionist.answers = thinking
    assert clinic.turn().outcome == "stale"
    assert clinic.messages(direction="out") == []
    clinic.turn()
    assert [one.text for one in clinic.messages(direction="out")] == ["Te busco una ortodoncia."] * len(read)
    assert [one.text for call in receptionist.calls[1:] for one in call["messages"]] == read


def test_where_she_did_something_meanwhile_somebody_sees_the_edit(post, clinic, receptionist, at_noon, monkeypatch):
    post("text")
    at_noon.shift(9)

    def thinking(**call):
        edited(post)
        clinic.change(unread=0)
        return Said("Listo, está reservado.")

    receptionist.answers = thinking
    monkeypatch.setattr(turns, "_acted", lambda turn: True)
    assert clinic.turn().outcome == "answered"
    assert clinic.conversation().unread == 1
