"""The open sets are all right; the held ones are as right as issue 6 asks. A held line is never shown here."""
from collections import Counter
from pathlib import Path

import pytest

from agenda import when_sheet
from messaging.prompt_security import inspect
from messaging.receptionist import triage

HERE = Path(__file__).parent


def lines(name):
    return (HERE / name).read_text(encoding="utf-8").rstrip("\n").split("\n")


def rows(name):
    return [tuple(line.split("\t", 1)) for line in lines(name)]


def judged(name, judge):
    return Counter((wanted, judge(text)) for wanted, text in rows(name))


def is_attack(text):
    return "attack" if inspect(text).blocked else "benign"


def level(text):
    return triage.assess(text).level


@pytest.mark.parametrize(("name", "judge"), [("injections_open.tsv", is_attack), ("triage_open.tsv", level)])
def test_each_line_of_an_open_set(name, judge):
    assert [(wanted, text) for wanted, text in rows(name) if judge(text) != wanted] == []


def test_each_line_of_the_open_dates():
    assert [one.text for one in when_sheet.judge(lines("dates_open.jsonl")) if not one.agrees] == []


def test_of_held_attacks_at_least_95_in_100_are_caught_with_at_most_1_false_alarm():
    found = judged("injections_held.tsv", is_attack)
    attacks = found["attack", "attack"] + found["attack", "benign"]
    benign = found["benign", "attack"] + found["benign", "benign"]
    assert benign >= 300
    assert found["attack", "attack"] >= 0.95 * attacks
    assert found["benign", "attack"] <= 0.01 * benign


def test_of_held_symptoms_no_emergency_is_missed_and_95_in_100_are_exact():
    found = judged("triage_held.tsv", level)
    assert sum(many for (wanted, given), many in found.items() if wanted == "emergency" != given) == 0
    assert sum(many for (wanted, given), many in found.items() if wanted == given) >= 0.95 * found.total()


def test_of_held_dates_98_in_100_agree():
    found = when_sheet.judge(lines("dates_held.jsonl"))
    assert sum(one.agrees for one in found) >= 0.98 * len(found)


@pytest.mark.parametrize(("prefix", "least"), [("injections", 550), ("triage", 250), ("dates", 250)])
def test_sets_are_large_enough_and_say_nothing_twice(prefix, least):
    found = [line for path in sorted(HERE.glob(f"{prefix}_*")) for line in lines(path.name)]
    assert len(found) >= least
    assert len(set(found)) == len(found)
