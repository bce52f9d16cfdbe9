"""Staff read why something is urgent in their own language."""
from messaging.receptionist import triage_told
from messaging.receptionist.triage_context import ILLNESS
from messaging.receptionist.triage_signs import SIGNS


def test_each_reason_has_its_words():
    reasons = {sign.reason for sign in SIGNS} | set(ILLNESS)
    assert {one for one in reasons if one not in triage_told.WORDS} == set()
    assert triage_told.told(["toothache", "diabetes"]) == ["dolor de muela", "diabetes"]


def test_a_reason_of_an_earlier_release_is_shown_as_it_is():
    assert triage_told.told(["something else"]) == ["something else"]
