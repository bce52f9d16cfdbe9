"""Spanish is what is written in the source; the English catalogue says all of it, with the same placeholders."""
import html
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from django.conf import settings as product
from django.test import Client
from django.utils import translation

from clinics import access
from dentalogic import catalogues
from messaging import handoff
from messaging.models import ChatMessage
from tests.messaging.factories import ConversationFactory

ROOT = Path(product.BASE_DIR)
SOURCE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?\w+>|#(?=\s)")
MARKS = {"_": None, "_lazy": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2)}
PARTS = ("accounting", "agenda", "clinics", "dentalogic", "messaging")
TRANS = re.compile(r"""{%-?\s*(?:trans|translate)\s+(?:"([^"]+)"|'([^']+)')""")


@pytest.fixture(scope="module")
def catalogue():
    with SOURCE.open("rb") as source:
        return read_po(source)


@pytest.fixture
def compiled(settings, tmp_path):
    """The catalogue of the checkout, compiled apart."""
    copy = tmp_path / SOURCE.relative_to(ROOT)
    copy.parent.mkdir(parents=True)
    copy.write_bytes(SOURCE.read_bytes())
    assert catalogues.compile_all(tmp_path) == 1
    settings.LOCALE_PATHS = [tmp_path / "locale"]


def _pairs(message):
    if message.pluralizable:
        return zip(message.id, message.string, strict=True)
    return ((message.id, message.string),)


def test_everything_is_said_in_english(catalogue):
    assert len(catalogue) > 800
    assert [one.id for one in catalogue if one.id and one.fuzzy] == []
    assert [source for one in catalogue if one.id for source, text in _pairs(one) if not text.strip()] == []
    assert list(catalogue.obsolete) == []


def test_placeholders_are_the_same(catalogue):
    different = [source for one in catalogue if one.id for source, text in _pairs(one)
                 if sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(text))]
    assert different == []


def _of_templates():
    for path in (ROOT / "templates").rglob("*.html"):
        for double, single in TRANS.findall(path.read_text()):
            yield double or single


def _of_code():
    for part in PARTS:
        for _path, _line, source, _notes, _context in extract_from_dir(
                ROOT / part, method_map=[("**.py", "python")], keywords=MARKS, directory_filter=None):
            yield source if isinstance(source, str) else source[0]


@pytest.mark.parametrize("place", [_of_templates, _of_code], ids=["templates", "code"])
def test_no_text_is_missing(catalogue, place):
    known = {one.id if isinstance(one.id, str) else one.id[0] for one in catalogue}
    found = set(place())
    assert len(found) > 300
    assert sorted(found - known) == []


def test_a_browser_in_english_reads_spanish(client):
    response = client.get("/login", headers={"Accept-Language": "en-US,en;q=0.9"})
    assert response.headers["Content-Language"] == "es-ar"
    assert "Contraseña" in response.text


@pytest.mark.django_db
def test_who_chooses_english_reads_english(compiled, client_as, people):
    client = client_as("secretary")
    answer = client.post("/language", {"language": "en"}, headers={"Referer": "http://testserver/agenda/"})
    assert answer.headers["Location"] == "http://testserver/agenda/"
    page = html.unescape(client.get("/agenda/").text)
    assert '<html lang="en"' in page
    assert "Give an appointment" in page
    assert "Dar un turno" not in page
    client.post("/language", {"language": "es-ar"})
    assert "Dar un turno" in client.get("/agenda/").text


@pytest.mark.parametrize("language", ["", "fr", "../en", "en-us"])
def test_an_unknown_language_is_spanish(client, language):
    client.cookies[product.LANGUAGE_COOKIE_NAME] = language
    assert client.get("/login").headers["Content-Language"] == "es-ar"


def test_choosing_needs_a_form_of_ours():
    assert Client(enforce_csrf_checks=True).post("/language", {"language": "en"}).status_code == 403


def test_the_patient_is_told_in_spanish(compiled, here):
    talking = ConversationFactory()
    with translation.override("en"):
        handoff.hand_off(conversation=talking, reason="asked", by=access.SYSTEM)
    said = ChatMessage.objects.of(talking).get()
    assert said.text.startswith("Le paso tu consulta")
