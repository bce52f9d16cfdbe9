"""Files that patients send: brought at once, looked at, kept; or refused with a word."""
import base64
import hashlib
from datetime import timedelta

import pytest
from django.core.files.storage import FileSystemStorage, default_storage

from clinics import tenancy
from clinics.models import SystemEvent
from dentalogic.lib import clock
from messaging import media
from messaging.media import incoming, tasks
from messaging.models import ChatMessage, Conversation, MediaFile
from tests.agenda.factories import PatientFactory
from tests.fakes.media import HTML, JPEG, PDF, PROGRAM, SVG, voice

pytestmark = pytest.mark.django_db


def kept(file):
    with default_storage.open(file.name) as source:
        return source.read()


def test_a_photo_is_a_row_with_its_message_and_bytes_after_it(arrives, api):
    file = arrives("image", JPEG, caption="mirá")
    assert (file.state, file.message.text, api.asked) == ("waiting", "mirá", [])
    file = arrives.fetch(file)
    assert (file.state, file.mime, file.size) == ("stored", "image/jpeg", len(JPEG))
    assert file.sha256 == hashlib.sha256(JPEG).hexdigest()
    assert kept(file) == JPEG
    assert api.keys() == ["ycloud-test-key"]


def test_the_name_in_the_storage_is_ours_and_outside_what_is_served(arrives, settings):
    file = arrives.fetch(arrives("document", PDF, filename="../../../etc/Carolina.pdf"))
    assert "Carolina" not in file.name
    assert file.name.startswith(f"t{file.tenant_id}/")
    assert default_storage.path(file.name).startswith(str(settings.MEDIA_ROOT))
    assert file.filename == "Carolina.pdf"
    assert not str(settings.MEDIA_ROOT).startswith(str(settings.STATIC_ROOT))


def test_nobody_fetches_twice(arrives, api):
    file = arrives("image", JPEG)
    arrives.fetch(file)
    arrives.fetch(file)
    assert len(api.asked) == 1


def test_a_repeated_webhook_makes_no_second_file(arrives, post, api):
    link = api.put("/v2/x", JPEG)
    for _time in range(2):
        post("image", wamid="wamid.SAME", image={"id": "1", "link": link, "mime_type": "image/jpeg", "sha256": ""})
    assert arrives.row(message__provider_id="wamid.SAME")


def test_what_staff_send_from_the_phone_comes_too(post, api, arrives):
    link = api.put("/v2/x", PDF)
    post("echo_created", wamid="wamid.ECHO", type="document", text=None,
         document={"id": "1", "link": link, "mime_type": "application/pdf", "sha256": "", "filename": "presu.pdf"})
    file = arrives.fetch(arrives.row(message__provider_id="wamid.ECHO"))
    assert (file.state, file.filename, file.message.direction) == ("stored", "presu.pdf", "out")


@pytest.mark.parametrize("kind", ["sticker", "location", "contacts", "text"])
def test_what_is_said_with_a_word_brings_no_file(post, clinic, arrayan, kind, at_noon):
    assert post(kind).status_code == 200
    with clinic, tenancy.atomic():
        assert not MediaFile.objects.exists()


@pytest.mark.parametrize("form", ["hex", "HEX", "base64", "urlsafe", "unpadded", "nonsense", "", None, 7])
def test_the_sum_is_compared_however_it_is_written(arrives, form):
    raw = hashlib.sha256(JPEG).digest()
    said = {"hex": raw.hex(), "HEX": raw.hex().upper(), "base64": base64.b64encode(raw).decode(),
            "urlsafe": base64.urlsafe_b64encode(raw).decode(), "unpadded": "SfIn=", "nonsense": "???"}.get(form, form)
    assert arrives.fetch(arrives("image", JPEG, sha256=said if said is not None else "")).state == "stored"


@pytest.mark.parametrize("write", [
    bytes.hex, lambda raw: base64.b64encode(raw).decode(), lambda raw: base64.urlsafe_b64encode(raw).decode()])
def test_another_sum_is_refused_and_told_in_the_audit(arrives, write, clinic):
    file = arrives.fetch(arrives("image", JPEG, sha256=write(hashlib.sha256(b"another").digest())))
    assert (file.state, file.error) == ("refused", "wrong_sum")
    assert not default_storage.exists(file.name)
    with clinic, tenancy.atomic():
        event = SystemEvent.objects.get(event="media.refused")
    assert event.payload == {"message": file.message_id, "code": "wrong_sum"}


