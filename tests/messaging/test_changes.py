"""What a provider tells of messages and people that are there already: each kind has a rule, at either provider."""
import io
from datetime import timedelta

import pytest
from django.core.cache import cache

from clinics import tenancy
from clinics.access import SYSTEM
from clinics.patients import intake
from messaging import people
from messaging.models import Channel, Conversation, InboundMessage
from tests import payloads
from tests.messaging.factories import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


@pytest.fixture
def sent(post, clinic, answered, whatsapp):
    """Ours, at the patient's: its provider id is wamid.OUT1."""
    clinic.send()
    (ours,) = clinic.messages(direction="out")
    return ours


def again(clinic, message):
    (row,) = clinic.messages(pk=message.pk)
    return row


def emojis(clinic, message):
    return [said["emoji"] for said in again(clinic, message).reactions.values() if said["emoji"]]


def reasons(clinic):
    with clinic, tenancy.atomic():
        return dict(InboundMessage.objects.values_list("kind", "error"))


# Reactions


def test_a_reaction_is_on_the_message_it_is_to_and_is_no_message(post, clinic, sent):
    before = clinic.conversation()
    assert post("reaction", event="evt_r1", wamid="wamid.R1").status_code == 200
    assert emojis(clinic, sent) == ["👍"]
    assert len(clinic.messages()) == 2  # the patient's and ours
    after = clinic.conversation()
    assert (after.unread, after.last_inbound_at, after.quiet_at) == (
        before.unread, before.last_inbound_at, before.quiet_at)


def test_it_is_changed_and_taken_back(post, clinic, sent):
    post("reaction", event="evt_r1", wamid="wamid.R1", sendTime="2026-11-24T15:00:10.000Z")
    post("reaction", event="evt_r2", wamid="wamid.R2", sendTime="2026-11-24T15:00:20.000Z",
         reaction={"message_id": "wamid.OUT1", "emoji": "❤️"})
    assert emojis(clinic, sent) == ["❤️"]
    post("reaction_taken_back", event="evt_r3", wamid="wamid.R3", sendTime="2026-11-24T15:00:30.000Z")
    assert emojis(clinic, sent) == []
    post("reaction", event="evt_r4", wamid="wamid.R4", sendTime="2026-11-24T15:00:10.000Z")  # late: of before
    assert emojis(clinic, sent) == []


def test_staff_react_from_the_phone_to_what_the_patient_wrote(post, clinic):
    post("text")
    (message,) = clinic.messages()
    post("echo_created", event="evt_e", wamid="wamid.E", type="reaction", text=None,
         reaction={"message_id": "wamid.IN1", "emoji": "🙏"})
    assert again(clinic, message).reactions["staff"]["emoji"] == "🙏"
    assert clinic.conversation().attended_by == "receptionist"  # nobody wrote anything


def test_one_to_a_message_that_nobody_has_is_kept(post, clinic):
    assert post("reaction").status_code == 200
    assert reasons(clinic) == {"reaction": "no_message"}
    assert clinic.messages() == []


# Edits and deletions


def edited(post, text="hola, quiero una ortodoncia", target="wamid.IN1", **changes):
    return post("text", event="evt_ed", wamid="wamid.ED", type="edit", text=None, edit={
        "original_message_id": target, "message": {"type": "text", "text": {"body": text}}}, **changes)


def revoked(post, target="wamid.IN1", **changes):
    return post("text", event="evt_rv", wamid="wamid.RV", type="revoke", text=None, revoke={
        "original_message_id": target}, **changes)


def test_an_edited_message_says_what_it_says_now_and_that_is_what_is_answered(post, clinic, receptionist, at_noon):
    post("text")
    assert edited(post).status_code == 200
    (message,) = clinic.messages()
    assert (message.text, message.former_text) == ("hola, quiero una ortodoncia", "hola, quiero una limpieza")
    assert message.edited_at == NOON
    assert clinic.conversation().last_message_text == "hola, quiero una ortodoncia"
    at_noon.shift(9)
    clinic.turn()
    assert [one.text for one in receptionist.calls[0]["messages"]] == ["hola, quiero una ortodoncia"]


