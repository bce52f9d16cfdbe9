"""What is neither a model nor an address: who may choose the clinic, jobs, sockets, statements by hand, read from the
code itself."""
import ast
import inspect
import textwrap
from functools import cache
from pathlib import Path

from celery import current_app

from clinics.tasks import TenantTask
from tests.architecture.isolation.listening import ROOT

FLOORS = ("clinics", "agenda", "accounting", "messaging", "dentalogic")

# Who puts a clinic in scope. Nothing else may.
DOORS = {
    "agenda/calendars/tasks.py": "sweepers: each clinic in its turn",
    "agenda/calendars/asking.py": "calendars asked before a request's transaction, in the clinic of the same session",
    "agenda/pages/feeds.py": "a calendar feed, from its address's row",
    "agenda/tasks.py": "sweepers: each clinic in its turn",
    "agenda/calendars/webhook.py": "Google's notice, from its address's row",
    "clinics/audit.py": "a row about a clinic that its caller names",
    "clinics/auth/door.py": "a request and a socket, from the verified session",
    "clinics/auth/identity.py": "a login, into one of the person's own clinics; a registration, into the one it names",
    "clinics/auth/memberships.py": "a person's own memberships, before a clinic is chosen",
    "clinics/auth/sessions.py": "a refresh token, into the clinic that signed it",
    "clinics/jobs.py": "sweepers: each clinic in its turn",
    "clinics/management/commands/create_clinic.py": "a command of the operator",
    "clinics/management/commands/rotate_vault_keys.py": "a command of the operator",
    "clinics/management/commands/verify_audit.py": "a command of the operator",
    "clinics/tasks.py": "a job, into the clinic that it carries",
    "clinics/tenancy.py": "the kernel",
    "messaging/alarms.py": "a sweeper: each clinic in its turn",
    "messaging/desk_jobs.py": "sweepers: each clinic in its turn",
    "messaging/line_jobs.py": "sweepers: each clinic in its turn",
    "messaging/demo/seeding.py": "a command of the operator",
    "messaging/evaluation/stage.py": "a command of the operator: a clinic that is never committed",
    "messaging/automations/tasks.py": "each clinic in its turn",
    "messaging/media/tasks.py": "sweepers: each clinic in its turn",
    "messaging/simulator/wire.py": "development only: the provider knows every account",
    "messaging/tasks.py": "sweepers: each clinic in its turn",
    "messaging/webhooks.py": "a webhook, from its address's row",
    "messaging/webhooks_meta.py": "each change of a delivery, from the row of the number or the account it is for",
}
OPENS = {"tenant_context", "each_tenant", "as_user"}

# Who writes SQL without asking the kernel for a cursor, and why no row of a clinic is in it.
BY_HAND = {
    "clinics/checks.py": "the catalogue of roles and owners",
    "clinics/modules.py": "whether a table is there",
    "clinics/tenancy.py": "the kernel",
    "dentalogic/lib/sql.py": "advisory locks, named by the clinic",
    "dentalogic/health.py": "SELECT 1",
    "dentalogic/dev.py": "development only: whether there are clinics",
    "dentalogic/embedded.py": "the embedded server's databases and roles",
}

# Jobs that carry no clinic, and why.
OF_NO_CLINIC = {
    "agenda.calendars.tasks.tend_calendars": "each clinic in its turn",
    "agenda.calendars.tasks.sweep_calendars": "each clinic in its turn",
    "agenda.tasks.sweep_waitlist": "each clinic in its turn",
    "clinics.auth.mail.write_later": "a letter to a person: which they are is global",
    "clinics.jobs.forget_sessions": "each clinic in its turn",
    "clinics.jobs.seal_audit": "each clinic in its turn",
    "messaging.automations.tasks.sweep_taps": "each clinic in its turn",
    "messaging.automations.tasks.sync_all_templates": "each clinic in its turn",
    "messaging.automations.tasks.tend_all": "each clinic in its turn",
    "messaging.automations.tasks.watch_all": "each clinic in its turn",
    "messaging.line_jobs.look_after": "each clinic in its turn",
    "messaging.media.tasks.forget_leftovers": "each clinic in its turn",
    "messaging.media.tasks.sweep_media": "each clinic in its turn",
    "messaging.tasks.ask_unreported": "each clinic in its turn",
    "messaging.tasks.forget_payloads": "each clinic in its turn",
    "messaging.alarms.sweep_alarms": "each clinic in its turn",
    "messaging.desk_jobs.read_words": "each clinic in its turn",
    "messaging.desk_jobs.return_idle": "each clinic in its turn",
    "messaging.tasks.sweep_outbox": "each clinic in its turn",
    "messaging.tasks.sweep_turns": "each clinic in its turn",
}


