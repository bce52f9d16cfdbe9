import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from clinics.models import Membership, Tenant, User
from dentalogic.lib import clock

pytestmark = pytest.mark.django_db


def test_the_first_ceo_comes_from_the_command(monkeypatch, within, bosque, capsys):
    monkeypatch.setenv("CEO_PASSWORD", "clave-bien-larga-9")
    call_command("create_clinic", "Clínica Nueva", "nueva", "Ana@nueva.example", person="Ana")
    tenant = Tenant.objects.get(slug="nueva")
    with within(tenant):
        member = Membership.objects.get()
        assert (member.role, member.status, member.user.email) == ("ceo", "active", "ana@nueva.example")
    with within(bosque):
        assert not Membership.objects.exists()
    with pytest.raises(CommandError, match="nueva"):
        call_command("create_clinic", "Otra", "nueva", "otra@nueva.example")


def test_a_weak_password_is_refused(monkeypatch, db):
    monkeypatch.setenv("CEO_PASSWORD", "123")
    with pytest.raises(CommandError):
        call_command("create_clinic", "Clínica Nueva", "nueva", "ana@nueva.example")
    assert not Tenant.objects.exists()


def enters(password):
    return Client().post("/auth/login", {"email": "ana@nueva.example", "password": password},
                         content_type="application/json").status_code == 200


@pytest.mark.parametrize("confirmed", [False, True])
def test_who_registered_the_address_before_does_not_get_the_clinic(monkeypatch, arrayan, confirmed, capsys):
    """Without a confirmed address it may be anybody; who confirmed it keeps the password that they know."""
    theirs, given = "clave-de-antes-9", "clave-del-operador-7"
    thief = Client()
    thief.post("/register", {"email": "ana@nueva.example", "password": theirs, "name": "Ana", "clinic": "arrayan",
                             "role": "ceo"})
    thief.post("/login", {"email": "ana@nueva.example", "password": theirs})
    assert thief.get("/auth/me").status_code == 200
    if confirmed:
        User.objects.filter(email="ana@nueva.example").update(email_confirmed_at=clock.now())
    monkeypatch.setenv("CEO_PASSWORD", given)
    call_command("create_clinic", "Clínica Nueva", "nueva", "ana@nueva.example")
    assert (enters(theirs), enters(given)) == (confirmed, not confirmed)
    assert thief.get("/auth/me").status_code == (200 if confirmed else 401)
    assert ("su contraseña de siempre" in capsys.readouterr().out) is confirmed
