"""Voice notes become words before the turn: OpenAI's own client, spoken to a peer on loopback."""
from datetime import timedelta
from decimal import Decimal

import pytest

from clinics import tenancy, vault
from clinics.models import Professional, SystemEvent
from dentalogic.lib import clock
from messaging import budget, media
from messaging.media import hearing, incoming, storing, tasks
from messaging.models import ChatMessage
from tests.fakes.media import voice
from tests.fakes.openai import Model

pytestmark = pytest.mark.django_db
CANARY = "canario de la transcripción: tomo anticoagulantes"


@pytest.fixture
def brought(arrives):
    """A voice note that is here and has no transcript yet."""
    return lambda *content, **how: arrives.fetch(arrives("audio", *content, **how))


def test_a_voice_note_is_heard_in_spanish_with_the_clinic_s_surnames(brought, arrives, listener, people, strangers):
    sound = voice(7)
    file = brought(sound)
    assert (file.state, file.transcript_state, file.seconds) == ("stored", "waiting", 7)
    file = arrives.hear(file)
    assert (file.transcript_state, file.transcript) == ("done", "Hola, ¿tienen turno para una limpieza?")
    form = listener.heard[0]
    assert (form["model"], form["language"], form["response_format"]) == ("gpt-transcribe", "es", "json")
    name, kind, content = form["file"]
    assert (name, kind, content.rstrip(b"\n")) == ("audio.ogg", "audio/ogg", sound.rstrip(b"\n"))
    with tenancy.tenant_context(file.tenant_id), tenancy.atomic():
        ours = list(Professional.objects.order_by("pk").values_list("last_name", flat=True))
    assert form["keywords[]"] == ours
    assert listener.keys == ["Bearer sk-test-canary-0001"]


def test_it_is_heard_once(brought, arrives, listener):
    file = brought()
    arrives.hear(file)
    arrives.hear(file)
    assert len(listener.heard) == 1


def test_what_the_message_says_is_what_was_heard(brought, arrives, listener, clinic):
    arrives.hear(brought())
    with clinic, tenancy.atomic():
        message = ChatMessage.objects.get()
        assert message.words == ""  # until its file is asked for
        media.with_files([message])
    assert message.words == "Hola, ¿tienen turno para una limpieza?"


@pytest.mark.parametrize(("step", "code"), [
    (400, "http_400"), (401, "http_401"), (413, "http_413"), ("nonsense", "AttributeError"), ("", "empty"),
    (" \n ", "empty")])
def test_what_cannot_be_heard_is_said_to_staff(brought, arrives, listener, step, code):
    listener.voices.append(step)
    file = arrives.hear(brought())
    assert (file.transcript_state, file.transcript_error, file.transcript) == ("failed", code, "")
    assert str(file.unheard)
    assert file.is_stored  # staff hear it themselves


@pytest.mark.parametrize("step", [500, 503, 429, "cut"])
def test_a_passing_fault_is_tried_again(brought, arrives, listener, step, at_noon):
    listener.voices.append(step)
    file = arrives.hear(brought())
    assert (file.transcript_state, bool(file.transcript_error)) == ("waiting", True)
    at_noon.shift(timedelta(seconds=6))
    assert arrives.hear(file).transcript_state == "done"


def test_three_times_and_no_more(brought, arrives, listener, at_noon):
    file = brought()
    for _attempt in range(hearing.ATTEMPTS):
        listener.voices.append(500)
        arrives.hear(file)
        at_noon.shift(timedelta(hours=1))
    assert arrives.again(file).transcript_state == "failed"
    assert len(listener.heard) == hearing.ATTEMPTS


def test_a_server_that_hangs_is_left(brought, arrives, listener, settings):
    settings.TRANSCRIPTION_TIMEOUT = 1
    listener.voices.append("hang")
    file = arrives.hear(brought())
    assert (file.transcript_state, file.transcript_error) == ("waiting", "APITimeoutError")


def test_without_a_key_nobody_is_asked_and_it_says_so(brought, arrives, listener, settings):
    settings.OPENAI_API_KEY = ""
    file = arrives.hear(brought())
    assert (file.transcript_state, file.transcript_error) == ("failed", "no_key")
    assert listener.heard == []


def test_the_clinic_s_own_key_is_used_and_not_another_clinic_s(
        brought, arrives, listener, settings, within, bosque, clinic):
    settings.OPENAI_API_KEY = ""
    with within(bosque):
        vault.put("openai.api_key", "sk-of-bosque")
    assert arrives.hear(brought()).transcript_error == "no_key"
    with clinic:
        vault.put("openai.api_key", "sk-of-arrayan")
    assert arrives.hear(brought()).transcript_state == "done"
    assert listener.keys == ["Bearer sk-of-arrayan"]


def test_another_server_gets_its_own_key_and_never_openai_s(brought, arrives, listener, settings, clinic):
    other = Model()
    settings.TRANSCRIPTION_BASE_URL, settings.TRANSCRIPTION_MODEL = other.base, "whisper-small"
    try:
        assert arrives.hear(brought()).transcript_error == "no_key"
        settings.TRANSCRIPTION_API_KEY = "local"
        file = arrives.hear(brought())
    finally:
        other.close()
    assert (file.transcript_state, other.keys, listener.keys) == ("done", ["Bearer local"], [])
    assert (other.heard[0]["model"], "keywords[]" in other.heard[0]) == ("whisper-small", False)


