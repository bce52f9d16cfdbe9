"""Failure 86: some mutations told no screen. Each verb (in a transaction, with `by=`) says what changed, itself or by
what it calls; or stands here with the reason why no screen that is open has to hear it. That nothing is told of what
was rolled back is `clinics.live`'s own, and its tests'."""
import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("clinics", "agenda", "accounting", "messaging")
NOT_VERBS = {"migrations", "management", "demo", "evaluation", "simulator"}
JOBS = ("tasks", "line_jobs")  # what they tell is told later, if at all
OWN, SETTINGS, LATER, BOUND = (
    "of one person's own account or draft: nobody else's screen shows it",
    "of Ajustes, which is read when it is opened",
    "what comes of it is told by the job that does it",
    "told with the message that it goes out with",
)
SILENT = {
    "agenda.calendars.connecting.again": LATER, "agenda.feeds.make": SETTINGS, "agenda.feeds.revoke": SETTINGS,
    "clinics.auth.passwords.change": OWN, "clinics.auth.passwords.rename": OWN,
    "clinics.auth.second_factor.begin": OWN, "clinics.auth.second_factor.cancel": OWN,
    "clinics.auth.second_factor.confirm": OWN, "clinics.auth.second_factor.new_codes": OWN,
    "clinics.auth.second_factor.show": OWN, "clinics.auth.second_factor.turn_off": OWN,
    "clinics.patients.charting.keep_draft": OWN, "clinics.patients.insurers.add": SETTINGS,
    "clinics.patients.insurers.change": SETTINGS, "clinics.patients.insurers.cover": SETTINGS,
    "clinics.patients.insurers.remove": SETTINGS, "clinics.patients.insurers.uncover": SETTINGS,
    "clinics.vault.forget": SETTINGS, "clinics.vault.put": SETTINGS, "messaging.automations.switch": SETTINGS,
    "messaging.automations.rules.change": SETTINGS, "messaging.canned.keep": SETTINGS,
    "messaging.canned.remove": SETTINGS, "messaging.channels.ask_new_secret": LATER, "messaging.channels.look": LATER,
    "messaging.channels.name_at_meta": LATER, "messaging.language_model.forget_key": SETTINGS,
    "messaging.language_model.put_key": SETTINGS, "messaging.media.outgoing.attach": BOUND,
    "messaging.templates.refresh": LATER,
}


@cache
def read(module, text):
    """`({function: (is a verb, what it names)}, {what the module imports: where it is from})`."""
    tree = ast.parse(text)
    names = {(one.asname or one.name): f"{node.module}.{one.name}" for node in ast.walk(tree)
             if isinstance(node, ast.ImportFrom) and node.module for one in node.names}
    made = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    known = names | {node.name: f"{module}.{node.name}" for node in made}
    return {f"{module}.{node.name}": (is_verb(node), used(node, known)) for node in made}, {
        f"{module}.{name}": place for name, place in names.items()}


def used(node, names) -> set:
    """What a function calls or hands on, as far as names tell."""
    found = {names[one.id] for one in ast.walk(node) if isinstance(one, ast.Name) and one.id in names}
    return found | {f"{names[one.value.id]}.{one.attr}" for one in ast.walk(node) if isinstance(one, ast.Attribute)
                    and isinstance(one.value, ast.Name) and one.value.id in names}


def is_verb(node) -> bool:
    atomic = any("atomic" in ast.unparse(one) for one in node.decorator_list)
    return atomic and not node.name.startswith("_") and "by" in {one.arg for one in node.args.kwonlyargs}


def silent(sources) -> set:
    """The verbs from which nothing that tells a screen is reached."""
    known, elsewhere = {}, {}
    for module, text in sources.items():
        if module.rpartition(".")[2] not in JOBS:
            its, imported = read(module, text)
            known |= its
            elsewhere |= imported
    telling, before = {"clinics.live.say", "clinics.live.recheck"}, 0
    while len(telling) > before:
        before = len(telling)
        telling |= {name for name, (_verb, others) in known.items() if others & telling}
        telling |= {name for name, place in elsewhere.items() if place in telling}
    return {name for name, (verb, _others) in known.items() if verb} - telling


@pytest.fixture(scope="module")
def sources():
    files = [file for app in APPS for file in (ROOT / app).rglob("*.py") if not NOT_VERBS & set(file.parts)]
    return {".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): file.read_text()
            for file in files}


def test_each_verb_tells_the_screens_or_says_why_not(sources):
    assert silent(sources) == set(SILENT)


def test_one_that_is_silent_is_found(sources):
    verb = sources["agenda.booking"].replace("live.say(", "print(")
    bad = "from clinics import tenancy\n\n\n@tenancy.atomic\ndef lose(*, row, by):\n    row.delete()\n"
    assert "agenda.lost.lose" in silent(sources | {"agenda.lost": bad})
    assert len(silent(sources | {"agenda.booking": verb})) > len(SILENT)
