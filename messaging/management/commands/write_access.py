"""manage.py write_access: docs/access.md from clinics.access and from what names its capabilities."""
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from clinics import naming
from clinics.access import ALL, DOORS, FREE_BUSY, MEANS, OWN, OWN_LEADS, RECEPTIONIST, TABLE, Role
from messaging.receptionist.tools import TOOLS

WORDS = {ALL: "yes", OWN: "own", FREE_BUSY: "free/busy", OWN_LEADS: "own leads", None: "–"}
DOOR_WORDS = {
    "anyone": "before there is a session", "session": "whoever has a session, pending members too",
    "signed": "a program that proves itself with a signature",
}
HEAD = """# Who may what

Written by `manage.py write_access` from `clinics/access.py`, the one table that pages, API, tools, sockets and admin
ask; a test compares. What names nothing is refused. Pending and suspended people have no role, so no capability.

"""
REACHES = """
*own*: rows that are the person's, as a professional's appointments and the patients they treat. *own leads*: the
patients, conversations and visits of the leads that the person works. *free/busy*: when somebody is taken, not who nor
why; names of one's own bookings. A scope that no module fills is empty. Another clinic's row is never found: 404.

"""
FIELDS = """## Fields

| of | only for |
|---|---|
| a patient: alerts | `alerts.see` |
| a patient: medical history, record, odontogram | `record.read`; each reading is audited |
| a visit: urgency, reason, note, why it was cancelled or overbooked | `alerts.see` |
| a visit: patient, treatment, chair, source | `agenda.see` beyond free/busy, or who booked it |
| a conversation: triage and its reasons, the receptionist's triage steps | `alerts.see` |
| a conversation: arguments and results of the receptionist's steps | `clinic.configure` |
| amounts: balance, payments, the day's cash | `cash.see` |
| a live frame: ids | whose reach is all; the others hear that something changed |
| a secret | nobody: it is written, never read |

"""


class Command(BaseCommand):
    help = "Write docs/access.md from the table of rights."

    def handle(self, *args, **options):
        Path(settings.BASE_DIR, "docs", "access.md").write_text(document())


def document() -> str:
    return HEAD + _table() + REACHES + FIELDS + _receptionist() + _named()


def _table():
    rows = [["capability", *Role.values, "what"], ["---"] * (len(Role.values) + 2)]
    for name, reach in TABLE.items():
        rows.append([f"`{name}`", *(WORDS[reach.get(role)] for role in Role.values), MEANS[name]])
    return _written(rows)


def _receptionist():
    reaches = ", ".join(f"`{name}` ({WORDS[reach]})" for name, reach in RECEPTIONIST.items())
    return f"## The receptionist\n\nShe attends one conversation; own is what it and its patient hold: {reaches}.\n\n"


def _named():
    users = naming.users(TOOLS)
    rows = [["capability", "named by"], ["---", "---"]]
    rows += [[f"`{name}`", ", ".join(users.get(name, ["no address by itself"]))] for name in TABLE]
    rows += [[f"*{door}*: {DOOR_WORDS[door]}", ", ".join(users.get(door, []))] for door in DOORS]
    return "## What names it\n\n" + _written(rows)


def _written(rows):
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)
