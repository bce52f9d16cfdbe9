"""Who gets a file's bytes: whoever may see it, for a while, and never as something that runs."""
from datetime import timedelta

import pytest
from django.core import signing

from clinics import tenancy
from clinics.models import SystemEvent
from messaging import media
from messaging.media import kinds, links, storing
from messaging.models import Conversation, MediaFile
from tests.fakes.media import HTML, JPEG, PDF, PNG, SVG, voice
from tests.messaging.factories import ConversationFactory, PatientMessageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored(arrayan, bosque, channel, within, tmp_path):
    """`stored(content, kind)`: a file that came; of Bosque with `tenant=`."""
    def make(content=JPEG, kind="image", *, tenant=arrayan, filename="", **more) -> MediaFile:
        path = tmp_path / "source"
        path.write_bytes(content)
        with within(tenant):
            message = PatientMessageFactory(conversation=ConversationFactory(**more), kind=kind, text="")
            file = MediaFile.objects.create(
                message=message, kind=kind, name=storing.new_name(), state="stored", size=len(content),
                mime=kinds.type_of(content[:64], kind) or kinds.UNKNOWN, filename=filename,
                created_at=message.created_at)
            with path.open("rb") as source:
                storing.put(file.name, source)
        return file

    return make


def body_of(response):
    return b"".join(response.streaming_content)


def follow(client, file):
    return client.get(link_of(client, file))


def link_of(client, file):
    """Where the page's address leads this person."""
    answer = client.get(file.address)
    assert answer.status_code == 302, answer
    return answer["Location"]


def status(client, link):
    answer = client.get(link)
    if answer.streaming:
        body_of(answer)  # to its end, which closes the file
    return answer.status_code


@pytest.mark.parametrize("role", ["ceo", "secretary"])
def test_who_may_read_the_conversation_sees_the_photo(stored, client_as, role, at_noon):
    answer = follow(client_as(role), stored())
    assert (answer.status_code, body_of(answer), answer["Content-Type"]) == (200, JPEG, "image/jpeg")


@pytest.mark.parametrize("role", ["professional", "setter", "closer"])
def test_who_sees_only_their_own_does_not_see_another_s(stored, client_as, role, at_noon):
    file, client = stored(), client_as(role)
    assert status(client, file.address) == 404


def test_nobody_and_another_clinic_get_nothing(stored, client_as, client, bosque, strangers, people, at_noon):
    ours, theirs = stored(), stored(tenant=bosque, phone="+5493515550111")
    assert client.get(ours.address, headers={"HX-Request": "true"}).status_code == 401
    secretary = client_as("secretary")
    assert status(secretary, theirs.address) == 404
    assert secretary.get("/inbox/media/999999").status_code == 404
    link = link_of(secretary, ours)
    foreign = client_as("secretary", strangers["secretary"])
    assert status(foreign, link) == 404
    assert status(foreign, ours.address) == 404


def test_a_link_ends_and_is_one_person_s(stored, client_as, at_noon):
    file, secretary, ceo = stored(), client_as("secretary"), client_as("ceo")
    link = link_of(secretary, file)
    assert status(secretary, link) == 200
    assert status(ceo, link) == 404
    at_noon.shift(timedelta(seconds=121))
    assert status(secretary, link) == 404
    assert status(secretary, file.address) == 302  # and is had anew


@pytest.mark.parametrize("alter", [
    lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"), lambda token: "x" + token, lambda token: "x",
    lambda token: token.rpartition(":")[0] + ":", lambda token: token.swapcase()])
def test_an_altered_link_is_no_link(stored, client_as, at_noon, alter):
    file, client = stored(), client_as("secretary")
    link = link_of(client, file)
    before, _slash, token = link.rpartition("/")
    assert status(client, f"{before}/{alter(token)}") == 404


def test_a_link_is_of_one_file_and_of_one_use_of_the_key(stored, client_as, people, arrayan, within, at_noon):
    one, two, client = stored(), stored(PNG, phone="+5493415550177"), client_as("secretary")
    token = link_of(client, one).rpartition("/")[2]
    assert status(client, f"/inbox/media/{two.pk}/{token}") == 404
    with within(arrayan):
        actor = people["secretary"].actor
        said = [arrayan.pk, two.pk, actor.user_id]
        assert media.link(two, actor).startswith(f"/inbox/media/{two.pk}/")
    assert status(client, f"/inbox/media/{two.pk}/{signing.dumps(said, salt='another')}") == 404
    assert status(client, f"/inbox/media/{two.pk}/{signing.dumps(said, salt=links.SALT)}") == 200


