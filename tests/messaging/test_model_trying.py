"""Ajustes > Recepcionista > Probar: one real request by a job, told in words, without a word of the key."""
from decimal import Decimal

import pytest

from clinics import vault
from clinics.clinic import NotYours
from clinics.models import SystemEvent
from messaging import budget, language_model, model_jobs, model_trying
from messaging.models import LanguageModel
from tests.fakes.openai import Model

pytestmark = pytest.mark.django_db
URL, KEY = "/settings/receptionist/", "sk-clave-canario-0009"


@pytest.fixture
def peer(settings, arrayan, bosque, within):
    server = Model(otherwise="ok")
    settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL = "", server.base
    with within(bosque):
        vault.put(language_model.KEY_IN_VAULT, "sk-of-bosque")
    with within(arrayan):
        vault.put(language_model.KEY_IN_VAULT, KEY)
    yield server
    server.close()


@pytest.fixture
def ceo(client_as):
    return client_as("ceo")


@pytest.fixture
def tried(ceo, arrayan, django_capture_on_commit_callbacks, monkeypatch):
    """The button, and the job that it asked for; what the page says then."""

    def press(*, works=True):
        asked = []
        monkeypatch.setattr(model_jobs.attempt, "apply_async", lambda kwargs, **_: asked.append(kwargs))
        with django_capture_on_commit_callbacks(execute=True):
            answer = ceo.post(f"{URL}try")
        assert answer.status_code == 302
        for ids in asked if works else ():
            model_jobs.attempt(**ids)
        return ceo.get(answer.headers["Location"].replace("#r-try", "")).content.decode()

    return press


def test_one_that_answers_says_so_and_is_asked_as_a_turn_asks(tried, peer, people, arrayan, bosque, within):
    with within(arrayan):
        language_model.change(by=people["ceo"].actor, model="gpt-x-mini", temperature=Decimal("0.5"))
    page = tried()
    assert "gpt-x-mini contestó en" in page and "every 2s" not in page
    (asked,) = peer.asked
    assert (asked["model"], asked["temperature"], len(asked["tools"])) == ("gpt-x-mini", 0.5, 1)
    assert peer.keys == [f"Bearer {KEY}"]
    with within(arrayan):
        assert (budget.usage().rounds, budget.usage().tokens) == (1, 100), "it counts, as what it was"
        assert SystemEvent.objects.filter(event="model.tried").count() == 1
    with within(bosque):
        assert not LanguageModel.objects.exists()


@pytest.mark.parametrize(("step", "said"), [
    ((401, "invalid_api_key"), "no acepta la clave"), ((404, "model_not_found"), "no conoce un modelo que se llame"),
    ((403, None), "no tiene permiso para usar"), ((429, "insufficient_quota"), "no tiene saldo"),
    ((429, "rate_limit_exceeded"), "pidió esperar"), (500, "está fallando"), ("cut", "No se pudo llegar"),
    ((400, "unsupported_value"), "no acepte esa temperatura"), ("nonsense", "contestó algo que no se entiende"),
])
def test_what_is_wrong_is_said_and_what_to_do_and_never_the_key(
        tried, peer, arrayan, within, caplog, step, said):
    caplog.set_level("DEBUG")
    peer.then(step, step)
    page = tried()
    assert said in page and KEY not in page and "Bearer" not in page
    with within(arrayan):
        row = LanguageModel.objects.get()
        assert KEY not in str(list(LanguageModel.objects.values())) + str(list(SystemEvent.objects.values()))
        assert row.tried_error and budget.usage().rounds == 1
    ours = [one.getMessage() for one in caplog.records if not one.name.startswith(("openai", "httpcore", "httpx"))]
    assert not any(KEY in line for line in ours)


def test_a_slow_one_is_left_and_said_to_be_slow(tried, peer, monkeypatch):
    monkeypatch.setattr(model_trying, "SECONDS", 0.5)
    peer.then("hang")
    assert "Tardó demasiado" in tried()


def test_without_a_key_there_is_nothing_to_try(ceo, tried, peer, arrayan, within):
    with within(arrayan):
        vault.forget(language_model.KEY_IN_VAULT)
    assert "Probar la clave" not in ceo.get(URL).content.decode()
    tried()
    assert peer.asked == []


def test_what_is_used_up_is_not_asked(tried, peer, people, arrayan, within):
    with within(arrayan):
        language_model.change(by=people["ceo"].actor, budget_tokens=0)
    assert "no se le preguntó nada" in tried()
    assert peer.asked == []


def test_what_came_of_another_model_or_key_is_not_shown(ceo, tried, peer, people, arrayan, within):
    assert "contestó en" in tried()
    ceo.post(f"{URL}key", {"key": f"{KEY}-otra"})
    assert "contestó en" not in ceo.get(URL).content.decode()
    assert "contestó en" in tried()
    ceo.post(URL, {"model": "otro"})
    assert "contestó en" not in ceo.get(URL).content.decode()
    assert "contestó en" in tried()
    ceo.post(f"{URL}key/forget")
    assert "contestó en" not in ceo.get(f"{URL}tried").content.decode()


def test_it_waits_for_its_job_and_not_for_ever(ceo, tried, peer, monkeypatch):
    page = tried(works=False)
    assert "Le preguntamos a" in page and "every 2s" in page
    stale = ceo.get(f"{URL}tried?asked=1").content.decode()
    assert "segundo plano" in stale and "every 2s" not in stale
    for odd in ("x", "9" * 30, "-1", ""):
        assert ceo.get(f"{URL}tried", {"asked": odd}).status_code == 200


def test_it_is_the_owners_and_few(ceo, client_as, people, peer, arrayan, within, settings):
    for role in ("professional", "secretary", "setter", "closer"):
        client = client_as(role)
        assert [client.post(f"{URL}try").status_code, client.get(f"{URL}tried").status_code] == [403, 403]
        with within(arrayan), pytest.raises(NotYours):
            model_trying.ask(by=people[role].actor)
    settings.RATELIMIT_ENABLE = True
    assert [ceo.post(f"{URL}try").status_code for _press in range(5)] == [302] * 5
    refused = ceo.post(f"{URL}try")
    assert refused.status_code == 429 and int(refused["Retry-After"]) > 0
    assert "Demasiados intentos" in refused.content.decode()