@pytest.mark.parametrize(("kind", "content"), [
    ("image", HTML), ("image", SVG), ("image", PDF), ("image", b""), ("audio", JPEG), ("audio", HTML),
    ("document", PROGRAM), ("document", b"#!/bin/sh\nrm")])
def test_what_is_not_what_it_says_is_refused(arrives, kind, content):
    file = arrives.fetch(arrives(kind, content))
    assert (file.state, file.error) == ("refused", "wrong_type")
    assert not default_storage.exists(file.name)
    assert str(file.trouble)


@pytest.mark.parametrize(("kind", "cap"), [("image", 5), ("audio", 16)])
def test_each_kind_has_its_size(arrives, kind, cap):
    head = JPEG if kind == "image" else voice()
    file = arrives.fetch(arrives(kind, head + b"\x00" * (cap * 1024 * 1024), unsaid=True))
    assert (file.state, file.error) == ("refused", "too_large")
    assert not default_storage.exists(file.name)


@pytest.mark.parametrize("link", [
    "http://169.254.169.254/latest/meta-data", "https://10.0.0.8/x", "https://evil.example/v2/x",
    "http://127.0.0.1:1/v2/x", "file:///etc/passwd", "https://[::1]/x", "not a link", ""])
def test_a_link_to_anywhere_else_is_not_asked(arrives, api, link):
    file = arrives.fetch(arrives("image", JPEG, link=link))
    assert file.state in ("refused", "failed")
    assert api.asked == []


def test_a_host_that_is_not_allowed_is_named_to_the_operator_and_the_reason_to_staff(
        arrives, settings, caplog, client_as, clinic):
    settings.YCLOUD_MEDIA_HOSTS = []  # as it comes: YCloud's links are of its API's own host
    file = arrives.fetch(arrives("image", JPEG, link="https://files.ycloud.example/a?sig=canary"))
    assert (file.state, file.error) == ("refused", "host")
    assert "files.ycloud.example" in caplog.text and "canary" not in caplog.text
    page = client_as("secretary").get(f"/inbox/{file.message.conversation_id}/").content.decode()
    assert "Viene de un servidor que no está permitido" in page


def test_a_redirect_inside_is_not_followed_and_the_other_clinic_s_key_is_nowhere(arrives, api, stranger):
    stranger.put("/x", JPEG)
    file = arrives.fetch(arrives("image", JPEG, link=api.send("/v2/a", to=f"{stranger.base}/x")))
    assert (file.state, file.error) == ("refused", "host")
    assert stranger.asked == []


def test_a_redirect_to_the_provider_s_store_leaves_the_key_behind(arrives, api, store):
    kept_at = store.put("/kept/x", JPEG)
    file = arrives.fetch(arrives("image", JPEG, link=api.send("/v2/a", to=kept_at)))
    assert file.state == "stored"
    assert (api.keys(), store.keys()) == (["ycloud-test-key"], [None])


def test_a_link_whose_time_ran_out_is_asked_again_later(arrives, api, at_noon):
    file = arrives("image", JPEG, expired=True)
    assert (arrives.fetch(file).state, arrives.again(file).error) == ("waiting", "403")
    assert arrives.fetch(file).attempts == 1  # not before its time
    at_noon.shift(timedelta(seconds=6))
    api.put("/v2/whatsapp/media/download/1", JPEG)
    assert arrives.fetch(file).state == "stored"


def test_a_server_that_is_out_for_hours_ends_as_failed(arrives, api, at_noon):
    file = arrives("image", JPEG, link=api.fail("/v2/a", 503))
    for _attempt in range(incoming.ATTEMPTS):
        assert arrives.again(file).state == "waiting"
        arrives.fetch(file)
        at_noon.shift(timedelta(hours=1, seconds=1))
    assert (arrives.again(file).state, arrives.again(file).error) == ("failed", "503")
    assert len(api.asked) == incoming.ATTEMPTS


def test_what_is_gone_is_not_asked_twice(arrives, api, at_noon):
    file = arrives.fetch(arrives("image", JPEG, link=api.fail("/v2/a", 404)))
    assert file.state == "failed"
    at_noon.shift(timedelta(hours=1))
    arrives.fetch(file)
    assert len(api.asked) == 1


