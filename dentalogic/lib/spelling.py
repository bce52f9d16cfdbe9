"""Typing errors put right against a closed list of words. Pure, over folded text.

Only words of the list are ever put in. A word that sounds like one of them is that one ("kiero", "canselar"); else a
word that is one letter off inside. A difference at a word's end is grammar, not an error.
"""
import re
from collections.abc import Iterable
from functools import lru_cache

SHORTEST = 4  # letters of a word that may be an error; what it is an error of has one more at least
_WORD = re.compile(r"[a-z]{3,}")


class Vocabulary:
    """`words` by sound and by a letter, `heard` by their sound alone; `own` are words that are near and mean other
    things."""

    def __init__(self, words: Iterable[str], *, heard: Iterable[str] = (), own: Iterable[str] = ()):
        edited = sorted(set(words))
        self.words = frozenset((*edited, *heard))
        self.own = frozenset(own)
        self.sounds = {sound(word): word for word in sorted(self.words, key=len)}
        self.shapes: dict[str, set[str]] = {}
        for word in edited:
            for shape in _with_one_out(word) if len(word) > SHORTEST else ():
                self.shapes.setdefault(shape, set()).add(word)

    def put_right(self, plain: str) -> str:
        return _WORD.sub(lambda match: self.word(match[0]), plain)

    def word(self, word: str) -> str:
        if word in self.words or word in self.own:
            return word
        if alike := self.sounds.get(sound(word)):
            return alike
        if len(word) < SHORTEST:
            return word
        near = {one for shape in _with_one_out(word) for one in self.shapes.get(shape, ())}
        near = {one for one in near if is_one_off(word, one)}
        return near.pop() if len(near) == 1 else word


@lru_cache(maxsize=256)
def vocabulary(words: frozenset[str], heard: frozenset[str], own: frozenset[str]) -> Vocabulary:
    return Vocabulary(words, heard=heard, own=own)


_ALIKE = str.maketrans("vzw", "bsu")


@lru_cache(maxsize=4096)
def sound(word: str) -> str:
    """A word as it is heard on this side of the ocean."""
    word = re.sub(r"qu(?=[ei])|k", "k", re.sub(r"g(?=[ei])", "j", re.sub(r"gu(?=[ei])", "g", word)))
    word = word.replace("ch", "x").replace("h", "").replace("ll", "y").translate(_ALIKE)
    word = re.sub(r"c(?![ei])", "k", re.sub(r"c(?=[ei])", "s", word))
    return re.sub(r"(.)\1+", r"\1", re.sub(r"n(?=[bp])", "m", word))


def is_one_off(word: str, other: str) -> bool:
    """One letter wrong, missing, added, or two neighbours swapped; neither the first letter nor an ending."""
    if word[:1] != other[:1] or word == other:
        return False
    at = next((n for n, (one, two) in enumerate(zip(word, other, strict=False)) if one != two), None)
    if at is None or at >= min(len(word), len(other)):
        return False
    here, there = word[at:], other[at:]
    if len(here) == len(there):
        swapped = len(here) > 1 and here[:2] == there[1::-1] and here[2:] == there[2:]
        return swapped or (len(here) > 1 and here[1:] == there[1:])
    return here[1:] == there or here == there[1:]


def _with_one_out(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}
