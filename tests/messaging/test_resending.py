"""WhatsApp took a message and failed with it afterwards: where its code allows another try there is one, with ids of
its own, and none where the first arrived after all."""
from datetime import timedelta
from itertools import permutations

import pytest

from clinics import tenancy
from messaging import doubts, outbox
from messaging.models import Channel, ChatMessage, MessageStatus

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
LATER = timedelta(minutes=3)
FIRST, SECOND = {"id": "out_1", "wamid": "wamid.OUT1"}, {"id": "out_2", "wamid": "wamid.OUT2"}


@pytest.fixture
def failed(clinic, say, whatsapp, post):
    """A message that WhatsApp took and told to have failed with; what it is now."""

    def fail(code="130429", text="hola", **more):
        message = say(text, **more)
        clinic.send()
        whatsapp.kept["out_1"] |= {"status": "failed", "errorCode": code}
        tell(post, whatsapp, "out_1", "failed", errorCode=code)
        return message

    return fail


def tell(post, whatsapp, which, status, **more):
    """As YCloud does: with its own id, WhatsApp's and ours."""
    kept = whatsapp.kept[which]
    names = {"id": which, "wamid": kept["wamid"], "externalId": kept["externalId"]} | more
    event = f"evt_{which}_{status}_{more.get('wamid', '')}"
    assert post("status", event=event, status=status, **names).status_code == 200


def again(clinic, at_noon, by=LATER):
    at_noon.shift(by)
    clinic.send()


@pytest.mark.parametrize("code", ["130429", "131056", "80007", "131000", "TOO_MANY_REQUESTS"])
def test_it_goes_once_more_with_ids_of_its_own(clinic, failed, whatsapp, post, at_noon, code):
    message = failed(code)
    waits = clinic.row(message)
    assert (waits.status, waits.error_code, waits.send_number) == ("queued", code, 2)
    assert clinic.conversation().waiting_since is None, "nobody is asked to look at what mends itself"
    again(clinic, at_noon, timedelta(seconds=30))
    assert whatsapp.texts() == ["hola"], "it backs off"
    again(clinic, at_noon)
    assert whatsapp.texts() == ["hola", "hola"]
    one, two = (body["externalId"] for body in whatsapp.sent)
    assert one != two
    row = clinic.row(message)
    assert (row.status, row.provider_id, row.provider_ref, row.former_ref, row.error_code) == (
        "sent", "wamid.OUT2", "out_2", "out_1", "")
    tell(post, whatsapp, "out_2", "read")
    assert clinic.row(message).status == "read"


def test_its_second_failure_is_the_last(clinic, failed, whatsapp, post, at_noon):
    message = failed()
    again(clinic, at_noon)
    tell(post, whatsapp, "out_2", "failed", errorCode="130429")
    again(clinic, at_noon, timedelta(hours=2))
    row = clinic.row(message)
    assert (row.status, row.error_code, len(whatsapp.sent)) == ("failed", "130429", 2)
    assert clinic.conversation().waiting_since is not None


@pytest.mark.parametrize("code", ["131026", "131047", "131049", "132001", "131042", "131048"])
def test_a_code_that_is_for_good_is_shown_at_once(clinic, failed, whatsapp, at_noon, code):
    message = failed(code)
    again(clinic, at_noon)
    assert (clinic.row(message).status, len(whatsapp.sent)) == ("failed", 1)


@pytest.mark.parametrize("names", [{}, {"externalId": None}, {"externalId": None, "id": ""}])
def test_what_arrived_after_all_is_not_sent_again(clinic, failed, whatsapp, post, at_noon, names):
    message = failed()
    tell(post, whatsapp, "out_1", "delivered", **names)
    row = clinic.row(message)
    assert (row.status, row.provider_id, row.error_code) == ("delivered", "wamid.OUT1", "")
    again(clinic, at_noon)
    assert whatsapp.texts() == ["hola"]
    tell(post, whatsapp, "out_1", "read", **names)
    assert clinic.row(message).status == "read", "the first is the message again, and climbs on"


