"""What the pages of the door and the bar owe to whoever types a secret or goes away."""
import re

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("path", "fields"), [
    ("/login", {"current-password"}), ("/register", {"new-password"}),
    ("/account/password/", {"current-password", "new-password"})])
def test_passwords_are_masked_and_password_managers_know_which_is_which(client_as, path, fields):
    client = client_as("closer") if path.startswith("/account") else Client()
    inputs = re.findall(r"<input[^>]*>", client.get(path).content.decode())
    secret = [one for one in inputs if re.search(r'autocomplete="(current|new)-password"', one)]
    assert {re.search(r'autocomplete="([\w-]+)"', one).group(1) for one in secret} == fields
    assert all('type="password"' in one and "readonly" not in one and "onpaste" not in one for one in secret)
    assert [one for one in inputs if 'type="password"' in one and one not in secret] == []


@pytest.mark.parametrize("role", ["ceo", "professional", "secretary", "setter", "closer"])
def test_leaving_is_on_every_page(client_as, role):
    client = client_as(role)
    for path in ("/agenda/", "/account/", *(["/settings/", "/cash/"] if role == "ceo" else [])):
        assert 'action="/logout"' in client.get(path).content.decode(), path