def test_of_two_edits_in_a_row_the_last_one_counts_however_late_they_come(post, clinic, at_noon):
    post("text")
    at_noon.shift(60)
    edited(post, text="uno", sendTime="2026-11-24T15:00:05.000Z")
    post("text", event="evt_e2", wamid="wamid.E2", type="edit", text=None, sendTime="2026-11-24T15:00:09.000Z", edit={
        "original_message_id": "wamid.IN1", "message": {"type": "text", "text": {"body": "dos"}}})
    post("text", event="evt_e3", wamid="wamid.E3", type="edit", text=None, sendTime="2026-11-24T15:00:07.000Z", edit={
        "original_message_id": "wamid.IN1", "message": {"type": "text", "text": {"body": "tres"}}})
    assert clinic.messages()[0].text == "dos"


def test_a_change_whose_body_was_forgotten_stops_no_message_that_comes_after_it(post, clinic, at_noon):
    edited(post)
    with clinic, tenancy.atomic():
        InboundMessage.objects.update(payload={})  # as the job does after a month
    at_noon.shift(60)
    assert post("text").status_code == 200
    assert clinic.messages()[0].text == "hola, quiero una limpieza"


def test_an_edit_after_the_answer_is_for_a_person_to_see(post, clinic, at_noon):
    post("text")
    at_noon.shift(9)
    clinic.turn()
    clinic.change(unread=0)
    edited(post)
    assert clinic.conversation().unread == 1


def test_it_takes_nothing_off_what_is_unread_already(post, clinic, at_noon):
    post("text")
    at_noon.shift(9)
    clinic.turn()
    clinic.change(unread=3)
    edited(post)
    assert clinic.conversation().unread == 3


def test_a_deleted_message_has_no_words_any_more_and_is_not_answered(post, clinic, receptionist, at_noon):
    post("text")
    assert revoked(post).status_code == 200
    (message,) = clinic.messages()
    assert (message.kind, message.text, message.media) == ("revoked", "", {})
    assert clinic.conversation().last_message_text == "Mensaje eliminado"
    at_noon.shift(9)
    clinic.turn()
    assert not receptionist.calls
    assert clinic.messages(direction="out") == []


def test_with_a_deleted_photo_its_file_goes(post, clinic, django_capture_on_commit_callbacks):
    from messaging import media
    from messaging.media import storing
    from messaging.models import MediaFile

    post("image")
    with clinic, tenancy.atomic():
        file = MediaFile.objects.get()
        storing.put(file.name, io.BytesIO(b"x"))
        MediaFile.objects.update(state="stored")
    with django_capture_on_commit_callbacks(execute=True):
        revoked(post)
    (message,) = clinic.messages()
    with clinic, tenancy.atomic():
        assert MediaFile.objects.get().state == "refused"
        assert media.with_files([message])[0].file is None
    with pytest.raises(FileNotFoundError):
        storing.opened(file)


def test_nobody_edits_or_deletes_what_the_other_side_wrote(post, clinic, sent):
    edited(post, target="wamid.OUT1")
    revoked(post, target="wamid.OUT1")
    row = again(clinic, sent)
    assert (row.kind, row.text) == ("text", "Hola, soy la recepcionista.")


@pytest.mark.parametrize("change", [edited, revoked])
def test_a_change_that_overtook_its_message_waits_for_it(post, clinic, at_noon, change):
    """The message's own webhook failed and comes again ten seconds later."""
    assert change(post).status_code == 200
    assert clinic.messages() == []
    at_noon.shift(10)
    post("text")
    (message,) = clinic.messages()
    assert (message.kind, message.text) in {("text", "hola, quiero una ortodoncia"), ("revoked", "")}
    assert "no_message" not in reasons(clinic).values()


def test_a_change_told_twice_is_made_once(post, clinic):
    post("text")
    for _time in range(2):
        edited(post)
        cache.clear()
    (message,) = clinic.messages()
    assert message.former_text == "hola, quiero una limpieza"


# Another number


