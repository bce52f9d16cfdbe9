"""Ajustes > Clínica: facts, rules and hours, as people type them."""
import pytest

from clinics import clinic, tenancy
from clinics.access import TABLE, Actor
from clinics.models import SystemEvent, Tenant
from clinics.shell import SETTINGS
from tests.factories import WEEK

CEO = Actor(kind="staff", role="ceo", user_id=None)


def typed(**changes):
    """What the page posts for Arrayán, with `changes`."""
    said = {
        "name": "Clínica Arrayán", "phone": "0341 455-0100", "address": "Mitre 1240", "country": "AR",
        "timezone": "America/Argentina/Buenos_Aires", "currency": "ARS", "slot_step": "15", "buffer_minutes": "0",
        "minimum_notice": "120", "horizon_days": "90", "hold_minutes": "10", "offer_minutes": "30",
        "quiet_seconds": "8", "quiet_max_seconds": "25", "return_hours": "12", "emergency_number": "107",
    }
    for day in range(5):
        said[f"week-{day}-open"] = "on"
        said[f"week-{day}-from"] = ["9", "14.00"]
        said[f"week-{day}-to"] = ["13", "19:00"]
    return {name: value for name, value in (said | changes).items() if value is not None}


@pytest.mark.parametrize(("role", "url"), [
    (role, url) for role in ("professional", "secretary", "setter", "closer") for _title, url, capability in SETTINGS
    if role not in TABLE[capability]])
def test_only_the_ceo_opens_ajustes(client_as, role, url):
    client = client_as(role)
    assert client.get(url).status_code == 403
    assert b"/settings/" not in client.get("/agenda/").content


@pytest.mark.parametrize("url", [url for _title, url, _capability in SETTINGS])
def test_every_page_of_the_list_opens_and_marks_itself(client_as, url):
    response = client_as("ceo").get(url)
    assert response.status_code == 200
    assert f'href="{url}" aria-current="page"' in response.content.decode()


def test_facts_rules_and_hours_are_kept_as_they_were_meant(client_as, arrayan, bosque):
    response = client_as("ceo").post("/settings/", typed(
        name="  Clínica   Arrayán Centro ", consultation_price="18.500,50", minimum_notice="0",
        address_2="Córdoba 900", second_factor_required="on", emergency_advice="Andá a una guardia."))
    assert (response.status_code, response.headers["Location"]) == (302, "/settings/?saved")
    arrayan.refresh_from_db()
    assert (arrayan.name, arrayan.phone, str(arrayan.consultation_price)) == (
        "Clínica Arrayán Centro", "+543414550100", "18500.50")
    assert (arrayan.minimum_notice, arrayan.addresses) == (0, {"2": "Córdoba 900"})
    assert arrayan.second_factor_required
    assert arrayan.working_hours == WEEK
    bosque.refresh_from_db()
    assert (bosque.name, bosque.second_factor_required) == ("Odontología Bosque", False)


def test_what_changed_is_in_the_audit_by_name_and_never_its_value(client_as, people, within, arrayan):
    client_as("ceo").post("/settings/", typed(address="Calle Secreta 123"))
    with within(arrayan):
        row = SystemEvent.objects.get(event="clinic.configured")
        assert row.actor_id == people["ceo"].user_id
        assert "address" in row.payload["changed"]
        assert "Secreta" not in str(row.payload)


@pytest.mark.parametrize(("field", "value", "said"), [
    ("name", "", "Falta este dato."), ("phone", "hola", "código de área"), ("slot_step", "7", "Elegí una"),
    ("horizon_days", "0", "entre 1 y 365"), ("horizon_days", "mil", "Escribí un número."),
    ("consultation_price", "1.5.5", "25.000,00"), ("quiet_max_seconds", "4", "al menos"),
    ("timezone", "Marte/Olympus", "Elegí una"), ("hold_minutes", "99999999999999", "menor"),
    ("country", "XX", "Elegí una"),
])
def test_a_bad_value_is_said_beside_its_field_and_nothing_is_lost(client_as, arrayan, field, value, said):
    response = client_as("ceo").post("/settings/", typed(address="Otra 99", **{field: value}))
    page = response.content.decode()
    assert response.status_code == 422
    assert f'id="f-{field}-e"' in page
    assert said in page.split(f'id="f-{field}-e"')[1][:400]
    assert "Otra 99" in page
    arrayan.refresh_from_db()
    assert arrayan.address == "Mitre 1240"


@pytest.mark.parametrize(("rows", "said"), [
    ((["9", "12"], ["13", "19"]), "Martes, tramo 2: Los tramos van en orden y no se pisan."),
    ((["19"], ["9"]), "Martes, tramo 1: Tiene que terminar después de empezar."),
    ((["nueve"], ["13"]), "Martes, tramo 1: La hora se escribe HH:MM."),
    ((["9"], [""]), "Martes, tramo 1: La hora se escribe HH:MM."),
    (([""], [""]), "Martes: Poné de qué hora a qué hora, o dejalo cerrado."),
])
def test_a_fault_of_the_hours_names_its_day_and_row(client_as, arrayan, rows, said):
    response = client_as("ceo").post("/settings/", typed(**{"week-1-from": rows[0], "week-1-to": rows[1]}))
    assert response.status_code == 422
    assert said in response.content.decode()
    top = response.content.decode().partition('aria-labelledby="s-facts"')[0]
    assert "No se guardó nada todavía." in top  # the week is below the fold: the page's top says that it was not kept
    assert response.content.decode().count('aria-invalid="true"') >= 1  # where the focus goes
    assert all(f'value="{hour}"' in response.content.decode() for hour in rows[0] if not hour.isdecimal() and hour)
    arrayan.refresh_from_db()
    assert arrayan.working_hours == WEEK


def test_rows_are_put_in_order_and_midnight_ends_a_day(client_as, arrayan):
    client_as("ceo").post("/settings/", typed(**{"week-1-from": ["18", "930"], "week-1-to": ["0:00", "12 hs"]}))
    arrayan.refresh_from_db()
    assert arrayan.working_hours["1"]["slots"] == [
        {"start": "09:30", "end": "12:00"}, {"start": "18:00", "end": "24:00"}]


def test_a_closed_day_keeps_its_rows_for_when_it_opens_again(client_as, arrayan):
    client_as("ceo").post("/settings/", typed(**{"week-1-open": None}))
    arrayan.refresh_from_db()
    assert arrayan.working_hours["1"] == WEEK["1"] | {"enabled": False}


def test_the_verb_refuses_whoever_is_no_ceo(here, people):
    for role in ("professional", "secretary", "setter", "closer"):
        with pytest.raises(clinic.NotYours):
            clinic.configure(by=people[role].actor, name="Otra")


def test_the_verb_says_every_fault_by_its_path(here, people):
    with pytest.raises(clinic.Invalid) as refused:
        clinic.configure(by=people["ceo"].actor, slot_step=1, currency="XXX", working_hours={
            "0": {"enabled": True, "slots": [{"start": "09:00", "end": "08:00"}]}})
    assert set(refused.value.fields) == {"slot_step", "currency", "working_hours.0.slots.0.end"}
    assert Tenant.objects.get(pk=here.pk).slot_step == 15


def test_nothing_changed_leaves_no_trace(here, people):
    clinic.configure(by=people["ceo"].actor, name=here.name)
    assert not SystemEvent.objects.filter(event="clinic.configured").exists()


def test_the_clinic_in_scope_is_the_one_as_changed(here, people):
    clinic.configure(by=people["ceo"].actor, slot_step=20)
    assert tenancy.here().slot_step == 20
