"""Failure 65: whoever was pending was active after a restart. What a start runs activates nobody."""
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from clinics.models import Membership
from tests.conftest import owner_credentials


@contextmanager
def as_owner():
    application = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD")}
    connection.close()
    connection.settings_dict.update(owner_credentials())
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(application)


@pytest.mark.django_db(transaction=True)
def test_who_asked_to_be_ceo_is_pending_after_a_start_too(client, arrayan, within):
    body = {"email": "nueva@x.example", "password": "clave-bien-larga-9", "name": "Nueva", "clinic": "arrayan"}
    assert client.post(
        "/auth/register", body | {"role": "ceo"}, content_type="application/json").status_code == 201
    with as_owner():
        call_command("migrate", verbosity=0)
    with pytest.raises(CommandError, match="there are clinics already"):
        call_command("seed_demo", verbosity=0)
    with within(arrayan):
        assert Membership.objects.get(user__email="nueva@x.example").status == "pending"
