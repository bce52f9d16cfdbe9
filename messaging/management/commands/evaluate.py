"""How well the pure rules read: `manage.py evaluate when FILE.jsonl`, `manage.py evaluate triage FILE.tsv`."""
from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from agenda import when_sheet
from messaging.receptionist import triage


class Command(BaseCommand):
    help = "Read a file of phrases with what each should be, and print how many agree and each that does not."

    def add_arguments(self, parser):
        parser.add_argument("what", choices=sorted(self.SHEETS))
        parser.add_argument("file", type=Path)

    def handle(self, *, what, file, **options):
        try:
            self.SHEETS[what](self, file.read_text(encoding="utf-8").splitlines())
        except (OSError, ValueError) as fault:
            raise CommandError(f"{file.name}: {fault}") from fault

    def when(self, lines):
        judged = when_sheet.judge(lines)
        for one in judged:
            if not one.agrees:
                self.stdout.write(f"✗ {one.text!r}: wanted {one.wanted}, read {one.read}")
        self._sum(sum(one.agrees for one in judged), len(judged))

    def triage(self, lines):
        """Lines are `level<TAB>text`; the matrix has the wanted level down and the given one across."""
        pairs = Counter()
        for number, line in enumerate(filter(str.strip, lines), 1):
            wanted, tab, text = line.partition("\t")
            if not tab or wanted not in triage.LEVELS:
                raise ValueError(f"line {number}: a level of {', '.join(triage.LEVELS)}, a tab and a text")
            given = triage.assess(text).level
            pairs[wanted, given] += 1
            if given != wanted:
                self.stdout.write(f"✗ {wanted}, given {given}: {text!r}")
        self.stdout.write("".join(["wanted".ljust(12), *(level.rjust(11) for level in triage.LEVELS)]))
        for wanted in triage.LEVELS:
            counts = [str(pairs[wanted, level]).rjust(11) for level in triage.LEVELS]
            self.stdout.write("".join([wanted.ljust(12), *counts]))
        self._sum(sum(pairs[level, level] for level in triage.LEVELS), pairs.total())

    def _sum(self, agree, total):
        if not total:
            raise ValueError("no line")
        self.stdout.write(f"{agree} of {total} agree ({100 * agree / total:.1f} %)")

    SHEETS = {"when": when, "triage": triage}
