"""Statuses in any order: all are kept, the message only climbs."""
from itertools import permutations

import pytest

from clinics import tenancy
from messaging.models import ChatMessage, MessageStatus
from tests import payloads
from tests.messaging.factories import NOON, ConversationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
HIGHEST = {"sent": 1, "failed": 2, "delivered": 3, "read": 4}


@pytest.fixture
def sent(arrayan, channel, within):
    with within(arrayan):
        return ChatMessage.objects.create(
            conversation=ConversationFactory(channel=channel), direction="out", author="receptionist", text="hola",
            status="sent", provider_id="wamid.OUT1", provider_ref="out_1", created_at=NOON, sent_at=NOON)


def state(clinic):
    return clinic.messages(direction="out")[0]


def reports(clinic):
    with clinic, tenancy.atomic():
        return list(MessageStatus.objects.order_by("pk"))


@pytest.mark.usefixtures("sent")
@pytest.mark.parametrize("order", list(permutations(["accepted", "sent", "delivered", "read"])))
def test_all_orders_of_four_statuses_end_alike(post, clinic, order):
    for number, status in enumerate(order):
        assert post("status", event=f"evt_{number}", status=status).status_code == 200
    assert state(clinic).status == "read"
    assert len(reports(clinic)) == 4
    assert {row.message_id for row in reports(clinic)} == {state(clinic).pk}


@pytest.mark.usefixtures("sent")
@pytest.mark.parametrize("order", list(permutations(["sent", "failed", "delivered"])))
def test_delivered_wins_over_failed_in_any_order(post, clinic, order):
    for number, status in enumerate(order):
        post("status", event=f"evt_{number}", status=status, errorCode="131026")
    assert (state(clinic).status, state(clinic).error_code) == ("delivered", "")


@pytest.mark.usefixtures("sent")
def test_a_failure_shows_its_code_and_asks_for_a_person(post, clinic):
    post("status", status="failed", errorCode="131026", errorMessage="undeliverable")
    assert (state(clinic).status, state(clinic).error_code, state(clinic).error_text) == (
        "failed", "131026", "undeliverable")
    assert clinic.conversation().waiting_since is not None


@pytest.mark.usefixtures("sent")
def test_the_same_report_again_is_one(post, clinic):
    for _again in range(3):
        assert post("status", status="delivered").status_code == 200
    assert len(reports(clinic)) == 1


@pytest.mark.usefixtures("sent")
def test_an_unknown_status_is_kept_and_moves_nothing(post, clinic):
    post("status", status="pondering")
    assert state(clinic).status == "sent"
    assert [row.status for row in reports(clinic)] == ["pondering"]


def test_a_report_of_a_message_that_is_not_ours_is_kept(post, clinic, channel):
    assert post("status", wamid="wamid.other", id="out_other").status_code == 200
    assert [row.message_id for row in reports(clinic)] == [None]


def test_a_report_faster_than_the_answer_to_the_post_is_adopted(post, clinic, answered, whatsapp):
    body = payloads.ycloud("status", status="delivered")
    post(body)  # of wamid.OUT1, which the fake gives to the first send
    clinic.send()
    assert state(clinic).status == "delivered"
    assert reports(clinic)[0].message_id == state(clinic).pk


def test_our_id_of_another_clinic_is_nothing_here(post, clinic, sent, bosque, within):
    from messaging.models import Channel

    with within(bosque):
        theirs = ChatMessage.objects.create(
            conversation=ConversationFactory(channel=Channel.objects.get()), direction="out", author="receptionist",
            text="hola", status="sent", created_at=NOON)
    post("status", wamid=None, id="x", externalId=theirs.external_id, status="read")
    with within(bosque):
        assert ChatMessage.objects.get(pk=theirs.pk).status == "sent"


def test_our_id_of_another_channel_is_nothing_here(post, clinic, sent, arrayan, within):
    with within(arrayan):
        other = ConversationFactory()
        theirs = ChatMessage.objects.create(
            conversation=other, direction="out", author="receptionist", text="hola", status="sent", created_at=NOON)
    post("status", wamid=None, id="x", externalId=theirs.external_id, status="read")
    assert clinic.messages(pk=theirs.pk)[0].status == "sent"
