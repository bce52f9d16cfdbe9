"""What staff attach: checked, kept, sent by the outbox through the provider."""
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from clinics import tenancy
from clinics.models import SystemEvent
from dentalogic.lib import http
from dentalogic.lib.refusals import ProviderError
from messaging import doubts, media, outbox, pace
from messaging.models import MediaFile
from tests.fakes.media import HTML, JPEG, PDF, PROGRAM, SVG, voice

pytestmark = pytest.mark.django_db
MP4 = b"\x00\x00\x00\x20ftypisom" + b"\x00" * 40


@pytest.fixture
def talk(writes, clinic, at_noon):
    """A conversation that the secretary attends."""
    writes("hola")
    clinic.change(attended_by="staff")
    return clinic.conversation()


@pytest.fixture
def attach(talk, client_as):
    def send(content=JPEG, name="foto.jpg", mime="image/jpeg", *, role="secretary", client=None, to=None, **fields):
        data = {"file": SimpleUploadedFile(name, content, mime)} if content is not None else {}
        return (client or client_as(role)).post(f"/inbox/{to or talk.pk}/attach", data | fields)

    return send


def files(clinic):
    with clinic, tenancy.atomic():
        return list(MediaFile.objects.order_by("pk"))


@pytest.mark.parametrize(("content", "name", "mime", "kind", "kept"), [
    (JPEG, "radiografía.jpg", "image/jpeg", "image", "image/jpeg"),
    (PDF, "presupuesto.pdf", "application/pdf", "document", "application/pdf"),
    (voice(), "nota.ogg", "audio/ogg", "audio", "audio/ogg"), (MP4, "nota.m4a", "audio/mp4", "audio", "audio/mp4"),
    (JPEG, "foto.exe", "text/html", "image", "image/jpeg")])
def test_a_file_goes_out_with_its_caption(attach, clinic, whatsapp, content, name, mime, kind, kept):
    answer = attach(content, name, mime, text="te mando esto")
    assert answer.status_code == 204, answer.content
    file, message = files(clinic)[0], clinic.messages(direction="out")[0]
    assert (file.kind, file.mime, file.state, file.message_id) == (kind, kept, "stored", message.pk)
    assert (message.kind, message.text, message.author) == (kind, "te mando esto", "staff")
    assert not file.filename.endswith(".exe")
    with default_storage.open(file.name) as source:
        assert source.read() == content


@pytest.mark.parametrize(("content", "name", "mime"), [
    (HTML, "foto.jpg", "image/jpeg"), (SVG, "dibujo.svg", "image/svg+xml"), (PROGRAM, "setup.exe", "application/x"),
    (MP4, "peli.mp4", "video/mp4"), (b"PK\x03\x04", "informe.docx", "application/zip"),
    (b"", "vacio.jpg", "image/jpeg"), (None, "", "")])
def test_what_is_no_photo_pdf_or_audio_is_refused(attach, clinic, content, name, mime, settings):
    answer = attach(content, name, mime)
    assert (answer.status_code, answer.json()["code"]) == (400, "file_type")
    assert (files(clinic), clinic.messages(direction="out")) == ([], [])
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def test_a_photo_that_is_too_large_is_refused(attach, clinic):
    answer = attach(JPEG + b"\x00" * (5 * 1024 * 1024))
    assert (answer.status_code, answer.json()["code"]) == (413, "file_too_large")
    assert files(clinic) == []


def test_a_form_that_is_too_large_is_not_read(attach, clinic, settings):
    settings.UPLOAD_MAX_BYTES = 2000
    answer = attach(JPEG + b"\x00" * 5000)
    assert (answer.status_code, answer.json()["code"]) == (413, "file_too_large")


def test_only_who_attends_and_only_in_the_window(attach, clinic, at_noon, settings):
    clinic.change(attended_by="receptionist")
    assert attach().json()["code"] == "not_taken"
    clinic.change(attended_by="staff")
    at_noon.shift(25 * 3600)
    assert attach().json()["code"] == "window_closed"
    assert files(clinic) == []
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def test_another_clinic_s_conversation_is_not_there(attach, client_as, strangers, clinic):
    assert attach(client=client_as("secretary", strangers["secretary"])).status_code == 404
    assert attach(to=999_999).status_code == 404
    assert attach(role="setter").status_code == 404
    assert files(clinic) == []


def test_the_same_key_is_the_same_message(attach, clinic, client_as):
    for _time in range(2):
        assert attach(key="one").status_code == 204
    assert len(files(clinic)) == len(clinic.messages(direction="out")) == 1