def test_a_worker_that_died_with_it_is_relieved(arrives, at_noon, clinic):
    file = arrives("image", JPEG)
    arrives.change(file, busy_since=clock.now())
    assert arrives.fetch(file).state == "waiting"
    at_noon.shift(incoming.LEASE + timedelta(seconds=3))
    with clinic:
        assert incoming.overdue() == ([file.pk], [])
    assert arrives.fetch(file).state == "stored"


def test_the_sweeper_asks_for_what_nobody_brought_in_each_clinic_alone(arrives, at_noon, monkeypatch, arrayan, bosque):
    file = arrives("image", JPEG)
    asked = []
    monkeypatch.setattr(tasks.fetch, "apply_async", lambda kwargs, **_: asked.append(kwargs))
    monkeypatch.setattr("django.db.transaction.on_commit", lambda call, **_: call())
    tasks.sweep_media()
    assert asked == []  # its job is on its way
    at_noon.shift(timedelta(seconds=5))
    tasks.sweep_media()
    assert asked == [{"tenant_id": arrayan.pk, "file_id": file.pk}]


def test_the_other_clinic_s_worker_cannot_fetch_it(arrives, bosque, api):
    file = arrives("image", JPEG)
    with tenancy.tenant_context(bosque.pk):
        incoming.fetch(file_id=file.pk)
    assert arrives.again(file).state == "waiting"
    assert api.asked == []


def test_a_storage_that_fails_is_tried_again(arrives, monkeypatch, at_noon):
    def full(*_args, **_kwargs):
        raise OSError("no space left")

    file = arrives("image", JPEG)
    with monkeypatch.context() as patched:
        patched.setattr(FileSystemStorage, "_save", full)
        assert arrives.fetch(file).error == "storage"
    at_noon.shift(timedelta(seconds=6))
    assert arrives.fetch(file).state == "stored"


def test_no_link_and_no_word_of_it_is_in_a_log_line(arrives, api, caplog):
    caplog.set_level("DEBUG")
    arrives.fetch(arrives("image", JPEG, caption="canario-de-texto"))
    arrives.fetch(arrives("image", HTML, caption="canario-de-texto"))
    arrives.fetch(arrives("document", PDF, link=api.fail("/v2/b?x", 500) + "?sig=secret-of-the-link"))
    said = " ".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    for canary in ("canario-de-texto", "secret-of-the-link", "ycloud-test-key", "rx.pdf"):
        assert canary not in said


def revoke(post, file):
    assert post("text", event="evt_rv", wamid="wamid.RV", type="revoke", text=None, revoke={
        "original_message_id": file.message.provider_id}).status_code == 200


def test_what_its_sender_deleted_goes_and_does_not_come_back(
        arrives, post, api, at_noon, django_capture_on_commit_callbacks):
    file = arrives.fetch(arrives("image", JPEG))
    with django_capture_on_commit_callbacks(execute=True):
        revoke(post, file)
    file = arrives.again(file)
    assert (file.state, file.error, file.message.kind) == ("refused", "revoked", "revoked")
    assert not default_storage.exists(file.name)


def test_what_is_deleted_while_it_comes_is_not_kept(arrives, post, api, monkeypatch):
    file, real = arrives("image", JPEG), incoming._brought

    def meanwhile(*args):
        found = real(*args)
        with tenancy.tenant_context(file.tenant_id):
            revoke(post, file)
        return found

    monkeypatch.setattr(incoming, "_brought", meanwhile)
    file = arrives.fetch(file)
    assert (file.state, file.error) == ("refused", "revoked")
    assert not default_storage.exists(file.name)


def test_what_is_filed_to_a_patient_stays_filed(arrives, post, clinic, client_as, django_capture_on_commit_callbacks):
    """Deleted from the conversation, not from the clinic's papers."""
    with clinic, tenancy.atomic():
        patient = PatientFactory(first_name="Ana", last_name="Quiroga", phone="+5493415550177")
    file = arrives("image", JPEG, caption="mi muela")
    with clinic, tenancy.atomic():
        Conversation.objects.update(patient=patient)
    file = arrives.fetch(file)
    with django_capture_on_commit_callbacks(execute=True):
        revoke(post, file)
    assert kept(arrives.again(file)) == JPEG
    assert client_as("secretary").get(file.address).status_code == 302
    with clinic, tenancy.atomic():
        assert media.with_files(list(ChatMessage.objects.filter(pk=file.message_id)))[0].file is None
