"""Two conversations of one person made one, with all that hangs on them; and taken apart as if it had not been."""
from datetime import timedelta

import pytest

from clinics import tenancy
from clinics.access import SYSTEM
from clinics.clinic import NotYours
from clinics.models import SystemEvent
from clinics.patients import intake
from messaging import handoff, inbox, linking, merging, notes, outbox, words
from messaging.leads.models import Lead
from messaging.media import filing
from messaging.models import Channel, Conversation, MediaFile, Merge
from tests.messaging.conftest import Said
from tests.messaging.factories import ConversationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
KEEP, GONE = "+5493415550139", "+5493415550140"


@pytest.fixture
def two(clinic, writes, at_noon):
    """Both wrote; what they wrote, in order: k1, g1, k2, g2."""
    for number in "12":
        for letter, phone in (("k", KEEP), ("g", GONE)):
            at_noon.shift(timedelta(minutes=1))
            writes(f"{letter}{number}", phone=phone)
    return clinic.conversation(phone=KEEP), clinic.conversation(phone=GONE)


@pytest.fixture
def merge(clinic, two, secretary):
    def make(keep=None, gone=None):
        with clinic:
            return merging.merge(keep=keep or two[0], gone=gone or two[1], by=secretary)

    return make


@pytest.fixture
def undo(clinic, secretary):
    def make(row):
        with clinic:
            return merging.undo(merge=row, by=secretary)

    return make


def texts(clinic, conversation):
    return [one.text for one in clinic.messages(conversation=conversation)]


def test_all_of_both_is_in_one_thread_and_the_other_is_in_no_list(clinic, two, merge):
    keep, gone = two
    merge()
    assert texts(clinic, keep) == ["k1", "g1", "k2", "g2"]
    assert texts(clinic, gone) == []
    with clinic, tenancy.atomic():
        assert [row.pk for row in Conversation.objects.for_inbox()] == [keep.pk]
        assert [row.pk for row in Conversation.objects.search("341 555-0140")] == [keep.pk]
    row = clinic.conversation(pk=keep.pk)
    assert (row.unread, row.last_message_text, row.address) == (4, "g2", GONE)
    assert row.last_inbound_at == gone.last_inbound_at


def test_whoever_writes_by_the_others_phone_writes_there_and_is_answered_there(clinic, two, merge, writes, whatsapp):
    keep, _gone = two
    merge()
    writes("g3", phone=GONE)
    assert texts(clinic, keep)[-1] == "g3"
    assert clinic.conversation(pk=keep.pk).phone == KEEP
    with clinic:
        outbox.say(conversation=keep, text="hola", author="receptionist")
    clinic.send(pk=keep.pk)
    assert whatsapp.sent[0]["to"] == GONE
    writes("k3", phone=KEEP)
    assert clinic.conversation(pk=keep.pk).address == KEEP


def test_a_page_of_the_other_that_is_still_open_writes_in_the_one(clinic, two, merge):
    keep, gone = two
    merge()
    with clinic:
        said = outbox.say(conversation=gone, text="hola", author="receptionist")
    assert said.conversation_id == keep.pk


def test_what_is_done_in_that_page_is_done_in_the_one(clinic, two, merge, secretary, arrayan, within):
    keep, gone = two
    with within(arrayan):
        ana = intake.register(first_name="Ana", last_name="Pérez", by=SYSTEM)
    merge()
    with clinic:
        handoff.take(conversation=gone, by=secretary)
        linking.link(conversation=gone, patient=ana, by=secretary)
        assert notes.write(conversation=gone, text="llamar", by=secretary).conversation_id == keep.pk
    row, hidden = clinic.conversation(pk=keep.pk), clinic.conversation(pk=gone.pk)
    assert (row.assigned_to_id, row.patient) == (secretary.user_id, ana)
    assert (hidden.attended_by, hidden.patient) == ("receptionist", None)