def test_the_conversation_follows_the_person_to_their_new_number(post, clinic, arrayan, within):
    with within(arrayan):
        patient = intake.register(first_name="Carolina", last_name="Luque", phone="0341 15 555-0139", by=SYSTEM)
    post("text")
    assert post("system", event="evt_s", wamid="wamid.S").status_code == 200
    row = clinic.conversation()
    assert (row.phone, row.address, row.patient_id) == ("+5493415550140", "+5493415550140", patient.pk)
    line = clinic.messages(kind="system")[0]
    assert line.text == "Cambió de número: antes +54 9 341 555-0139, ahora +54 9 341 555-0140."
    post("text", event="evt_2", wamid="wamid.2", from_="+5493415550140", fromUserId=None)
    assert clinic.conversation().pk == row.pk


def test_who_wrote_from_the_new_number_already_has_one_conversation_after(post, clinic):
    post("text")
    post("text", event="evt_2", wamid="wamid.2", from_="+5493415550140", fromUserId="AR.900200")
    assert post("system", event="evt_s", wamid="wamid.S").status_code == 200
    with clinic, tenancy.atomic():
        rows = list(Conversation.objects.filter(merged_into=None))
    assert [row.phone for row in rows] == ["+5493415550140"]
    assert [message.text for message in clinic.messages(kind="text", conversation=rows[0].pk)] == [
        "hola, quiero una limpieza"] * 2


def test_who_has_the_old_number_now_is_not_in_the_thread_of_who_had_it(post, clinic):
    post("text")
    post("text", event="evt_2", wamid="wamid.2", from_="+5493415550140", fromUserId="AR.900200")
    post("system", event="evt_s", wamid="wamid.S")
    before = len(clinic.messages())
    post("text", event="evt_3", wamid="wamid.3", fromUserId="AR.900300")
    with clinic, tenancy.atomic():
        old = Conversation.objects.get(phone="+5493415550139")
    assert (old.merged_into_id, len(clinic.messages(conversation=old))) == (None, 1)
    assert len(clinic.messages()) == before + 1


def test_to_whom_the_clinic_wrote_first_at_the_new_number_is_answered_there(post, clinic, channel):
    post("text")
    with clinic, tenancy.atomic():
        people.open_conversation(channel=channel, phone="+5493415550140")
    assert post("system", event="evt_s", wamid="wamid.S").status_code == 200
    assert clinic.conversation(merged_into=None).address == "+5493415550140"


def test_a_number_that_nobody_wrote_from_changes_nothing(post, clinic):
    assert post("system").status_code == 200
    with clinic, tenancy.atomic():
        assert not Conversation.objects.exists()
    assert reasons(clinic) == {"system": "nobody"}


# What is not answered


@pytest.mark.parametrize("name", ["location", "contacts", "unsupported", "sticker"])
def test_what_is_sent_is_shown_and_counts_as_unread(post, clinic, name):
    assert post(name).status_code == 200
    assert clinic.conversation().unread == 1
    assert clinic.conversation().quiet_at is None or name == "location"


def test_a_location_has_its_place_and_a_contact_its_name(post, clinic):
    post("location")
    post("contacts", event="evt_c", wamid="wamid.C")
    place, card = clinic.messages()
    assert (place.text, set(place.media) >= {"latitude", "longitude"}) == ("Casa, Mitre 900", True)
    assert (card.text, card.kind) == ("Otra Persona", "contacts")


def test_a_group_is_kept_and_is_nobodys_conversation(post, clinic):
    assert post("group").status_code == 200
    assert clinic.messages() == []
    with clinic, tenancy.atomic():
        assert InboundMessage.objects.get().error == ""


@pytest.mark.parametrize("kind", ["whatsapp.call.connect", "whatsapp.group.lifecycle_update", "whatsapp.smb.history",
                                  "whatsapp.something.new"])
def test_calls_and_whatever_comes_some_day_are_kept_and_answered_200(post, clinic, kind):
    body = {"id": "evt_x", "type": kind, "apiVersion": "v2", "createTime": "2026-11-24T15:00:00.000Z"}
    assert post(body).status_code == 200
    assert reasons(clinic) == {kind: ""}


# Who wants no marketing


def preference(value, event="evt_p", at=1795532400):
    return {
        "id": event, "type": "whatsapp.user.preferences", "apiVersion": "v2", "createTime": "2026-11-24T15:00:00.000Z",
        "whatsappUserPreference": {
            "wabaId": "waba_1", "businessPhoneNumber": "+5493415550100", "contactPhoneNumber": "+5493415550139",
            "category": "marketing_messages", "value": value, "timestamp": str(at)}}