def test_the_same_key_for_another_file_or_caption_is_refused(attach, clinic):
    attach(key="one", text="tu radiografía")
    for other in ({"content": PDF, "name": "a.pdf", "text": "tu radiografía"}, {"text": "otra"}):
        answer = attach(key="one", **other)
        assert (answer.status_code, answer.json()["code"]) == (409, "key_reused")
    assert len(files(clinic)) == 1


# On its way to the provider


def test_a_file_whose_bytes_are_gone_is_not_sent_and_says_why(attach, clinic, whatsapp):
    attach(text="tu radiografía")
    default_storage.delete(files(clinic)[0].name)
    clinic.send()
    message = clinic.messages(direction="out")[0]
    assert (message.status, message.error_code, message.posting_since) == ("failed", "file_gone", None)
    assert "guardado" in message.error_text
    assert whatsapp.sent == [] and whatsapp.uploads == {}


def test_a_storage_that_is_away_is_asked_again(attach, clinic, whatsapp, monkeypatch, at_noon):
    attach()
    real = media.content

    def away(_pk):
        raise OSError(5, "input/output error")

    monkeypatch.setattr(media, "content", away)
    clinic.send()
    message = clinic.messages(direction="out")[0]
    assert (message.status, message.error_code, message.posting_since) == ("queued", "storage", None)
    monkeypatch.setattr(media, "content", real)
    at_noon.shift(10)
    clinic.send()
    assert clinic.messages(direction="out")[0].status == "sent"


@pytest.fixture
def slow(monkeypatch, at_noon):
    """An upload that takes as long as it is told, and does then what it is told."""

    def upload(seconds, then=lambda: None):
        def take(**_file):
            at_noon.shift(seconds)
            then()
            return "media_1"

        monkeypatch.setattr("messaging.providers.ycloud.upload", take)

    return upload


def test_a_slow_upload_is_not_in_doubt_and_is_sent_once(attach, clinic, whatsapp, slow, settings):
    attach()
    slow(settings.OUTBOX_DOUBT + settings.UPLOAD_SECONDS - 1, then=doubts.show)
    clinic.send()
    assert clinic.messages(direction="out")[0].status == "sent"
    assert len(whatsapp.sent) == 1


def test_an_upload_that_was_given_up_meanwhile_is_not_sent_by_whoever_comes_late(
        attach, clinic, whatsapp, slow, settings, secretary):
    """Nobody knows that it lives: a person sends it anew, and that is the one that goes."""
    attach()

    def given_up():
        doubts.show()
        assert clinic.messages(direction="out")[0].in_doubt
        assert whatsapp.sent == []

    slow(settings.OUTBOX_DOUBT + settings.UPLOAD_SECONDS + 1, then=given_up)
    clinic.send()
    assert whatsapp.sent == []
    slow(1)
    with clinic:
        outbox.again(message=clinic.messages(direction="out")[0], by=secretary)
    clinic.send()
    assert len(whatsapp.sent) == 1


def test_an_upload_without_an_answer_sent_nothing_and_is_tried_again(attach, clinic, whatsapp, monkeypatch, at_noon):
    def lost(**_file):
        raise ProviderError("slow", permanent=False, code="ReadTimeout", unknown=True)

    attach()
    with monkeypatch.context() as patch:
        patch.setattr("messaging.providers.ycloud.upload", lost)
        clinic.send()
    assert clinic.messages(direction="out")[0].posting_since is None
    at_noon.shift(10)
    clinic.send()
    assert clinic.messages(direction="out")[0].status == "sent"


def test_the_time_until_a_doubt_is_longer_than_all_that_comes_before_it(settings):
    """Waiting for the number's pace, asking whether it went, and the POST itself; of a file, its upload before."""
    assert settings.OUTBOX_DOUBT > pace.LONGEST + 2 * (http.SECONDS + http.CONNECT_SECONDS)


def test_a_refusal_of_the_outbox_leaves_no_bytes_behind(attach, clinic, settings):
    answer = attach(text="x" * 5000)
    assert answer.status_code == 400
    assert files(clinic) == []
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def test_it_is_in_the_audit_without_its_name(attach, clinic):
    attach(PDF, "Carolina Luque.pdf", "application/pdf")
    with clinic, tenancy.atomic():
        event = SystemEvent.objects.get(event="media.attached")
    assert event.payload == {"row": files(clinic)[0].pk, "kind": "document"}


def test_without_a_token_of_the_page_nothing_comes_in(talk, client_as, clinic):
    client, checked = client_as("secretary"), Client(enforce_csrf_checks=True)
    checked.cookies = client.cookies
    answer = checked.post(f"/inbox/{talk.pk}/attach", {"file": SimpleUploadedFile("a.jpg", JPEG, "image/jpeg")})
    assert answer.status_code == 403
    assert files(clinic) == []