def test_undone_both_are_as_they_were_with_what_each_wrote_since(clinic, two, merge, undo, writes):
    keep, gone = two
    row = merge()
    writes("g3", phone=GONE)
    writes("k3", phone=KEEP)
    undo(row)
    assert (texts(clinic, keep), texts(clinic, gone)) == (["k1", "k2", "k3"], ["g1", "g2", "g3"])
    here, there = clinic.conversation(pk=keep.pk), clinic.conversation(pk=gone.pk)
    assert (here.address, there.address, there.merged_into_id) == (KEEP, GONE, None)
    assert (here.last_message_text, there.last_message_text) == ("k3", "g3")
    assert (here.unread, there.unread) == (3, 3)
    assert here.last_inbound_at and there.last_inbound_at
    writes("g4", phone=GONE)
    assert texts(clinic, gone)[-1] == "g4"
    assert undo(row).undone_at  # twice is once


def test_what_hangs_on_it_moves_and_comes_back(clinic, two, merge, undo, at_noon):
    _keep, gone = two
    at_noon.shift(timedelta(minutes=1))
    turn = clinic.turn(pk=gone.pk)
    row = merge()
    with clinic, tenancy.atomic():
        turn.refresh_from_db()
        assert turn.conversation_id == row.keep_id
    undo(row)
    with clinic, tenancy.atomic():
        turn.refresh_from_db()
        assert turn.conversation_id == gone.pk


def test_the_same_key_in_both_breaks_nothing_and_comes_back(clinic, two, merge, undo):
    keep, gone = two
    with clinic:
        for one in (keep, gone):
            outbox.say(conversation=one, text="hola", author="receptionist", key="k")
    row = merge()
    assert len(clinic.messages(conversation=keep, text="hola")) == 2
    undo(row)
    assert clinic.messages(conversation=gone, key="k")


def test_the_patient_of_the_one_is_the_others_where_it_had_none(clinic, two, merge, undo, arrayan, within):
    keep, gone = two
    with within(arrayan):
        ana = intake.register(first_name="Ana", last_name="Pérez", by=SYSTEM)
        Conversation.objects.filter(pk=gone.pk).update(patient=ana)
    row = merge()
    assert clinic.conversation(pk=keep.pk).patient == ana
    undo(row)
    assert clinic.conversation(pk=keep.pk).patient is None
    assert clinic.conversation(pk=gone.pk).patient == ana


def test_whoever_attends_one_of_them_attends_both(clinic, two, merge, secretary):
    keep, gone = two
    with clinic:
        handoff.take(conversation=gone, by=secretary)
    merge()
    row = clinic.conversation(pk=keep.pk)
    assert (row.attended_by, row.assigned_to_id) == ("staff", secretary.user_id)


def test_her_turn_that_was_due_in_the_other_is_seen_to(clinic, two, merge):
    merge()
    assert clinic.conversation(pk=two[0].pk).waiting_since is not None
    assert clinic.turn(pk=two[1].pk) is None


def test_what_was_answered_in_either_is_not_answered_again(clinic, two, merge, undo, writes, receptionist, at_noon):
    keep, gone = two
    at_noon.shift(9)
    for one in two:
        clinic.turn(pk=one.pk)
    row = merge()
    for number, (text, phone) in enumerate((("k3", KEEP), ("g3", GONE))):
        writes(text, phone=phone)
        at_noon.shift(9)
        clinic.turn(pk=keep.pk)
        assert [one.text for one in receptionist.calls[2 + number]["messages"]] == [text]
    undo(row)
    writes("g4", phone=GONE)
    at_noon.shift(9)
    clinic.turn(pk=gone.pk)
    assert [one.text for one in receptionist.calls[4]["messages"]] == ["g4"]


def test_what_was_not_answered_and_is_behind_is_for_a_person(clinic, two, merge, at_noon):
    keep, gone = two
    at_noon.shift(9)
    clinic.turn(pk=gone.pk)
    merge()
    assert clinic.conversation(pk=keep.pk).waiting_since is not None


