"""Ajustes > Plantillas and Automatizaciones: who, what, words, faults; as much asked for thirty rows as for one."""
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinics.clinic import Invalid
from messaging import templates
from messaging.automations import rules, tasks
from messaging.automations.kinds import RULES, Kind
from messaging.models import Automation, AutomationRun, Channel, Template
from tests.agenda.factories import PatientFactory
from tests.messaging.automations.conftest import NOON, at, components, template_of

RULE = "/settings/automations/reminder/"
PAGES = ("/settings/automations/", "/settings/automations/log/", "/settings/templates/", RULE)


@pytest.fixture
def browser(scene, client_as):
    return client_as("ceo")


@pytest.fixture
def queued(monkeypatch):
    """What the page asked jobs to do."""
    asked = []
    monkeypatch.setattr(tasks.sync_templates, "later", lambda **ids: asked.append(ids))
    return asked


def form(**changes):
    return {"template": "", "text": "", "sends_from": "10:00", "sends_until": "20:00", "distance": "1", "cap": "3",
            "cap_days": "1", "asks_before_cancelling": "on"} | changes


def asked(browser, path):
    browser.get(path)
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(path).status_code == 200
    return len(seen)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("role", ["secretary", "professional", "setter", "closer"])
def test_only_who_manages_automations_sees_them(scene, client_as, path, role):
    assert client_as(role).get(path).status_code == 403


@pytest.mark.parametrize("path", ["/settings/automations/receptionist/", "/settings/automations/nothing/",
                                  "/settings/templates/999/"])
def test_what_is_no_rule_is_nowhere(browser, path):
    assert browser.get(path).status_code == 404


def test_each_rule_is_listed_with_what_it_did(scene, browser):
    scene.on(Kind.REMINDER)
    scene.visit(at(10, day=25))
    scene.visit(at(11, day=25), phone="")
    scene.tend()
    page = browser.get("/settings/automations/").content.decode()
    for rule in RULES.values():
        assert str(rule.about)[:40] in page
    assert "1 en 7 días" in page and "1 sin enviar" in page and "Miró" in page


def test_a_rule_that_nobody_works_says_so(scene, browser):
    scene.on(Kind.REMINDER)
    assert "no mira" not in browser.get("/settings/automations/").content.decode()
    scene.clock.shift(timedelta(hours=1))
    assert "Hace más de media hora que no mira." in browser.get("/settings/automations/").content.decode()


def test_a_rule_is_turned_on_and_off(scene, browser):
    for on in (True, False):
        browser.post("/settings/automations/", {"kind": "missed"} | ({"enabled": "on"} if on else {}))
        with scene.within():
            assert Automation.objects.get(kind="missed").enabled is on


def test_a_rule_without_a_template_says_what_is_missing(scene, browser):
    scene.on(Kind.REMINDER, template=None)
    assert "Sin plantilla no le escribe" in browser.get("/settings/automations/").content.decode()


def test_a_rule_is_changed_by_its_page(scene, browser):
    with scene.within():
        row = template_of(Kind.REMINDER, scene.channel)
    fills = {f"m{place}": one for place, one in enumerate(RULES[Kind.REMINDER].fills)}
    said = browser.post(RULE, form(template=row.pk, text="Hola {nombre}", sends_from="08:30", cap="2", **fills))
    assert said.status_code == 302, said.content.decode()
    with scene.within():
        known = rules.of(Kind.REMINDER)
        assert known.row.template_id == row.pk and known.meanings == list(RULES[Kind.REMINDER].fills)
        assert (known.text, f"{known.sends_from:%H:%M}", known.cap) == ("Hola {nombre}", "08:30", 2)
        assert known.row.pk and known.enabled is False  # changed, not turned on
    page = browser.get(RULE).content.decode()
    assert "Hola Carolina" in page and "martes 24/11" in page


@pytest.mark.parametrize(("changes", "words"), [
    ({"text": "Hola {cuit}"}, "no es un dato de esta regla"), ({"sends_from": "21:00"}, "después de la hora"),
    ({"sends_from": "a la mañana"}, "Escribí la hora así"), ({"distance": "99"}, "entre 1 y 7"),
    ({"cap": "0"}, "entre 1 y 20"), ({"template": "999"}, "Elegí una de la lista")])
