"""How well the pure rules read a file of phrases with what each should be:

`manage.py evaluate when FILE.jsonl`, `manage.py evaluate triage FILE.tsv`, `manage.py evaluate injections FILE.tsv`;
and how well the receptionist talks: `manage.py evaluate dialogues DIR [--engine rules|model] [--k 4]`.
"""
from collections import Counter
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from agenda import when_sheet
from messaging.evaluation import playing, script
from messaging.prompt_security import inspect
from messaging.receptionist import triage

KINDS = ("attack", "benign")


class Command(BaseCommand):
    help = "Read a file of phrases with what each should be, and print how many agree and each that does not."

    def add_arguments(self, parser):
        parser.add_argument("what", choices=sorted([*self.SHEETS, "dialogues"]))
        parser.add_argument("file", type=Path, help="a file; a folder of dialogues")
        parser.add_argument("--engine", choices=playing.ENGINES, default="rules", help="who answers in the dialogues")
        parser.add_argument("--k", type=int, default=1, help="how often each dialogue is played")

    def handle(self, *, what, file, engine, k, **options):
        try:
            if what == "dialogues":
                self.dialogues(file, engine, k)
            else:
                self.SHEETS[what](self, file.read_text(encoding="utf-8-sig").split("\n"))
        except (OSError, ValueError) as fault:
            raise CommandError(f"{file.name}: {fault}") from fault

    def dialogues(self, folder, engine, k):
        """A dialogue passes where each of its `k` plays does; what was said in the first that did not is shown."""
        if engine == "model" and not settings.OPENAI_API_KEY:
            raise ValueError("OPENAI_API_KEY is not set, so there is no model to ask")
        passed, total, by = 0, 0, Counter()
        for plays in playing.play_all(script.read_all(folder), engine=engine, times=max(k, 1)):
            good = sum(not one.faults for one in plays)
            by += sum((one.by for one in plays), Counter())
            passed, total = passed + (good == len(plays)), total + 1
            self.stdout.write(f"{'✓' if good == len(plays) else '✗'} {plays[0].name}: {good} of {len(plays)}")
            if wrong := next((one for one in plays if one.faults), None):
                talk = [f"    {who}: {text}" for who, text in wrong.talk]
                self.stdout.write("\n".join([*talk, *(f"  → {fault}" for fault in wrong.faults)]))
        if engine == "model":
            self.stdout.write(
                f"turns: the model answered {by['model']}; {by['caught']} answers of its were replaced; the offline "
                f"receptionist answered {by['rules']} in its place; {by['neither']} needed neither")
        self.stdout.write(f"pass^{max(k, 1)}: {passed} of {total} ({100 * passed / total:.1f} %)")

    def when(self, lines):
        judged = when_sheet.judge(lines)
        for one in judged:
            if not one.agrees:
                self.stdout.write(f"✗ {one.text!r}: wanted {one.wanted}, read {one.read}")
        self._sum(sum(one.agrees for one in judged), len(judged))

    def triage(self, lines):
        """Lines are `level<TAB>text`; the matrix has the wanted level down and the given one across."""
        pairs = self._judged(lines, triage.LEVELS, lambda text: triage.assess(text).level)
        self.stdout.write("".join(["wanted".ljust(12), *(level.rjust(11) for level in triage.LEVELS)]))
        for wanted in triage.LEVELS:
            counts = [str(pairs[wanted, level]).rjust(11) for level in triage.LEVELS]
            self.stdout.write("".join([wanted.ljust(12), *counts]))
        self._sum(sum(pairs[level, level] for level in triage.LEVELS), pairs.total())

    def injections(self, lines):
        """Lines are `attack<TAB>text` or `benign<TAB>text`: recall is of the attacks, false alarms of the rest."""
        pairs = self._judged(lines, KINDS, lambda text: KINDS[not inspect(text).blocked])
        self._share("recall", pairs["attack", "attack"], pairs["attack", "attack"] + pairs["attack", "benign"])
        self._share("false alarms", pairs["benign", "attack"], pairs["benign", "attack"] + pairs["benign", "benign"])

    def _judged(self, lines, words, judge) -> Counter:
        """How often each word was wanted and each given; a line that is not as it should be is shown."""
        pairs = Counter()
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            wanted, tab, text = line.rstrip("\r").partition("\t")
            if not tab or wanted not in words:
                raise ValueError(f"line {number}: one of {', '.join(words)}, a tab and a text")
            given = judge(text)
            pairs[wanted, given] += 1
            if given != wanted:
                self.stdout.write(f"✗ {wanted}, given {given}: {text!r}")
        if not pairs:
            raise ValueError("no line")
        return pairs

    def _share(self, name, some, total):
        self.stdout.write(f"{name}: {some} of {total}" + (f" ({100 * some / total:.1f} %)" if total else ""))

    def _sum(self, agree, total):
        if not total:
            raise ValueError("no line")
        self.stdout.write(f"{agree} of {total} agree ({100 * agree / total:.1f} %)")

    SHEETS = {"when": when, "triage": triage, "injections": injections}