def test_a_turn_that_ends_after_it_forgets_nothing_of_the_other(clinic, two, merge, receptionist, at_noon):
    keep, gone = two
    at_noon.shift(9)
    clinic.turn(pk=gone.pk)

    def meanwhile(**_call):
        merge()
        return Said("Hola.")

    receptionist.answers = meanwhile
    clinic.turn(pk=keep.pk)
    last = clinic.messages(direction="in")[-1]
    assert clinic.conversation(pk=keep.pk).answered_upto == last.pk


def test_of_three_the_last_is_undone_first(clinic, two, merge, undo, writes):
    keep, _gone = two
    writes("x1", phone="+5493415550141")
    third = clinic.conversation(phone="+5493415550141")
    first = merge()
    second = merge(keep=third, gone=keep)
    assert texts(clinic, third) == ["k1", "g1", "k2", "g2", "x1"]
    writes("g3", phone=GONE)
    assert texts(clinic, third)[-1] == "g3"
    with pytest.raises(merging.CannotUndo):
        undo(first)
    undo(second)
    undo(first)
    assert texts(clinic, third) == ["x1"]


def test_what_cannot_be_made_one(clinic, two, merge, arrayan, within):
    keep, gone = two
    with pytest.raises(merging.CannotMerge):
        merge(gone=keep)
    with within(arrayan):
        other = Channel.objects.create(number="+5493415550199", name="Otra")
        elsewhere = ConversationFactory(channel=other)
    with pytest.raises(merging.CannotMerge):
        merge(gone=elsewhere)
    merge()
    with pytest.raises(merging.CannotMerge):
        merge()


def test_only_by_whoever_may_and_it_is_written_down(clinic, two, merge, undo, people):
    with clinic, tenancy.atomic(), pytest.raises(NotYours):
        merging.merge(keep=two[0], gone=two[1], by=people["setter"].actor)
    undo(merge())
    with clinic, tenancy.atomic():
        events = SystemEvent.objects.filter(event__startswith="conversations_").values_list("event", flat=True)
        assert sorted(events) == ["conversations_merged", "conversations_parted"]


def test_by_the_api(clinic, two, api_as, arrayan, within):
    keep, gone = two
    api = api_as("secretary")
    made = api.post(f"/api/v1/conversations/{keep.pk}/merges", {"gone": gone.pk}, format="json")
    assert made.status_code == 201
    assert [row["id"] for row in api.get(f"/api/v1/conversations/{keep.pk}/merges").json()["results"]] == [
        made.json()["id"]]
    assert api.post(f"/api/v1/conversations/{keep.pk}/merges", {"gone": gone.pk}, format="json").status_code == 409
    undone = api.post(f"/api/v1/merges/{made.json()['id']}/undo")
    assert undone.status_code == 200 and undone.json()["undone_at"]
    with within(arrayan):
        intake.register(first_name="Ana", last_name="Pérez", phone=KEEP, by=SYSTEM)
    (ana,) = api.get(f"/api/v1/conversations/{keep.pk}/patients").json()
    assert (ana["name"], ana["linked"], ana["guardian"]) == ("Ana Pérez", False, None)


# What undoing gives back


@pytest.fixture
def file(clinic):
    def make(message, patient=None):
        with clinic, tenancy.atomic():
            return MediaFile.objects.create(
                message=message, patient=patient, kind="image", state="stored", name=f"t/{message.pk}",
                created_at=message.created_at)

    return make


def whose(clinic, *files):
    with clinic, tenancy.atomic():
        return [MediaFile.objects.get(pk=one.pk).patient_id for one in files]


def test_files_that_were_filed_meanwhile_go_back_to_whose_they_are(clinic, two, merge, undo, arrayan, within, file):
    """The photo of one person does not stay in the record of another."""
    keep, gone = two
    with within(arrayan):
        ana, beto = (intake.register(first_name=name, last_name="Pérez", by=SYSTEM) for name in ("Ana", "Beto"))
        Conversation.objects.filter(pk=keep.pk).update(patient=ana)
    before = file(clinic.messages(text="g1")[0], patient=beto)
    row = merge()
    theirs, hers = file(clinic.messages(text="g2")[0]), file(clinic.messages(text="k2")[0])
    with clinic:
        filing.file_all()
    assert whose(clinic, before, theirs, hers) == [beto.pk, ana.pk, ana.pk]
    undo(row)
    assert whose(clinic, before, theirs, hers) == [beto.pk, None, ana.pk]


