import pytest
from django.db import connection

from clinics import vault
from clinics.models import Credential
from dentalogic.lib.crypto import CannotOpen, Ring

pytestmark = pytest.mark.django_db
OLD, NEW = "a:" + "QUFB" * 10 + "QUE=", "b:" + "QkJC" * 10 + "QkI="


def test_a_secret_comes_back_and_is_not_in_the_row(here):
    vault.put("ycloud.api_key", "secreto-1")
    vault.put("ycloud.api_key", "secreto-2")
    assert vault.get("ycloud.api_key", purpose="send") == "secreto-2"
    assert vault.get("otro", purpose="send") is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(c::text, '') FROM credentials c")
        assert "secreto" not in cursor.fetchone()[0]


def test_a_token_copied_to_another_name_or_clinic_does_not_open(here, bosque, within):
    vault.put("a", "secreto")
    token = Credential.objects.get(name="a").ciphertext
    vault.put("b", "otro")
    Credential.objects.filter(name="b").update(ciphertext=token)
    with pytest.raises(CannotOpen):
        vault.get("b", purpose="send")
    with within(bosque):
        vault.put("a", "x")
        Credential.objects.filter(name="a").update(ciphertext=token)
        with pytest.raises(CannotOpen):
            vault.get("a", purpose="send")


def test_an_older_key_still_reads_and_the_newest_writes():
    token = Ring([OLD]).seal("x", belongs_to="1:a")
    ring = Ring([NEW, OLD])
    assert ring.open(token, belongs_to="1:a") == "x"
    assert ring.seal("x", belongs_to="1:a").startswith("v1.b.")
    with pytest.raises(CannotOpen):
        Ring([NEW]).open(token, belongs_to="1:a")


def test_two_seals_of_one_text_differ():
    ring = Ring([NEW])
    assert ring.seal("x", belongs_to="p") != ring.seal("x", belongs_to="p")


@pytest.mark.parametrize("keys", [[], ["a:QUFB"], ["sin-dos-puntos"], [":" + "QUFB" * 10 + "QUE="]])
def test_a_ring_without_proper_keys_is_refused(keys):
    with pytest.raises(ValueError, match=r"key"):
        Ring(keys)