def test_a_fault_is_said_beside_its_field_and_nothing_is_lost(scene, browser, changes, words):
    said = browser.post(RULE, form(**{"text": "Hola {nombre}"} | changes))
    assert said.status_code == 422 and words in said.content.decode()
    assert "Hola {" in said.content.decode()
    with scene.within():
        assert not Automation.objects.exists()


def test_a_variable_without_a_meaning_is_not_saved(scene, browser):
    with scene.within():
        row = template_of(Kind.REMINDER, scene.channel)
    assert browser.post(RULE, form(template=row.pk)).status_code == 422


def test_choosing_a_template_shows_what_it_asks_for(scene, browser):
    with scene.within():
        row = template_of(Kind.REMINDER, scene.channel)
    piece = browser.get(f"{RULE}variables?template={row.pk}").content.decode()
    assert "{{7}}" in piece and "Hola Carolina" in piece and "Elegí una de la lista" not in piece
    changed = browser.get(f"{RULE}variables?template={row.pk}&before={row.pk}&m0=clinic").content.decode()
    assert "Hola Clínica Arrayán" in changed


def test_a_promotion_takes_a_promotions_template_only(scene, ceo):
    with scene.within():
        row = template_of(Kind.REMINDER, scene.channel)
        with pytest.raises(Invalid):
            rules.change(kind=Kind.REACTIVATION, by=ceo, template=row, meanings=["first_name"] * 7)


def test_an_unusable_template_is_not_offered_and_one_in_use_says_what_happened(scene, browser):
    row = scene.on(Kind.REMINDER)
    with scene.within():
        Template.objects.create(channel=scene.channel, name="otra", language="es", status="paused", synced_at=NOON)
        Template.objects.filter(pk=row.pk).update(status="paused")
    page = browser.get(RULE).content.decode()
    assert "WhatsApp la pausó" in page and "otra (es)" not in page and "recordatorio_turno (es_AR)" in page


# A test on one's own phone


def test_a_rule_is_tried_on_a_phone(scene, browser):
    scene.on(Kind.REMINDER)
    said = browser.post(f"{RULE}test", {"phone": "341 555-0155"})
    assert said.status_code == 302
    message, = scene.messages()
    assert message.kind == "template" and "Hola Ceo" not in message.text and "Hola Carolina" in message.text
    assert scene.runs() == []
    assert "La prueba está saliendo" in browser.get(said["Location"].split("#")[0]).content.decode()


@pytest.mark.parametrize(("phone", "words"), [("12", "no se entiende"), ("", "Falta este dato")])
def test_what_is_no_phone_is_said(scene, browser, phone, words):
    scene.on(Kind.REMINDER)
    said = browser.post(f"{RULE}test", {"phone": phone})
    assert said.status_code == 422 and words in said.content.decode() and scene.messages() == []


def test_a_test_that_cannot_go_says_why(scene, browser):
    scene.on(Kind.REMINDER, template=None)
    said = browser.post(f"{RULE}test", {"phone": "341 555-0155"})
    assert said.status_code == 422 and "la regla no tiene plantilla" in said.content.decode()


# The log


def test_the_log_says_what_went_and_why_not(scene, browser):
    scene.on(Kind.REMINDER)
    scene.visit(at(10, day=25))
    scene.visit(at(11, day=25), phone="")
    scene.tend()
    page = browser.get("/settings/automations/log/").content.decode()
    assert "El paciente no tiene teléfono" in page and "En cola" in page
    only = browser.get("/settings/automations/log/?state=unsent&kind=reminder").content.decode()
    assert "El paciente no tiene teléfono" in only and "En cola" not in only
    assert "Nada con esos filtros" in browser.get("/settings/automations/log/?kind=missed").content.decode()
    assert browser.get("/settings/automations/log/?from=ayer").status_code == 422
    assert browser.get("/settings/automations/log/?kind=zzz").status_code == 422


