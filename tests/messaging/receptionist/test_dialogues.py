"""The dialogues of `tests/dialogues`, by the offline receptionist: all, every time."""
import io
import json
import re
from collections import deque
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from clinics.models import Tenant
from messaging.evaluation import playing, script
from tests.fakes.openai import call, say
from tests.fakes.understudy import Part, recorder, understudy

FOLDER = Path(__file__).parents[2] / "dialogues"
BESIDES_ITS_TOOLS = {  # what the offline receptionist did by no tool that a model has: its words are no model's to say
    "the hold ran out while the DNI was looked for: the time is named first if it is free",
    "back after the offer ran out: searched anew, nothing asked again", "the surname was another, after it was booked",
}
WRONG = {"name": "x", "now": "2026-11-24T12:00:00", "turns": [{"patient": "hola"}]}


@pytest.mark.parametrize("about", sorted(path.name for path in FOLDER.iterdir()))
@pytest.mark.django_db
def test_they_all_end_as_they_should_by_either_engine(about, model):
    """The model's calls are those that the offline receptionist made; the words and gates are its engine's own."""
    wrong = {}
    for dialogue, stage in playing.staged(script.read_all(FOLDER / about)):
        parts = deque()
        with override_settings(OPENAI_API_KEY=""):
            plays = [playing.play(dialogue, stage, recorder(parts))]
        plays += [playing.play(dialogue, stage, understudy(parts, model))]
        wrong |= {(dialogue.name, engine): play.faults
                  for engine, play in zip(playing.ENGINES, plays, strict=True) if play.faults}
        if plays[1].by["caught"] and dialogue.name not in BESIDES_ITS_TOOLS:
            wrong[dialogue.name, "model"] = ["the guard took her own words for a lie", *plays[1].talk]
        assert not parts
    assert wrong == {}, "\n".join(f"{name}: {faults}" for name, faults in wrong.items())
    assert model.asked


HEARD = {"turns": [{"patient": "hola"}, {"patient": "gracias"}]}


@pytest.mark.parametrize(("answers", "why"), [
    ((500, 500), "InternalServerError"), (("nonsense",), "malformed answer"),
    (tuple(call("list_services") for _round in range(6)), "it came to no answer"),
])
@pytest.mark.django_db
def test_what_the_offline_receptionist_answered_is_no_performance_of_the_models(tmp_path, model, answers, why):
    model.then(*answers)
    out = io.StringIO()
    call_command("evaluate", "dialogues", str(written(tmp_path, clinic="demo-empty", **HEARD)), engine="model",
                 stdout=out)
    assert f"the offline receptionist answered 'hola', not the model: {why}" in out.getvalue()
    assert re.search("the model answered [01]; 0 .* replaced; the offline receptionist answered [12]", out.getvalue())
    assert "pass^1: 0 of 1" in out.getvalue()


@pytest.mark.django_db
def test_what_the_guard_replaced_is_counted(tmp_path, model):
    model.then(say("Te reservé el turno."))
    out = io.StringIO()
    call_command("evaluate", "dialogues", str(written(tmp_path, clinic="demo-empty", **HEARD)), engine="model",
                 stdout=out)
    assert "the model answered 1; 1 answers of its were replaced" in out.getvalue() and "1 of 1" in out.getvalue()


@pytest.mark.django_db
def test_an_understudy_whose_part_is_over_has_failed(model):
    """A model that calls a tool which nobody offered before it: its peer breaks, and it is told so."""
    dialogue = script.Dialogue.model_validate(WRONG | {"clinic": "demo-empty"})
    for _dialogue, stage in playing.staged([dialogue]):
        lost = deque([Part([("book_appointment", {"code": (0, 0)})], "hola")])
        assert "not the model: APIConnectionError" in playing.play(
            dialogue, stage, understudy(lost, model)).faults[0]
        with pytest.raises(IndexError):
            playing.play(dialogue, stage, understudy(deque(), model))


def written(tmp_path, **changes):
    (tmp_path / "one.json").write_text(json.dumps(WRONG | changes))
    return tmp_path


@pytest.mark.parametrize(("changes", "fault"), [
    ({"expect": {"appointments": [{"treatment": "Limpieza"}]}}, "appointments: wanted .* got \\[\\]"),
    ({"expect": {"patient": {"dni": "1"}}}, "the conversation has none"),
    ({"expect": {"handoff": True}}, "handoff: wanted True"),
    ({"expect": {"handoff": "asked_for_person"}}, "handoff: wanted 'asked_for_person', got ''"),
    ({"expect": {"triage": "emergency"}}, "triage: wanted 'emergency', got 'none'"),
    ({"expect": {"offers": 1}}, "offers: wanted 1, got 0"), ({"expect": {"held": 1}}, "held"),
    ({"expect": {"messages": 2}}, "messages: wanted 2, got 1"), ({"expect": {"says": ["xyz"]}}, "nobody said 'xyz'"),
    ({"expect": {"last": "xyz"}}, "last: wanted 'xyz'"), ({"never": ["(?i)hola"]}, "never '\\(\\?i\\)hola'"),
])
@pytest.mark.django_db
def test_what_is_not_as_expected_is_told(tmp_path, changes, fault):
    out = io.StringIO()
    folder = written(tmp_path, clinic="demo-empty", **changes)
    call_command("evaluate", "dialogues", str(folder), k=2, stdout=out)
    assert re.search(f"→ .*{fault}", out.getvalue())
    assert "✗ x: 0 of 2" in out.getvalue() and "pass^2: 0 of 1" in out.getvalue()


@pytest.mark.parametrize(("changes", "said"), [
    ({"turns": []}, "turns"), ({"turns": [{"patient": "a", "wait": 1}]}, "a turn is one of"), ({"more": 1}, "more"),
    ({"never": ["("]}, "never"), ({"now": "ayer"}, "now"), ({"expect": {"visits": []}}, "expect.visits"),
])
def test_a_broken_file_is_told_by_its_name(tmp_path, changes, said):
    with pytest.raises(CommandError, match=f"one.json: .*{said}"):
        call_command("evaluate", "dialogues", str(written(tmp_path, **changes)))


def test_a_model_is_asked_only_where_there_is_one(tmp_path, settings):
    settings.OPENAI_API_KEY = ""
    with pytest.raises(CommandError, match="OPENAI_API_KEY"):
        call_command("evaluate", "dialogues", str(written(tmp_path)), engine="model")


@pytest.mark.django_db
def test_nothing_of_it_is_kept(tmp_path):
    call_command("evaluate", "dialogues", str(written(tmp_path, clinic="demo-empty")), stdout=io.StringIO())
    assert not Tenant.objects.exists()
