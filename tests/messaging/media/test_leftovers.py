"""Bytes that no row names are removed once a day, and nothing else is."""
import io
import os
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from clinics import tenancy
from dentalogic.lib import clock
from messaging.media import leftovers, storing, tasks
from messaging.models import MediaFile
from tests.fakes.media import JPEG

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(arrayan, bosque, settings):
    """`kept(hours)`: bytes that were put as many hours ago, under a name that has no row; the name."""
    def put(hours, *, tenant=arrayan):
        with tenancy.tenant_context(tenant.pk):
            name = storing.new_name()
            storing.put(name, io.BytesIO(JPEG))
        age(name, hours)
        return name

    return put


def age(name, hours):
    then = (clock.outside() - timedelta(hours=hours)).timestamp()
    os.utime(default_storage.path(name), (then, then))


def test_what_no_row_names_for_a_day_is_removed(kept, bosque):
    old, fresh, theirs = kept(25), kept(23), kept(25, tenant=bosque)
    default_storage.save("elsewhere/left", ContentFile(b"not ours"))
    age("elsewhere/left", 100)
    tasks.forget_leftovers()
    there = [name for name in (old, fresh, theirs, "elsewhere/left") if default_storage.exists(name)]
    assert there == [fresh, "elsewhere/left"]


def test_what_a_row_names_stays_however_old(arrives, kept):
    stored, waits, revoked = (arrives.fetch(arrives("image", JPEG)) for _three in range(3))
    arrives.change(waits, state="waiting")  # a second attempt is under way
    arrives.change(revoked, state="refused", error="revoked")  # its worker died before it removed them
    for file in (stored, waits, revoked):
        age(file.name, 400)
    tasks.forget_leftovers()
    assert [default_storage.exists(file.name) for file in (stored, waits, revoked)] == [True, True, False]


def test_a_row_that_comes_while_it_looks_is_seen(kept, clinic, arrayan, monkeypatch, at_noon):
    name = kept(25)
    listed = leftovers._listed

    def slow(path, **how):
        found = listed(path, **how)
        if not how:
            with clinic, tenancy.atomic():
                MediaFile.objects.create(kind="image", state="stored", name=name, created_at=clock.now())
        return found

    monkeypatch.setattr(leftovers, "_listed", slow)
    tasks.forget_leftovers()
    assert default_storage.exists(name)


def test_an_upload_whose_transaction_failed_is_left_and_then_removed(
        writes, clinic, client_as, at_noon, monkeypatch, settings):
    """The bytes go to the storage before the row is committed; a process that dies in between leaves them."""
    writes("hola")
    clinic.change(attended_by="staff")
    monkeypatch.setattr(MediaFile.objects, "create", lambda **_row: 1 / 0)
    client = client_as("secretary")
    client.raise_request_exception = False
    answer = client.post(f"/inbox/{clinic.conversation().pk}/attach", {
        "file": SimpleUploadedFile("foto.jpg", JPEG, "image/jpeg")})
    assert answer.status_code == 500
    left = [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
    assert len(left) == 1
    os.utime(left[0], (0, 0))
    tasks.forget_leftovers()
    assert not left[0].exists()


def test_a_storage_that_does_not_answer_stops_nobody(kept, bosque, monkeypatch):
    one, two = kept(25), kept(25, tenant=bosque)

    def down(*_name):
        raise OSError

    monkeypatch.setattr(FileSystemStorage, "get_modified_time", down)
    tasks.forget_leftovers()
    assert default_storage.exists(one)
    assert default_storage.exists(two)
