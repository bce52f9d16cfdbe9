import pytest
from django.core.management import CommandError, call_command

from clinics.models import Membership, Tenant

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