@pytest.mark.parametrize("how", ["seconds", "bytes"])
def test_a_long_recording_is_kept_and_not_heard(brought, arrives, listener, settings, how):
    settings.TRANSCRIPTION_LARGEST = 10_000
    sound = voice(601) if how == "seconds" else voice() + b"\x00" * 20_000
    file = arrives.hear(brought(sound))
    assert (file.state, file.transcript_state, file.transcript_error) == ("stored", "failed", "too_long")
    assert listener.heard == []


def test_bytes_that_are_gone_from_the_storage(brought, arrives, listener):
    file = brought()
    storing.forget(file.name)
    assert arrives.hear(file).transcript_error == "gone"


def test_a_worker_that_died_listening_is_relieved(brought, arrives, listener, at_noon, clinic):
    file = brought()
    arrives.change(file, busy_since=clock.now())
    assert arrives.hear(file).transcript_state == "waiting"
    at_noon.shift(incoming.LEASE + timedelta(seconds=3))
    with clinic:
        assert incoming.overdue() == ([], [file.pk])
    assert arrives.hear(file).transcript_state == "done"


def test_the_job_is_asked_for_when_the_bytes_are_here(
        arrives, listener, monkeypatch, django_capture_on_commit_callbacks):
    asked = []
    monkeypatch.setattr(tasks.hear, "apply_async", lambda kwargs, **_: asked.append(kwargs))
    file = arrives("audio")
    with django_capture_on_commit_callbacks(execute=True):
        arrives.fetch(file)
    assert asked == [{"tenant_id": file.tenant_id, "file_id": file.pk}]


def test_no_word_that_was_heard_is_in_a_log_line_or_in_the_audit(brought, arrives, listener, caplog, clinic):
    caplog.set_level("DEBUG")
    listener.voices.extend([CANARY, 500, 400])
    for _number in range(3):
        arrives.hear(brought())
    said = " ".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    with clinic, tenancy.atomic():
        told = str(list(SystemEvent.objects.values_list("payload", flat=True)))
    for canary in ("anticoagulantes", "canario", "sk-test-canary-0001"):
        assert canary not in said
        assert canary not in told


# The month's budget


@pytest.fixture
def allows(clinic, people):
    """`allows(budget_minutes=2)`: the clinic's own figures."""
    from messaging import language_model

    def change(**figures):
        with clinic, tenancy.atomic():
            language_model.change(by=people["ceo"].actor, **figures)

    return change


def used(clinic):
    with clinic, tenancy.atomic():
        return budget.usage()


def test_what_is_heard_is_counted_and_costs_what_the_clinic_says(brought, arrives, listener, clinic, allows):
    arrives.hear(brought(voice(90)))
    assert (used(clinic).audio_seconds, used(clinic).unpriced_seconds, used(clinic).cost) == (90, 90, 0)
    allows(price_minute=Decimal("0.006"))
    arrives.hear(brought(voice(30)))
    assert (used(clinic).audio_seconds, used(clinic).unpriced_seconds, used(clinic).cost) == (
        120, 90, Decimal("0.003"))


def test_the_installations_price_holds_where_the_clinic_has_none(brought, arrives, listener, clinic, settings):
    settings.TRANSCRIPTION_PRICE = Decimal("0.01")
    arrives.hear(brought(voice(60)))
    assert used(clinic).cost == Decimal("0.01")


@pytest.mark.parametrize("figures", [
    {"budget_minutes": 1}, {"budget_minutes": 0}, {"budget_tokens": 0},
    {"price_in": 1, "price_out": 1, "budget_usd": Decimal("0.50"), "price_minute": Decimal("0.50")}])
def test_at_the_months_end_nobody_is_asked_and_staff_read_why(brought, arrives, listener, clinic, allows, figures):
    allows(**figures)
    first, later = arrives.hear(brought(voice(60))), arrives.hear(brought(voice(5)))
    assert (later.transcript_state, later.transcript_error) == ("failed", "budget")
    assert later.is_stored and "tope del mes" in str(later.unheard)
    assert len(listener.heard) == (first.transcript_state == "done") == (0 not in figures.values())
    with clinic, tenancy.atomic():
        assert SystemEvent.objects.filter(event="model.budget", payload__part=100).count() == 1


def test_a_server_of_ones_own_is_stopped_by_its_minutes_alone(brought, arrives, listener, clinic, allows):
    allows(price_minute=Decimal(0), budget_tokens=0)
    assert arrives.hear(brought(voice(60))).transcript_state == "done"
    allows(budget_minutes=1)
    assert arrives.hear(brought()).transcript_error == "budget"


def test_what_was_refused_costs_nothing_and_what_hung_may_have(
        brought, arrives, listener, clinic, settings, at_noon):
    settings.TRANSCRIPTION_TIMEOUT = 1
    listener.voices.extend([401, "hang"])
    arrives.hear(brought(voice(60)))
    assert used(clinic).audio_seconds == 0
    arrives.hear(brought(voice(30)))
    assert used(clinic).audio_seconds == 30


def test_what_does_not_say_its_length_counts_by_its_size(brought, arrives, listener, clinic):
    file = brought(voice(3) + b"\x00" * 20_000)
    arrives.change(file, seconds=None)
    arrives.hear(file)
    assert used(clinic).audio_seconds == -(-file.size // hearing.BYTES_A_SECOND) > 10
