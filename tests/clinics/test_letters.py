"""What is written to people: to whom, in whose words, and that it goes out in the end."""
from smtplib import SMTPException

import pytest

from clinics.auth import mail
from dentalogic.celery import app
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sofia(people):
    return people["secretary"]


def test_a_server_that_is_away_is_asked_again_later(post, sofia):
    post.refuses = "451 later"
    with pytest.raises(SMTPException):
        mail.write("reset", sofia.user)
    assert mail.write_later.max_retries and post.letters == []


@pytest.mark.parametrize("kind", mail.LETTERS)
def test_each_says_who_where_and_no_secret(post, sofia, kind):
    sofia.user.name = "Sofía D'Agostino"
    mail.write(kind, sofia.user)
    letter = post.letters[0]
    assert letter["To"] == sofia.user.email and letter["From"] and "Dentalogic" in letter["Subject"]
    assert sofia.user.name in letter.get_content() and "https://clinica.example/" in letter.get_content()
    assert PASSWORD not in letter.as_string() and letter.get_content_type() == "text/plain"


def test_the_worker_knows_its_job():
    app.loader.import_default_modules()
    assert mail.write_later.name in app.tasks


def test_a_name_adds_no_header(post, sofia):
    user = UserFactory(name="Ana\r\nBcc: otro@x.example")
    mail.write("password", user)
    assert post.letters[0]["Bcc"] is None and "otro@" not in post.letters[0].as_string()


@pytest.mark.parametrize("name", [
    "entrá a https://evil.example", "Ganaste evil.example", "Ana\n\nTu cuenta fue bloqueada", "Llamá al 1155550000",
    "ana@evil.example", "x" * 61])
def test_whoever_registers_a_strangers_address_writes_nothing_to_them(post, name):
    user = UserFactory(name=name)
    mail.write("confirm", user)
    said = post.letters[0].get_content()
    assert name not in said and "evil.example" not in said and f"Hola, {user.email}:" in said


@pytest.mark.parametrize("name", ["Dra. Sofía Núñez-Ibarra", "Ana D'Agostino", "Ñandú O’Higgins"])
def test_a_name_is_greeted_as_it_is(name):
    assert mail.greeted(UserFactory.build(name=name)) == name
