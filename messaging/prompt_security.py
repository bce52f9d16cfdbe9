"""What comes in, looked at before a model sees it. Pure: a text in, a verdict out.

One layer only: authority lives in the tools, whatever a text says.
"""
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from messaging import prompt_security_rules as rules
from messaging.prompt_security_views import LEAST, NESTED, decoded, views

SOURCES = ("text", "caption", "transcript", "filename", "name", "tool")
BLOCKS = 10  # points; a rule gives as many when what it reads is nothing else
LEFT_OUT = "[texto omitido]"


@dataclass(frozen=True, slots=True)
class Verdict:
    score: int = 0
    categories: tuple[str, ...] = ()

    @property
    def blocked(self) -> bool:
        return self.score >= BLOCKS


def inspect(text: str, *, source: str = "text") -> Verdict:
    """``source`` is one of SOURCES: where the text was found."""
    if source not in SOURCES:
        raise ValueError(f"no source {source}")
    return _inspect(text) if text and not text.isspace() else Verdict()


def cleaned(value: Any) -> tuple[Any, tuple[str, ...]]:
    """What a tool brings back, with each text in it that would be blocked left out; and what those were."""
    if isinstance(value, dict):
        pairs = {key: cleaned(one) for key, one in value.items()}
        return {key: one for key, (one, _) in pairs.items()}, _all(found for _, found in pairs.values())
    if isinstance(value, list | tuple):
        both = [cleaned(one) for one in value]
        return [one for one, _ in both], _all(found for _, found in both)
    if isinstance(value, str) and len(value) >= LEAST and (verdict := inspect(value, source="tool")).blocked:
        return LEFT_OUT, verdict.categories
    return value, ()


def _all(found) -> tuple[str, ...]:
    return tuple(dict.fromkeys(category for categories in found for category in categories))


@lru_cache(maxsize=2048)
def _inspect(text: str, depth: int = 0) -> Verdict:
    points = dict(_points(text))
    if depth < NESTED:
        for inside in decoded(text):
            points |= {f"{name}:encoded": one for name, one in _within(inside, depth)}
    categories = dict.fromkeys(name.partition(":")[0] for name in points)
    if any(name.endswith(":encoded") for name in points):
        categories["encoded"] = None
    return Verdict(sum(points.values()), tuple(categories))


def _within(text, depth):
    verdict = _inspect(text, depth + 1)
    return [(category, verdict.score) for category in verdict.categories]


def _points(text: str):
    """Each rule once, in the view where it shows first."""
    seen = views(text)
    if seen.hidden:
        yield "hidden:", rules.CERTAIN
    for number, rule in enumerate(rules.RULES):
        if any(rule.pattern.search(view) for view in rule.reads(seen)):
            yield f"{rule.category}:{number}", rule.points
