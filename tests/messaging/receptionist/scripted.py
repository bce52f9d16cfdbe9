"""What the tests of the model's engine say with: calls and texts of a scripted model, and what became of them."""
from agenda import availability
from messaging.models import TurnStep
from tests.fakes.openai import call, last_result, say

CHECK = {"treatment": "limpieza", "insurance": "osde", "when": None, "on_date": None, "professional": None,
         "appointment": None}  # fmt: skip
NOBODY = {"first_name": None, "last_name": None, "document": None, "document_type": None, "insurance": None,
          "phone": None}  # fmt: skip
CAROLINA = NOBODY | {"first_name": "Carolina", "last_name": "Méndez", "document": "30.123.456"}


def options_said(body):
    first, second = last_result(body)["options"]
    return say(f"Tengo el {first['day']} a las {first['time']} o el {second['day']} a las {second['time']}. ¿Cuál?")


def book_option(number, **given):
    """Call book_appointment with the code the clinic's instructions show for that option."""

    def step(body):
        line = next(one for one in body["messages"][0]["content"].splitlines() if one.startswith("- Opciones"))
        code = line.split(": ", 1)[1].split("; ")[number - 1].split(":")[0]
        return call("book_appointment", code=code, **given)

    return step


def codes(chat):
    return [option["code"] for option in chat.offers[-1].options]


def refused(chat, tool):
    return [step.result["code"] for step in chat.all(TurnStep, turn=chat.turn, tool=tool) if step.refused]


def replaced(chat, model, *script, to="hola, quiero una limpieza, tengo osde"):
    """What leaves when the model says that: the offline receptionist's answer, and a row that says why."""
    model.then(*script)
    chat.says(to)
    return next(step for step in chat.all(TurnStep, turn=chat.turn) if step.tool == "guard").result["faults"]


def first_code(body):
    return last_result(body)["options"][0]["code"]


def only_one(monkeypatch):
    monkeypatch.setattr(availability, "find", lambda *, _find=availability.find, **asked: _find(**asked)[:1])