def sources() -> dict[str, str]:
    return {
        path.relative_to(ROOT).as_posix(): path.read_text() for floor in FLOORS
        for path in sorted((ROOT / floor).rglob("*.py")) if "migrations" not in path.parts}


@cache
def _calls(text):
    return [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]


def _called(node) -> str:
    return getattr(node.func, "attr", None) or getattr(node.func, "id", "")


def door_faults(known: dict[str, str]) -> list[str]:
    """Modules that choose a clinic and are no door."""
    return [
        f"{path}: {_called(node)}() puts a clinic in scope, and is not on the list of doors"
        for path, text in known.items() if path not in DOORS for node in _calls(text) if _called(node) in OPENS]


def cursor_faults(known: dict[str, str]) -> list[str]:
    """Statements by hand that the kernel is not asked for."""
    return [
        f"{path}:{node.lineno}: a cursor that is not tenancy.cursor()"
        for path, text in known.items() if path not in BY_HAND for node in _calls(text)
        if _called(node) == "cursor" and "tenancy" not in ast.unparse(node.func)]


def socket_faults(known: dict[str, str]) -> list[str]:
    """What is sent to a socket goes to its clinic's group, or to the one socket that asked."""
    found = []
    for path, text in known.items():
        if path == "dentalogic/floor.py":  # the floor of bench/live, served in a bench only
            continue
        for node in _calls(text):
            name, said = _called(node), [ast.unparse(one) for one in node.args]
            if name in ("group_send", "group_add") and not _is_of_a_clinic(said):
                found.append(f"{path}:{node.lineno}: {name}({', '.join(said)}) is no clinic's group")
            if name == "emit" and [one.arg for one in node.keywords] != ["to"]:
                found.append(f"{path}:{node.lineno}: emit(…) without the one socket it is for")
            if name in ("enter_room", "broadcast"):
                found.append(f"{path}:{node.lineno}: {name}: rooms are the Channels layer's, by clinic")
    return found


def _is_of_a_clinic(said):
    return bool(said) and (said[0] == "self.group" or said[0].removeprefix("live.").startswith("group("))


def tasks() -> dict:
    current_app.loader.import_default_modules()
    not_ours = ("celery.", "tests.")  # Celery's own, and those that a test module made for itself
    return {name: task for name, task in sorted(current_app.tasks.items()) if not name.startswith(not_ours)}


def task_faults(known: dict) -> list[str]:
    """Jobs that neither carry a clinic nor are on the list; and those on it that do not go through the clinics."""
    found = []
    for name, task in known.items():
        if isinstance(task, TenantTask):
            found += [f"{name}: takes {one}, and jobs take ids alone" for one in _arguments(task)
                      if not one.endswith("_id")]
        elif name not in OF_NO_CLINIC:
            found.append(f"{name}: a job without a clinic, and not on the list of those")
        elif "each clinic" in OF_NO_CLINIC[name] and "each_tenant" not in _source(task):
            found.append(f"{name}: does not walk the clinics one by one")
    return found


def _arguments(task):
    return inspect.signature(task.run).parameters


def _source(task):
    return textwrap.dedent(inspect.getsource(inspect.unwrap(task.run)))


def ids_of(task, number) -> dict:
    return dict.fromkeys(_arguments(task), number)


def stale() -> list[str]:
    """What a list still names and is no longer there."""
    missing = [path for path in (*DOORS, *BY_HAND) if not (Path(ROOT) / path).exists()]
    return missing + [name for name in OF_NO_CLINIC if name not in tasks()]
