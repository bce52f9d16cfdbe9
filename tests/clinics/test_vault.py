"""A clinic's secrets: what opens and what does not, who notes it, and how a key is changed. Nothing shows one."""
import base64
import logging
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection

from clinics import audit, rotation, tenancy, vault
from clinics.auth import second_factor
from clinics.models import Credential, SecondFactor, SystemEvent
from clinics.tasks import TenantTask
from dentalogic.lib.crypto import CannotOpen, Ring
from messaging.receptionist import llm
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
OLD, NEW = "a:" + "QUFB" * 10 + "QUE=", "b:" + "QkJC" * 10 + "QkI="
FERNET, OTHER_FERNET = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture
def keys(settings):
    """`keys(NEW, OLD)`: the ring of the installation from now on."""

    def turn(*ring, fernet=()):
        settings.VAULT_KEYS, settings.FERNET_KEYS = list(ring), list(fernet)
        vault.ring.cache_clear()

    yield turn
    vault.ring.cache_clear()


@pytest.fixture(autouse=True)
def _nothing_noted(monkeypatch):
    monkeypatch.setattr(vault, "_noted", {})


def read(name):
    return vault.get(name, purpose="send")


def token_of(name):
    return Credential.objects.get(name=name)


def rows(event):
    return [row.payload for row in SystemEvent.objects.filter(event=event).order_by("pk")]


# What opens


def test_a_secret_comes_back_and_is_not_in_the_row(here):
    vault.put("ycloud.api_key", "secreto-1")
    vault.put("ycloud.api_key", "secreto-2")
    assert read("ycloud.api_key") == "secreto-2"
    assert read("otro") is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(c::text, '') FROM credentials c")
        assert "secreto" not in cursor.fetchone()[0]


def test_a_token_copied_to_another_name_or_clinic_does_not_open(here, bosque, within):
    vault.put("a", "secreto")
    token = token_of("a").ciphertext
    vault.put("b", "otro")
    Credential.objects.filter(name="b").update(ciphertext=token)
    with pytest.raises(CannotOpen):
        read("b")
    with within(bosque):
        vault.put("a", "x")
        Credential.objects.filter(name="a").update(ciphertext=token)
        with pytest.raises(CannotOpen):
            read("a")


