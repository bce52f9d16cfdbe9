"""What comes in, looked at before a model sees it. Pure: a text in, a verdict out.

One layer only: authority lives in the tools, whatever a text says.
"""
from dataclasses import dataclass

SOURCES = ("text", "caption", "transcript", "filename", "name", "tool")


@dataclass(frozen=True, slots=True)
class Verdict:
    score: int = 0
    categories: tuple[str, ...] = ()
    blocked: bool = False


def inspect(text: str, *, source: str = "text") -> Verdict:
    """``source`` is one of SOURCES: where the text was found."""
    if source not in SOURCES:
        raise ValueError(f"no source {source}")
    return Verdict()
