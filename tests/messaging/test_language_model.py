"""Ajustes > Recepcionista: the model, what it may spend, its key; and what staff read of both."""
from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinics import tenancy, vault
from clinics.clinic import Invalid, NotYours
from clinics.models import SystemEvent
from dentalogic.settings import env_prices
from messaging import budget, language_model
from messaging.models import LanguageModel, TurnRound
from tests.messaging.factories import NOON

URL, KEY = "/settings/receptionist/", "sk-clave-canario-0007"
WHOLE = {"model": "gpt-x-mini", "temperature": "0,7", "price_in": "0,25", "price_out": "2", "budget_usd": "1.500,50",
         "budget_tokens": "2.000.000", "price_minute": "0,006", "budget_minutes": "1.200"}


@pytest.fixture(autouse=True)
def _no_key(settings):
    settings.OPENAI_API_KEY = ""


@pytest.fixture
def ceo(client_as):
    return client_as("ceo")


def text(response):
    return response.content.decode()


def test_what_is_chosen_is_kept_audited_and_the_other_clinics_is_its_own(ceo, arrayan, bosque, within):
    assert ceo.post(URL, WHOLE).headers["Location"] == f"{URL}?saved"
    with within(arrayan):
        row = LanguageModel.objects.get()
        assert (row.model, row.temperature, row.price_in, row.price_out) == (
            "gpt-x-mini", Decimal("0.70"), Decimal("0.2500"), Decimal("2.0000"))
        assert (row.budget_usd, row.budget_tokens) == (Decimal("1500.50"), 2_000_000)
        assert (row.price_minute, row.budget_minutes) == (Decimal("0.006"), 1200)
        (event,) = SystemEvent.objects.filter(event="model.changed")
        assert event.payload["changed"] == sorted(WHOLE)
    page = text(ceo.get(URL))
    for written in ("gpt-x-mini", 'value="0,7"', 'value="0,25"', 'value="1500,5"', 'value="2.000.000"'):
        assert written in page, written
    assert ceo.post(URL, WHOLE).status_code == 302
    with within(arrayan):
        assert SystemEvent.objects.filter(event="model.changed").count() == 1, "what is the same is no change"
    assert ceo.post(URL, {}).status_code == 302
    with within(arrayan):
        assert language_model.chosen().most == budget.Most() and LanguageModel.objects.count() == 1
    with within(bosque):
        assert not LanguageModel.objects.exists()


@pytest.mark.parametrize(("changes", "field", "said"), [
    ({"temperature": "2,5"}, "temperature", "entre 0 y 2"), ({"temperature": "mucha"}, "temperature", "con coma"),
    ({"temperature": "0,123"}, "temperature", "dos decimales"), ({"model": "un modelo"}, "model", "sin espacios"),
    ({"price_in": "1.000"}, "price_in", "con coma"), ({"price_out": ""}, "price_out", "los dos precios"),
    ({"budget_tokens": "muchos"}, "budget_tokens", "2.000.000"),
    ({"budget_tokens": "-5"}, "budget_tokens", "2.000.000"),
    ({"price_minute": "1.000"}, "price_minute", "con coma"), ({"budget_minutes": "-1"}, "budget_minutes", "entero"),
    ({"budget_usd": "9.999.999"}, "budget_usd", "entre 0 y 1000000"),
    ({"price_in": "", "price_out": ""}, "budget_usd", "Sin el precio del modelo"),
])
def test_a_bad_value_is_said_by_its_field_and_nothing_is_lost(ceo, arrayan, within, changes, field, said):
    response = ceo.post(URL, WHOLE | changes)
    page = text(response)
    assert response.status_code == 422
    assert said in page.split(f'id="f-{field}-e"')[1][:300]
    assert 'value="2.000.000"' in page or field == "budget_tokens"
    with within(arrayan):
        assert not LanguageModel.objects.exists()


def test_the_key_goes_in_and_never_out(ceo, arrayan, bosque, within):
    assert "No hay ninguna clave" in text(ceo.get(URL))
    wrong = ceo.post(f"{URL}key", {"key": f"{KEY} dos"})
    assert wrong.status_code == 422 and "sin espacios" in text(wrong) and KEY not in text(wrong)
    assert ceo.post(f"{URL}key", {}).status_code == 422
    assert ceo.post(f"{URL}key", {"key": f" {KEY} "}).status_code == 302
    page = text(ceo.get(URL))
    assert "Contesta con modelo" in page and "Guardada el" in page and KEY not in page
    with within(arrayan):
        assert vault.get(language_model.KEY_IN_VAULT, purpose="test") == KEY
        assert KEY not in str(list(SystemEvent.objects.values()))
    with within(bosque):
        assert not language_model.has_key()
    assert ceo.post(f"{URL}key/forget").status_code == 302
    assert "Contesta sin modelo" in text(ceo.get(URL))


def test_it_is_the_owners(client_as, people, arrayan, within):
    for role in ("professional", "secretary", "setter", "closer"):
        client = client_as(role)
        assert [client.get(URL).status_code, client.post(URL, WHOLE).status_code,
                client.post(f"{URL}key", {"key": KEY}).status_code,
                client.post(f"{URL}key/forget").status_code] == [403] * 4
        with within(arrayan):
            for act in (lambda by: language_model.change(by=by), lambda by: language_model.put_key(key=KEY, by=by),
                        lambda by: language_model.forget_key(by=by)):
                with pytest.raises(NotYours):
                    act(people[role].actor)