def test_both_are_found_by_their_own_words_again(clinic, two, merge, undo):
    """The same word in both: one of each word of a conversation."""
    keep, gone = two

    def found(text):
        with clinic:
            for row in two:
                words.read(conversation_id=row.pk)
            with tenancy.atomic():
                return sorted(Conversation.objects.search(text).values_list("pk", flat=True))

    assert found("carolina") == [keep.pk, gone.pk]
    row = merge()
    assert (found("g1"), found("carolina")) == ([keep.pk], [keep.pk])
    undo(row)
    assert (found("g1"), found("k1"), found("carolina")) == ([gone.pk], [keep.pk], [keep.pk, gone.pk])


def test_a_second_open_lead_stays_where_it_is(clinic, two, merge, undo, arrayan, within):
    keep, gone = two
    with within(arrayan):
        now = gone.last_message_at
        leads = [Lead.objects.create(conversation=one, created_at=now, stage_at=now) for one in two]
        Lead.objects.create(
            conversation=gone, created_at=now, stage_at=now, stage="lost", lost_reason="x", closed_at=now)
    row = merge()
    with clinic, tenancy.atomic():
        assert Lead.objects.filter(conversation=keep).count() == 2  # its own, and the closed one
    undo(row)
    with clinic, tenancy.atomic():
        assert [Lead.objects.get(pk=one.pk).conversation_id for one in leads] == [keep.pk, gone.pk]
        assert Lead.objects.filter(conversation=gone).count() == 2


def test_who_waited_waits_again_unless_somebody_answered(clinic, two, merge, undo, secretary):
    keep, gone = two
    row = merge()  # her turns were due in both
    undo(row)
    assert clinic.conversation(pk=gone.pk).waiting_since is not None
    row = merge()
    with clinic:
        handoff.take(conversation=keep, by=secretary)
        outbox.write(conversation=keep, text="ya te atiendo", by=secretary)
    undo(row)
    assert clinic.conversation(pk=gone.pk).waiting_since is None


def test_what_was_read_was_read_of_both(clinic, two, merge, undo, writes):
    keep, gone = two
    row = merge()
    with clinic:
        inbox.mark_read(conversation=keep)
    writes("g3", phone=GONE)
    undo(row)
    assert (clinic.conversation(pk=keep.pk).unread, clinic.conversation(pk=gone.pk).unread) == (0, 1)


def test_an_urgency_of_the_other_goes_back_with_it(clinic, two, merge, undo):
    keep, gone = two
    with clinic, tenancy.atomic():
        Conversation.objects.filter(pk=gone.pk).update(triage_level="emergency", triage_reasons=["airway"])
    row = merge()
    assert clinic.conversation(pk=keep.pk).triage_level == "emergency"
    undo(row)
    assert (clinic.conversation(pk=keep.pk).triage_level, clinic.conversation(pk=keep.pk).triage_reasons) == ("", [])
    assert clinic.conversation(pk=gone.pk).triage_level == "emergency"


def test_a_no_to_promotions_said_meanwhile_is_of_both(clinic, two, merge, undo, writes):
    keep, gone = two
    row = merge()
    writes("BAJA", phone=GONE)
    undo(row)
    assert all(clinic.conversation(pk=one.pk).marketing_opt_out_at for one in two)


def test_not_with_another_clinics(clinic, two, api_as, bosque, within):
    with within(bosque):
        foreign = ConversationFactory(channel=Channel.objects.get())
        theirs = Merge.objects.create(
            keep=foreign, gone=ConversationFactory(channel=Channel.objects.get()), at=foreign.last_message_at)
    api = api_as("ceo")
    assert api.post(
        f"/api/v1/conversations/{two[0].pk}/merges", {"gone": foreign.pk}, format="json").status_code == 404
    assert api.post(f"/api/v1/merges/{theirs.pk}/undo").status_code == 404
