import hashlib

import pytest

from clinics import tenancy
from messaging.media import incoming
from messaging.models import MediaFile
from tests import payloads
from tests.fakes.media import JPEG, Files, voice
from tests.fakes.openai import Model

MIMES = {"image": "image/jpeg", "audio": "audio/ogg; codecs=opus", "document": "application/pdf", "video": "video/mp4"}


@pytest.fixture(autouse=True)
def _own_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.OPENAI_API_KEY = ""


@pytest.fixture
def api(settings):
    """The provider's API, which also gives files."""
    server = Files()
    settings.YCLOUD_API_BASE = f"{server.base}/v2"
    yield server
    server.close()


@pytest.fixture
def store(settings, api):
    """Another host that the provider keeps files on, allowed by the settings."""
    server = Files()
    settings.YCLOUD_MEDIA_HOSTS = ["files.ycloud.example", f"{server.base}/kept"]
    yield server
    server.close()


@pytest.fixture
def stranger():
    """A host of nobody's."""
    server = Files()
    yield server
    server.close()


@pytest.fixture
def listener(settings):
    """The transcription peer, and the key of this installation for it."""
    server = Model()
    settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY = server.base, "sk-test-canary-0001"
    yield server
    server.close()


@pytest.fixture
def ear(settings):
    """A transcription server of the clinic's own, and no model: the offline receptionist reads what it hears."""
    server = Model()
    settings.TRANSCRIPTION_BASE_URL, settings.TRANSCRIPTION_API_KEY = server.base, "local"
    yield server
    server.close()


class Arrival:
    """A patient's message with a file, and what the worker does with it, done by hand."""

    def __init__(self, tenant, api, post):
        self.tenant, self.api, self.post, self.count = tenant, api, post, 0

    def __call__(self, kind="image", content=None, *, link=None, caption="", sha256=None, **how) -> MediaFile:
        self.count += 1
        path = f"/v2/whatsapp/media/download/{self.count}"
        if content is None:
            content = voice() if kind == "audio" else JPEG
        if link is None:
            link = self.api.put(path, content, mime=MIMES[kind], **how) + "?sig=secret-of-the-link"
        said = {"id": str(self.count), "link": link, "mime_type": MIMES[kind],
                "sha256": hashlib.sha256(content).hexdigest() if sha256 is None else sha256}
        if caption:
            said["caption"] = caption
        if kind == "document":
            said["filename"] = how.get("filename", "rx.pdf")
        name = kind if kind in payloads.names() else "image"
        answer = self.post(name, wamid=f"wamid.M{self.count}", id=f"in_{self.count}", **{
            name: None, "type": kind, kind: said})
        assert answer.status_code == 200
        return self.row(message__provider_id=f"wamid.M{self.count}")

    def row(self, **which) -> MediaFile:
        with tenancy.tenant_context(self.tenant.pk), tenancy.atomic():
            return MediaFile.objects.select_related("message__conversation").get(**which)

    def again(self, file) -> MediaFile:
        return self.row(pk=file.pk)

    def fetch(self, file) -> MediaFile:
        with tenancy.tenant_context(self.tenant.pk):
            incoming.fetch(file_id=file.pk)
        return self.again(file)

    def hear(self, file) -> MediaFile:
        with tenancy.tenant_context(self.tenant.pk):
            incoming.hear(file_id=file.pk)
        return self.again(file)

    def change(self, file, **changes):
        with tenancy.tenant_context(self.tenant.pk), tenancy.atomic():
            MediaFile.objects.filter(pk=file.pk).update(**changes)


@pytest.fixture
def arrives(arrayan, api, post, at_noon):
    return Arrival(arrayan, api, post)