def test_one_whose_news_was_lost_is_asked_for_before_it_goes_again(clinic, failed, whatsapp, at_noon):
    message = failed("131000")
    whatsapp.kept["out_1"] |= {"status": "delivered", "errorCode": None}
    again(clinic, at_noon)
    row = clinic.row(message)
    assert (whatsapp.texts(), row.status, row.provider_id, row.send_number) == (
        ["hola"], "delivered", "wamid.OUT1", 1)


def test_told_between_its_claim_and_its_post_it_is_not_posted(clinic, failed, whatsapp, post, at_noon, monkeypatch):
    message = failed()
    at_noon.shift(LATER)
    monkeypatch.setattr("messaging.pace.wait", lambda *_a, **_k: tell(post, whatsapp, "out_1", "delivered") or 0)
    clinic.send()
    assert (whatsapp.texts(), clinic.row(message).status) == (["hola"], "delivered")


LATE = [("out_1", "delivered"), ("out_1", "failed"), ("out_2", "delivered")]


@pytest.mark.parametrize("order", list(permutations(LATE)))
@pytest.mark.parametrize("by", ["ours", "theirs"])
def test_late_news_of_one_never_moves_the_other(clinic, failed, whatsapp, post, at_noon, order, by):
    message = failed()
    again(clinic, at_noon)
    climbed = "sent"
    for number, (which, status) in enumerate(order):
        names = {"externalId": None} if by == "theirs" else {}
        post("status", event=f"late_{number}", status=status, **{
            "id": which, "wamid": whatsapp.kept[which]["wamid"], "externalId": whatsapp.kept[which]["externalId"],
            "errorCode": "131026" if status == "failed" else None} | names)
        climbed = "delivered" if (which, status) == ("out_2", "delivered") else climbed
        assert clinic.row(message).status == climbed, (which, status)
    row = clinic.row(message)
    assert (row.provider_id, row.error_code) == ("wamid.OUT2", "")
    again(clinic, at_noon)
    assert len(whatsapp.sent) == 2
    with clinic, tenancy.atomic():
        assert MessageStatus.objects.filter(message=message).count() == 4, "each is kept"


@pytest.mark.parametrize("first", [True, False])
def test_where_the_second_does_not_go_that_the_first_arrived_counts(
        clinic, failed, whatsapp, post, at_noon, first):
    message = failed()
    again(clinic, at_noon)
    news = [("out_1", {"status": "delivered"}), ("out_2", {"status": "failed", "errorCode": "131026"})]
    for which, said in news if first else news[::-1]:
        tell(post, whatsapp, which, **said)
    row = clinic.row(message)
    assert (row.status, row.error_code, row.provider_id) == ("delivered", "", "wamid.OUT1")


def test_the_answer_to_the_first_post_may_come_after_its_failure(
        clinic, say, whatsapp, post, at_noon, monkeypatch):
    """YCloud queues: its report may be here before its answer, also of what was written long ago."""
    message, real = say("hola"), outbox._post
    at_noon.shift(timedelta(hours=2))

    def overtaken(message):
        answer = real(message)
        tell(post, whatsapp, "out_1", "failed", errorCode="130429")
        return answer

    with monkeypatch.context() as first:
        first.setattr(outbox, "_post", overtaken)
        clinic.send()
    whatsapp.kept["out_1"]["status"] = "failed"
    waits = clinic.row(message)
    assert (waits.status, waits.send_number, waits.provider_ref, waits.former_ref) == ("queued", 2, "", "out_1")
    again(clinic, at_noon)
    row = clinic.row(message)
    assert (len(whatsapp.sent), row.status, row.provider_id) == (2, "sent", "wamid.OUT2")


def test_a_second_post_that_nobody_knows_the_end_of_is_settled_by_the_first(
        clinic, failed, whatsapp, post, at_noon, settings):
    message = failed()
    at_noon.shift(LATER)
    with clinic:
        outbox._claimed(message.conversation_id)  # and then kill -9
    tell(post, whatsapp, "out_1", "delivered")
    at_noon.shift(timedelta(seconds=settings.OUTBOX_DOUBT + 1))
    with clinic:
        doubts.show()
    assert (clinic.row(message).status, clinic.row(message).in_doubt) == ("delivered", False)


def test_what_is_behind_does_not_wait_for_it(clinic, failed, say, whatsapp):
    failed()
    say("y después")
    clinic.send()
    assert whatsapp.texts() == ["hola", "y después"]