def test_who_lost_the_right_loses_the_link(stored, client_as, people, arrayan, within, at_noon):
    file, client = stored(), client_as("secretary")
    link = link_of(client, file)
    with within(arrayan):
        people["secretary"].role = "setter"
        people["secretary"].save(update_fields=["role"])
    assert status(client, link) == 404


def test_each_look_is_in_the_audit_and_no_link_is(stored, client_as, clinic, at_noon):
    file = stored()
    body_of(follow(client_as("secretary"), file))
    with clinic, tenancy.atomic():
        rows = list(SystemEvent.objects.filter(event="access"))
    assert [row.path for row in rows] == [file.address]
    assert rows[0].payload["capability"] == "conversations.see"


@pytest.mark.parametrize(("content", "kind", "name", "shown"), [
    (JPEG, "image", "", "inline"), (PNG, "image", "", "inline"), (voice(), "audio", "", "inline"),
    (PDF, "document", "rx.pdf", "inline"), (HTML, "document", "pagina.html", "attachment"),
    (SVG, "document", "dibujo.svg", "attachment"), (b"PK\x03\x04", "document", "informe.docx", "attachment")])
def test_only_what_cannot_run_is_opened(stored, client_as, at_noon, content, kind, name, shown):
    answer = follow(client_as("secretary"), stored(content, kind, filename=name))
    assert body_of(answer) == content
    assert answer["Content-Disposition"].partition(";")[0] == shown
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert ("sandbox" in answer["Content-Security-Policy"]) is (shown == "attachment")
    assert answer["Cache-Control"] == "no-store"
    assert "html" not in answer["Content-Type"]
    assert "svg" not in answer["Content-Type"]


def test_a_name_breaks_no_header(stored, client_as, at_noon):
    answer = follow(client_as("secretary"), stored(PDF, "document", filename='a"\r\nSet-Cookie: x=1; ñandú.pdf'))
    assert "\n" not in answer["Content-Disposition"]
    assert "Set-Cookie" not in answer.headers
    assert body_of(answer) == PDF


@pytest.mark.parametrize(("asked", "code", "part"), [
    ("bytes=0-3", 206, slice(0, 4)), ("bytes=4-", 206, slice(4, None)), ("bytes=-5", 206, slice(-5, None)),
    ("bytes=0-999999", 206, slice(0, None)), ("bytes=2-1", 416, None), ("bytes=999999-", 416, None),
    ("bytes=-0", 416, None), ("bytes=0-1,4-5", 200, slice(0, None)), ("bytes=x", 200, slice(0, None)),
    ("items=0-1", 200, slice(0, None)), ("bytes=-", 200, slice(0, None))])
def test_a_player_asks_for_a_part(stored, client_as, at_noon, asked, code, part):
    sound, client = voice(), client_as("secretary")
    answer = client.get(link_of(client, stored(sound, "audio")), headers={"Range": asked})
    assert answer.status_code == code
    if code == 416:
        assert answer["Content-Range"] == f"bytes */{len(sound)}"
        return
    assert body_of(answer) == sound[part]
    if code == 206:
        assert answer["Content-Length"] == str(len(sound[part]))
        assert answer["Content-Range"].endswith(f"/{len(sound)}")


@pytest.mark.parametrize("state", ["waiting", "failed", "refused"])
def test_what_is_not_here_is_not_served(stored, client_as, clinic, at_noon, state):
    file = stored()
    with clinic, tenancy.atomic():
        MediaFile.objects.filter(pk=file.pk).update(state=state)
    assert client_as("secretary").get(file.address).status_code == 404


def test_bytes_that_are_gone_are_said_to_be(stored, client_as, at_noon):
    file, client = stored(), client_as("secretary")
    storing.forget(file.name)
    assert status(client, link_of(client, file)) == 404


def test_a_file_of_a_setter_s_lead_is_theirs_to_see(stored, client_as, within, arrayan, people, at_noon):
    """As far as their conversations go; a lead's scope is tested with the leads."""
    file = stored()
    with within(arrayan):
        assert media.seen(people["setter"].actor).count() == 0
        assert media.seen(people["ceo"].actor).get() == file
        assert Conversation.objects.count() == 1


def test_the_api_tells_what_came_with_a_message(stored, api_as, at_noon):
    file = stored(voice(), "audio")
    with_api = api_as("secretary")
    rows = with_api.get(f"/api/v1/conversations/{file.message.conversation_id}/messages").json()["results"]
    said = rows[0]["file"]
    assert (said["address"], said["kind"], said["state"]) == (file.address, "audio", "stored")
    answer = with_api.get(with_api.get(file.address)["Location"])  # a bearer is a session too
    assert body_of(answer) == voice()