def test_where_it_is_asked_is_no_fact_of_a_clinics(people, arrayan, within):
    with within(arrayan):
        with pytest.raises(TypeError):
            language_model.change(by=people["ceo"].actor, base_url="http://169.254.169.254/")
        with pytest.raises(Invalid):
            language_model.change(by=people["ceo"].actor, model="http://x y")


def test_staff_read_in_the_bell_that_it_is_nearly_used_up(ceo, client_as, people, channel, at_noon, arrayan, within,
                                                          settings):
    settings.OPENAI_API_KEY = "sk-test"

    def bells():
        return [text(client_as(role).get("/inbox/notices")) for role in ("ceo", "secretary", "setter")]

    with within(arrayan):
        language_model.change(by=people["ceo"].actor, budget_tokens=1000)
        budget.take((400, 100), most=budget.Most(tokens=1000), price=None)
    assert not any("tope del mes" in bell for bell in bells())
    with within(arrayan):
        budget.take((400, 0), most=budget.Most(tokens=1000), price=None)
    owner, desk, setter = bells()
    assert "Usó 90 % del tope del mes." in owner and f'href="{URL}"' in owner
    assert "Usó 90 % del tope del mes." in desk and URL not in desk
    assert "tope" not in setter
    with within(arrayan):
        budget.take((400, 0), most=budget.Most(tokens=1000), price=None)
    assert "contesta sin modelo hasta el mes que viene" in bells()[1]
    page = text(ceo.get(URL))
    assert "contesta sin modelo hasta el mes que viene" in page and "Contesta sin modelo" in page
    assert "1.300 de 1.000" in page


def test_the_page_says_the_minutes_and_that_they_are_used_up(ceo, people, arrayan, within):
    with within(arrayan):
        language_model.change(by=people["ceo"].actor, budget_minutes=2)
        for _recording in range(2):
            budget.listen(90, most=budget.Most(minutes=2), price=None)
        assert budget.listen(1, most=budget.Most(minutes=2), price=None) is None
        assert language_model.thinks() is False and budget.left(budget.Most(minutes=2), None), "words go on"
    page = text(ceo.get(URL))
    assert "<dd>3 de 2</dd>" in page and "Sin precio conocido" in page
    with within(arrayan):
        language_model.change(by=people["ceo"].actor, price_minute=Decimal("0.006"))
    assert "Más 3 minutos de audio sin precio conocido" in text(ceo.get(URL))


def test_a_threads_steps_tell_each_question(ceo, client_as, answered, clinic):
    with clinic, tenancy.atomic():
        turn = answered.turn
    with CaptureQueriesContext(connection) as before:
        ceo.get(f"/inbox/{turn.conversation_id}/thread")
    with clinic, tenancy.atomic():
        for number, (outcome, more) in enumerate((
                ("called", {"prompt_tokens": 1200, "completion_tokens": 34, "cost": Decimal("0.0012")}),
                ("answered", {"caught": ["price"], "prompt_tokens": 9}), ("spent", {"error": "budget"}),
                ("failed", {"error": "RateLimitError:insufficient_quota", "prompt_tokens": 5, "estimated": True}),
                ("asked", {})), start=1):
            TurnRound.objects.create(
                turn=turn, position=number, model="gpt-x", prompt_hash="ab" * 32, started_at=NOON, outcome=outcome,
                milliseconds=1500, **more)
        pk = turn.conversation_id
    with CaptureQueriesContext(connection) as after:
        page = text(ceo.get(f"/inbox/{pk}/thread"))
    assert len(after) <= len(before), "one query for all of them"
    places = [page.index(said) for said in (
        "Pidió lo que sigue · 1.234 tokens", "Escribió algo que no salió · 9 tokens",
        "No se le preguntó: se usó el tope del mes.", "No contestó: la cuenta no tiene saldo.",
        "No se sabe si contestó.")]
    assert places == sorted(places) and "5 pasos de la recepcionista" in page
    assert "US$ 0,0012" in page and "ab" * 32 in page
    desk = text(client_as("secretary").get(f"/inbox/{pk}/thread"))
    assert "Pidió lo que sigue" in desk and "US$" not in desk
    page = text(ceo.get(URL))
    assert "La cuenta no tiene saldo" in page and f"/inbox/{pk}/" in page


def test_the_installations_prices_are_read_as_they_are_written(monkeypatch):
    monkeypatch.setenv("MODEL_PRICES", "a=0.25/2, otra/b=1/4.5")
    assert env_prices("MODEL_PRICES") == {
        "a": (Decimal("0.25"), Decimal(2)), "otra/b": (Decimal(1), Decimal("4.5"))}
    for wrong in ("a", "a=1", "a=1/x", "a=-1/2", "a=1/nan", "a=1/2/3"):
        monkeypatch.setenv("MODEL_PRICES", wrong)
        with pytest.raises(ImproperlyConfigured, match="MODEL_PRICES"):
            env_prices("MODEL_PRICES")