def test_a_token_that_was_touched_anywhere_does_not_open(here):
    vault.put("a", "secreto-de-veinte-letras")
    whole = token_of("a").ciphertext
    version, key_id, encoded = whole.split(".")
    raw = bytearray(base64.urlsafe_b64decode(encoded))
    touched = [f"v2.{key_id}.{encoded}", f"{version}.otra.{encoded}", whole[:-8], "", ".", "v1..", "gAAAAA"]
    for place in (0, 11, 12, len(raw) // 2, len(raw) - 16, len(raw) - 1):  # nonce, text, tag
        other = bytearray(raw)
        other[place] ^= 1
        touched.append(f"{version}.{key_id}.{base64.urlsafe_b64encode(other).decode()}")
    for token in touched:
        Credential.objects.filter(name="a").update(ciphertext=token)
        with pytest.raises(CannotOpen):
            read("a")


def test_a_key_that_left_the_ring_takes_its_secrets_along(here, keys):
    keys(OLD)
    vault.put("a", "secreto")
    keys(NEW)
    with pytest.raises(CannotOpen):
        read("a")
    keys(NEW, OLD)
    assert read("a") == "secreto"


def test_an_older_key_still_reads_and_the_newest_writes():
    token = Ring([OLD]).seal("x", belongs_to="1:a")
    ring = Ring([NEW, OLD])
    assert ring.open(token, belongs_to="1:a") == "x"
    assert ring.seal("x", belongs_to="1:a").startswith("v1.b.")


def test_the_same_id_with_another_key_does_not_open():
    token = Ring([OLD]).seal("x", belongs_to="1:a")
    with pytest.raises(CannotOpen):
        Ring(["a" + NEW[1:]]).open(token, belongs_to="1:a")


def test_two_seals_of_one_text_differ():
    ring = Ring([NEW])
    assert ring.seal("x", belongs_to="p") != ring.seal("x", belongs_to="p")


# Fernet, of an earlier installation


def test_a_fernet_token_is_read_and_written_again_as_ours(here, keys):
    keys(NEW, fernet=[OTHER_FERNET, FERNET])
    vault.put("a", "x")
    Credential.objects.filter(name="a").update(ciphertext=Fernet(FERNET).encrypt(b"secreto").decode(), key_id="")
    assert read("a") == "secreto"
    row = token_of("a")
    assert row.ciphertext.startswith("v1.b.") and row.key_id == "b"
    keys(NEW)
    assert read("a") == "secreto", "the Fernet key is needed no more"


def test_a_fernet_token_without_its_key_or_touched_does_not_open(here, keys):
    token = Fernet(FERNET).encrypt(b"secreto").decode()
    vault.put("a", "x")
    touched = token[:40] + ("A" if token[40] != "A" else "B") + token[41:]
    for ring, kept in (([], token), ([OTHER_FERNET], token), ([FERNET], touched), ([FERNET], token[:-4])):
        keys(NEW, fernet=ring)
        Credential.objects.filter(name="a").update(ciphertext=kept)
        with pytest.raises(CannotOpen):
            read("a")


# A ring that turns


def test_rotation_writes_everything_again_and_then_the_old_keys_may_go(arrayan, bosque, within, keys, monkeypatch):
    monkeypatch.setattr(rotation, "BATCH", 2)
    keys(OLD, fernet=[FERNET])
    person = UserFactory()
    for clinic in (arrayan, bosque):
        with within(clinic):
            for name in ("uno", "dos", "tres"):
                vault.put(name, f"{clinic.slug}-{name}")
            Credential.objects.filter(name="dos").update(
                ciphertext=Fernet(FERNET).encrypt(f"{clinic.slug}-dos".encode()).decode())
    sealed = vault.ring().seal("TOTP", belongs_to=f"user:{person.pk}:second_factor")
    SecondFactor.objects.create(user=person, secret=sealed)
    keys(NEW, OLD, fernet=[FERNET])
    said = StringIO()
    call_command("rotate_vault_keys", stdout=said)
    assert "arrayan: 3 vueltas a cifrar, 0 al día, 0 ilegibles" in said.getvalue()
    assert "segundos factores: 1 vueltas a cifrar" in said.getvalue()
    keys(NEW)
    for clinic in (arrayan, bosque):
        with within(clinic):
            assert [read(name) for name in ("uno", "dos", "tres")] == [
                f"{clinic.slug}-{name}" for name in ("uno", "dos", "tres")]
            assert set(Credential.objects.values_list("key_id", flat=True)) == {"b"}
            assert rows("vault.rotated") == [{"rewritten": 3, "unreadable": 0}]
    assert second_factor.secret_of(SecondFactor.objects.get(pk=person.pk)) == "TOTP"
    call_command("rotate_vault_keys", stdout=(again := StringIO()))
    assert "arrayan: 0 vueltas a cifrar, 3 al día" in again.getvalue()
    with within(arrayan):
        assert len(rows("vault.rotated")) == 1, "nothing was done the second time"


def test_what_rotation_cannot_open_it_leaves_says_and_fails(arrayan, within, keys):
    keys(OLD)
    with within(arrayan):
        vault.put("vieja", "secreto")
    keys(NEW)
    with within(arrayan):
        vault.put("nueva", "otro")
        before = token_of("vieja").ciphertext
    said = StringIO()
    with pytest.raises(CommandError, match="1 no se pudieron abrir"):
        call_command("rotate_vault_keys", stdout=said)
    assert "0 vueltas a cifrar, 1 al día, 1 ilegibles" in said.getvalue()
    with within(arrayan):
        assert token_of("vieja").ciphertext == before
        assert rows("vault.rotated") == [{"rewritten": 0, "unreadable": 1}]


# No key, no start


@pytest.mark.parametrize("ring", [[], ["a:QUFB"], ["sin-dos-puntos"], [":" + "QUFB" * 10 + "QUE="], [OLD, OLD],
                                  ["a.b" + OLD[1:]], ["fernet" + OLD[1:]], ["a:" + "!" * 44]])
def test_a_ring_without_proper_keys_is_refused(ring):
    with pytest.raises(ValueError, match=r"key") as fault:
        Ring(ring)
    assert not any(item.partition(":")[2][:20] in str(fault.value) for item in ring if len(item) > 30)


def test_a_fernet_key_that_is_none_is_refused():
    with pytest.raises(ValueError, match="Fernet"):
        Ring([NEW], ["corta"])


@pytest.mark.parametrize(("changes", "canary"), [
    ({"DENTALOGIC_VAULT_KEYS": ""}, "nada"), ({"DENTALOGIC_VAULT_KEYS": "Q0FOQVJJTw=="}, "Q0FOQVJJTw"),
    ({"DENTALOGIC_VAULT_KEYS": "a:Q0FOQVJJTw=="}, "Q0FOQVJJTw"),
    ({"DENTALOGIC_FERNET_KEYS": "Q0FOQVJJTw=="}, "Q0FOQVJJTw"),
    ({"DJANGO_SECRET_KEY": "Q0FOQVJJTw"}, "Q0FOQVJJTw"), ({"JWT_SECRET": "Q0FOQVJJTw"}, "Q0FOQVJJTw"),
])
def test_without_good_keys_nothing_starts_and_no_key_is_told(changes, canary):
    environment = {
        "PATH": os.environ["PATH"], "DENTALOGIC_ENV": "production", "DJANGO_SECRET_KEY": "x" * 40,
        "JWT_SECRET": "y" * 40, "DATABASE_URL": "postgresql://a:b@127.0.0.1:1/c", "REDIS_URL": "redis://127.0.0.1:1/0",
        "DENTALOGIC_VAULT_KEYS": NEW} | changes
    for start in ("import dentalogic.wsgi", "import dentalogic.celery; dentalogic.celery.app.conf.broker_url"):
        done = subprocess.run([sys.executable, "-c", start], cwd=ROOT, env=environment, capture_output=True, text=True)
        assert done.returncode != 0 and "ImproperlyConfigured" in done.stderr
        assert canary not in done.stderr + done.stdout


# Each read is a row


def test_each_read_is_a_row_with_its_name_and_purpose(here):
    vault.put("a", "secreto")
    read("a")
    vault.get("a", purpose="typing")
    assert rows("vault.read") == [{"name": "a", "purpose": "send"}, {"name": "a", "purpose": "typing"}]
    vault.get("nada", purpose="send")
    assert len(rows("vault.read")) == 2, "nothing was read"


def test_a_job_reads_a_secret_once(here, arrayan):
    vault.put("a", "secreto")
    found = []

    class Sends(TenantTask):
        name = "sends"

        def run(self):
            for _message in range(3):
                with tenancy.atomic():
                    found.append(read("a"))

    Sends()(tenant_id=arrayan.pk)
    Sends()(tenant_id=arrayan.pk)
    assert found == ["secreto"] * 6
    assert len(rows("vault.read")) == 2, "one each job"


def test_what_a_request_reads_is_noted_with_who_asked_even_if_it_is_rolled_back(rf, here, people):
    vault.put("a", "secreto")
    request = rf.post("/settings/whatsapp/")
    request.member, request.actor = people["ceo"], people["ceo"].actor
    with audit.kept() as kept:
        with pytest.raises(RuntimeError), tenancy.atomic():
            assert read("a") == read("a") == "secreto"
            raise RuntimeError
        assert not rows("vault.read")
    kept.write_of(request, 500)
    row = SystemEvent.objects.get(event="vault.read")
    assert (row.actor_id, row.role, row.ip) == (people["ceo"].user_id, "ceo", "127.0.0.1")


def test_a_secret_put_during_a_job_is_the_one_it_reads_next(here):
    vault.put("a", "uno")
    with audit.kept(job=True):
        assert read("a") == "uno"
        vault.put("a", "dos")
        assert read("a") == "dos"


def test_a_door_that_anybody_knocks_at_is_noted_once_in_a_while(here, monkeypatch):
    vault.put("a", "secreto")
    clock = [100.0]
    monkeypatch.setattr(vault.time, "monotonic", lambda: clock[0])
    for _knock in range(5):
        vault.get("a", purpose="webhook")
    clock[0] += vault.STANDING_SECONDS
    vault.get("a", purpose="webhook")
    assert len(rows("vault.read")) == 2


def test_a_secret_that_does_not_open_is_a_grave_row_and_a_line(here, arrayan, caplog):
    vault.put("a", "secreto")
    Credential.objects.filter(name="a").update(ciphertext="v1.zz.AAAA")

    class Sends(TenantTask):
        name = "sends"

        @tenancy.atomic
        def run(self):
            read("a")

    with pytest.raises(CannotOpen):
        Sends()(tenant_id=arrayan.pk)
    assert rows("vault.unreadable") == [{"name": "a", "purpose": "send"}]
    assert "does not open" in caplog.text


def test_who_wrote_or_took_away_a_secret_is_noted_and_that_there_is_one_can_be_told(here, people):
    vault.put("a", "secreto", by=people["ceo"].actor)
    assert list(vault.known("a", "b")) == ["a"]
    assert not rows("vault.read"), "nothing was opened"
    vault.forget("a", by=people["ceo"].actor)
    vault.forget("a", by=people["ceo"].actor)
    assert vault.known("a") == {}
    actors = SystemEvent.objects.filter(event__startswith="vault.").values_list("event", "actor_id")
    assert list(actors) == [(name, people["ceo"].user_id) for name in ("vault.written", "vault.forgotten")]


# The environment's key, where the vault has none


def test_the_vaults_key_comes_before_the_environments(here, settings, caplog):
    settings.OPENAI_API_KEY = "sk-entorno"
    assert llm.configured().key == "sk-entorno"
    assert "legacy" in caplog.text and "sk-entorno" not in caplog.text
    assert rows("vault.legacy") == [{"name": "openai.api_key"}]
    vault.put(llm.KEY_IN_VAULT, "sk-boveda")
    assert llm.configured().key == "sk-boveda"
    assert rows("vault.read") == [{"name": "openai.api_key", "purpose": "model"}]
    llm.configured()
    assert len(rows("vault.legacy")) == 1


def test_the_other_clinics_key_is_not_ours(here, bosque, within, settings):
    settings.OPENAI_API_KEY = ""
    with within(bosque):
        vault.put(llm.KEY_IN_VAULT, "sk-bosque")
    assert llm.configured() is None


def test_a_ring_and_a_credential_show_nothing_of_themselves(here):
    vault.put("a", "secreto")
    said = f"{vault.ring()!r} {vars(vault.ring())} {token_of('a')!r} {token_of('a')}"
    assert "secreto" not in said and base64.b64encode(b"k" * 32).decode() not in said and "kkkkkk" not in said


def test_logging_at_its_loudest_says_no_secret(here, caplog):
    caplog.set_level(logging.DEBUG)
    vault.put("a", "canario-de-la-boveda")
    read("a")
    assert "canario-de-la-boveda" not in caplog.text