def test_the_window_is_looked_at_again(clinic, failed, whatsapp, at_noon, post):
    message = failed()
    clinic.change(last_inbound_at=outbox.clock.now() - timedelta(hours=24))
    again(clinic, at_noon)
    assert (clinic.row(message).status, clinic.row(message).error_code) == ("failed", "window_closed")
    assert whatsapp.texts() == ["hola"]


def test_who_wants_no_promotions_meanwhile_gets_none(clinic, failed, whatsapp, at_noon):
    message = failed(marketing=True)
    clinic.change(marketing_opt_out_at=outbox.clock.now())
    again(clinic, at_noon)
    assert (clinic.row(message).error_code, len(whatsapp.sent)) == ("opted_out", 1)


def test_an_answer_that_something_was_said_after_stays_failed(clinic, say, whatsapp, post, writes):
    message = say("¿El martes a las 10?")
    clinic.send()
    writes("mejor el jueves")
    tell(post, whatsapp, "out_1", "failed", errorCode="130429")
    assert clinic.row(message).status == "failed"


@pytest.mark.parametrize("how", ["late", "off", "useless"])
def test_what_would_come_too_late_stays_failed(clinic, say, whatsapp, post, at_noon, how):
    message = say("hola", before=outbox.clock.now() + timedelta(seconds=40) if how == "useless" else None)
    clinic.send()
    if how == "late":
        at_noon.shift(timedelta(hours=1))
    if how == "off":
        with clinic, tenancy.atomic():
            Channel.objects.update(active=False)
    with clinic, tenancy.atomic():  # told as the provider's own word: the door of a number that is off is shut
        from messaging import receipts
        from messaging.providers.base import Report

        receipts.apply(channel=Channel.objects.get(), now=outbox.clock.now(), report=Report(
            event_id="e", kind="x", raw={}, provider_id="wamid.OUT1", status="failed", error_code="130429"))
    assert clinic.row(message).status == "failed"


def test_a_person_who_sends_it_anew_sends_another(clinic, failed, whatsapp, post, at_noon, secretary):
    message = failed("131026")
    whatsapp.kept["out_1"]["status"] = "failed"
    with clinic:
        outbox.again(message=message, by=secretary)
    clinic.send()
    assert clinic.row(message).provider_id == "wamid.OUT2"
    tell(post, whatsapp, "out_1", "failed", errorCode="131026", wamid=None)
    assert clinic.row(message).status == "sent"


def test_another_installation_on_the_account_has_other_names(clinic, say, whatsapp, post, within, bosque):
    """Both count from one: their messages are told apart by the number they went from, here and there."""
    message = say("hola")
    clinic.send()
    assert post("status", status="failed", errorCode="131026", id="out_x", wamid="wamid.x",
                externalId=f"dl-0123456789ab-{message.pk}").status_code == 200
    assert post("status", event="evt_2", status="failed", errorCode="131026", id="out_x", wamid="wamid.x",
                externalId=f"dl-{message.pk}").status_code == 200
    assert clinic.row(message).status == "sent"
    with clinic, tenancy.atomic():
        assert {row.message_id for row in MessageStatus.objects.all()} == {None}
        assert ChatMessage.objects.outbound().get().external_id.startswith(f"dl-{Channel.objects.get().tag}-")


def test_what_was_scheduled_and_went_is_scheduled_no_more(clinic, say, whatsapp, post, at_noon):
    message = say("hola", at=outbox.clock.now() + timedelta(minutes=5))
    at_noon.shift(timedelta(minutes=6))
    clinic.send()
    tell(post, whatsapp, "out_1", "failed", errorCode="130429")
    assert clinic.row(message).status == "queued"
    with clinic, tenancy.atomic():
        assert not ChatMessage.objects.scheduled().exists()


def test_the_second_ones_silence_is_asked_about_though_the_first_was_told_of(clinic, failed, whatsapp, at_noon):
    message = failed()
    again(clinic, at_noon)
    at_noon.shift(doubts.SILENT + timedelta(seconds=1))
    whatsapp.kept["out_2"]["status"] = "delivered"
    with clinic:
        assert doubts.unreported() == [message.pk]
        doubts.ask(message_id=message.pk)
        assert doubts.unreported() == []
    assert clinic.row(message).status == "delivered"