def test_the_log_asks_as_much_for_thirty_as_for_one(scene, browser):
    scene.on(Kind.REMINDER)
    scene.visit(at(10, day=25))
    scene.tend()
    one = asked(browser, "/settings/automations/log/")
    for number in range(30):
        scene.visit(at(11, number, day=25), overbooked=True, overbook_reason="x", phone=f"+5493415551{number:03}")
    scene.clock.shift(timedelta(minutes=10))
    scene.tend()
    assert asked(browser, "/settings/automations/log/") == one


def test_another_clinics_log_is_not_ours(scene, browser, bosque, within):
    with within(bosque):
        AutomationRun.objects.create(
            kind="reminder", key="x", state="unsent", reason="no_phone", created_at=NOON, due_at=NOON,
            patient=PatientFactory(last_name="Zorzal"))
    assert "Zorzal" not in browser.get("/settings/automations/log/").content.decode()


# Templates


def test_templates_are_listed_with_their_state_in_words(scene, browser):
    row = scene.on(Kind.REMINDER)
    with scene.within():
        Template.objects.create(
            channel=scene.channel, name="vieja", language="es", status="rejected", synced_at=NOON,
            reason="INVALID_FORMAT", components=components("Hola"))
    page = browser.get("/settings/templates/").content.decode()
    assert "Aprobada" in page and "WhatsApp la rechazó." in page and "Recordatorio" in page
    one = browser.get(f"/settings/templates/{row.pk}/").content.decode()
    assert "{{1}}" in one and "Confirmar" in one and "Recordatorio" in one


def test_what_is_missing_is_proposed_word_for_word(scene, browser):
    page = browser.get("/settings/templates/").content.decode()
    assert "recordatorio_turno" in page and "Te recordamos el turno de {{2}}" in page
    scene.on(Kind.REMINDER)
    assert "p-t-reminder" not in browser.get("/settings/templates/").content.decode()


def test_the_button_asks_jobs_and_the_page_waits_for_them(scene, browser, queued):
    said = browser.post("/settings/templates/refresh")
    assert said.status_code == 302 and queued == [{"channel_id": scene.channel.pk}]
    piece = said["Location"].replace("/settings/templates/", "/settings/templates/standing")
    assert "Trayendo" in browser.get(piece).content.decode()
    with scene.within():
        Channel.objects.update(templates_synced_at=NOON + timedelta(seconds=1))
    assert "Actualizadas" in browser.get(piece).content.decode()


def test_a_provider_that_does_not_answer_is_said(scene, browser, queued):
    location = browser.post("/settings/templates/refresh")["Location"]
    scene.clock.shift(timedelta(minutes=1))
    assert "No pudimos traer" in browser.get(location).content.decode()


def test_a_clinic_without_a_number_is_led_to_it(scene, browser):
    with scene.within():
        Channel.objects.update(active=False)
    assert "Falta conectar WhatsApp" in browser.get("/settings/templates/").content.decode()


def test_templates_ask_as_much_for_thirty_as_for_one(scene, browser):
    with scene.within():
        template_of(Kind.REMINDER, scene.channel)
    one = asked(browser, "/settings/templates/")
    with scene.within():
        for number in range(30):
            template_of(Kind.REMINDER, scene.channel, name=f"t{number}")
    assert asked(browser, "/settings/templates/") == one


def test_what_works_is_noted_without_words(scene, browser, ceo):
    from clinics.models import SystemEvent

    with scene.within():
        rules.change(kind=Kind.MISSED, by=ceo, text="Hola {nombre}, secreto")
        row = SystemEvent.objects.get(event="automation.changed")
    assert row.payload == {"automation": "missed", "changed": ["text"]}


def test_only_the_ceo_changes_a_rule(scene, people):
    from clinics.clinic import NotYours

    with scene.within():
        for verb in (lambda by: rules.change(kind=Kind.MISSED, by=by, text="x"), lambda by: templates.refresh(by=by)):
            with pytest.raises(NotYours):
                verb(people["secretary"].actor)