def test_who_stops_marketing_is_written_down_until_they_want_it_again(post, clinic):
    post("text")
    post(preference("stop"))
    assert clinic.conversation().marketing_opt_out_at == NOON
    post(preference("resume", "evt_p2", at=1795532300))  # late: of before
    assert clinic.conversation().marketing_opt_out_at == NOON
    post(preference("resume", "evt_p3", at=1795532500))
    assert clinic.conversation().marketing_opt_out_at is None


def test_so_is_who_unsubscribes_at_the_provider(post, clinic):
    post("text")
    body = {"id": "evt_u", "type": "contact.unsubscribe.created", "apiVersion": "v2",
            "createTime": "2026-11-24T15:00:00.000Z", "contactUnsubscribeCreated": {
                "id": "u1", "phoneNumber": "+5493415550139", "updateTime": "2026-11-24T15:00:00.000Z"}}
    assert post(body).status_code == 200
    assert clinic.conversation().marketing_opt_out_at is not None


# Echoes


@pytest.mark.parametrize("name", [
    "echo_created", "echo_echoes", "echo_without_phone", "whatsapp.echo_message.created"])
def test_staff_on_the_phone_take_the_conversation_over_under_every_name_of_the_event(post, clinic, name, at_noon):
    """Row 53 of the failures: stored once, in its recipient's conversation, receptionist quiet."""
    post("text")
    for number in range(2):
        body = payloads.ycloud("echo_created" if "." in name else name, event=f"evt_{number}")
        post(body | {"type": name} if "." in name else body)
    at_noon.shift(timedelta(seconds=30))
    assert clinic.turn() is None
    (echo,) = clinic.messages(direction="out")
    assert (echo.author, clinic.conversation().handoff_reason) == ("staff", "phone_app")


def test_an_echo_of_our_own_send_hands_nothing_over(post, clinic, sent):
    """Row 53 of the failures: our own sends are known by their id."""
    post("echo_created", wamid=sent.provider_id, text={"body": sent.text})
    assert clinic.conversation().attended_by == "receptionist"
    assert len(clinic.messages(direction="out")) == 1


# Which number


def test_what_an_account_tells_of_another_of_its_numbers_is_not_ours(post, clinic):
    assert post("text", to="+5493415550999").status_code == 200
    assert clinic.messages() == []
    with clinic, tenancy.atomic():
        (row,) = InboundMessage.objects.all()
    assert (row.error, row.payload) == ("another_line", {})


def test_unless_the_clinic_has_that_one_too(post, clinic, arrayan, within):
    from tests.messaging.factories import ChannelFactory

    with within(arrayan):
        second = ChannelFactory(number="+5493415550101")
    post("text", to="+5493415550101")
    post("text", event="evt_twice", to="+5493415550101")  # each endpoint of the account tells it
    assert clinic.conversation().channel_id == second.pk
    assert len(clinic.messages()) == 1


def test_a_number_is_the_same_however_it_is_written(post, clinic, channel, arrayan, within):
    with within(arrayan):
        Channel.objects.filter(pk=channel.pk).update(number="+525512345678")
    from messaging import webhooks

    webhooks._known.clear()
    post("text", to="+5215512345678")
    assert len(clinic.messages()) == 1


def test_every_shape_in_any_order_and_twice_over_http(live_server, channel, clinic, settings):
    """The whole catalogue, shuffled, repeated, in batches: every message once, nothing but 200."""
    from tests.fakes.provider import badly
    from tests.fakes.whatsapp import deliver
    from tests.messaging.factories import SECRET

    settings.WEBHOOK_MAX_AGE = 10**9
    url = f"{live_server.url}/webhooks/ycloud/{channel.public_id}"
    bodies = [payloads.ycloud(name, event=f"evt_{name}", wamid=f"wamid.{name}") for name in payloads.names()]
    for seed in (1, 2):
        made = list(badly(bodies, times=2, seed=seed))
        for start in range(0, len(made), 5):
            assert deliver(url, made[start:start + 5], SECRET) == 200
    ids = [message.provider_id for message in clinic.messages(direction="in")]
    assert len(ids) == len(set(ids))
