import pytest

from dentalogic.lib.spelling import Vocabulary, is_one_off

WORDS = Vocabulary(["turno", "particular", "primero", "quiero", "cancelar"], heard=["hola"], own=["torno"])


@pytest.mark.parametrize(("written", "read"), [
    ("kiero un turo", "quiero un turno"), ("el primro", "el primero"), ("el primeroo", "el primero"),
    ("particlar", "particular"), ("particualr", "particular"), ("canselar", "cancelar"), ("holaaa ola", "hola hola"),
    ("miedo al torno", "miedo al torno"), ("los primeros turnos", "los primeros turnos"), ("aturno", "aturno"),
    ("quiere", "quiere"), ("quito", "quito"), ("", ""), ("12 de 3", "12 de 3"),
])
def test_only_what_is_nearly_a_word_of_the_list_becomes_it(written, read):
    assert WORDS.put_right(written) == read


def test_a_word_near_two_is_neither():
    both = Vocabulary(["barcos", "bancos"])
    assert both.word("bacos") == "bacos" and both.word("barrcoos") == "barcos"


@pytest.mark.parametrize(("one", "other", "near"), [
    ("turo", "turno", True), ("turrno", "turno", True), ("truno", "turno", True), ("turna", "turno", False),
    ("turnos", "turno", False), ("burno", "turno", False), ("turno", "turno", False), ("teran", "turno", False),
])
def test_one_letter_off(one, other, near):
    assert is_one_off(one, other) is near
