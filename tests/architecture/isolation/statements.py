"""Whether a statement names the clinic of every tenant table that it touches.

Row level security would hold all the same: the name is the first wall, what the indexes begin with, and what a cluster
distributes by.
"""
import re
from collections import Counter
from functools import lru_cache

_SPOKEN = re.compile(r"\s*\(?\s*(SELECT|INSERT|UPDATE|DELETE|WITH|MERGE|COPY)\b", re.I)
_IDENT = r'"?[A-Za-z_]\w*"?'
_NO_ALIAS = (
    "AS|ON|WHERE|SET|USING|VALUES|GROUP|ORDER|LIMIT|INNER|LEFT|RIGHT|FULL|CROSS|NATURAL|JOIN|UNION|INTERSECT|EXCEPT"
    "|RETURNING|OFFSET|HAVING|FOR|DEFAULT|WINDOW|FETCH")
_TABLE = re.compile(
    rf"""\b(?:FROM|JOIN|UPDATE|INTO|USING)\s+(?:ONLY\s+)?(?:"?public"?\.)?
        "?(?P<table>[A-Za-z_]\w*)"?(?![\w".])
        (?:\s+(?:AS\s+)?(?!(?:{_NO_ALIAS})\b)"?(?P<alias>[A-Za-z_]\w*)"?)?""", re.I | re.X)
_BESIDE = re.compile(
    rf'\bFROM\s+{_IDENT}(?:\s+{_IDENT})?\s*,\s*"?(?P<table>[A-Za-z_]\w*)"?(?:\s+"?(?P<alias>[A-Za-z_]\w*)"?)?', re.I)
_TEXTS = re.compile(r"'(?:[^']|'')*'")
_ASSIGNED = re.compile(r'(\bSET|,)\s*"?tenant_id"?\s*=\s*%s', re.I)
_INSERTED = re.compile(r'\s*INSERT\s+INTO\s+"?\w+"?\s*\([^)]*"?\btenant_id\b', re.I)
_NAMED = r'(?:"?(?P<{0}>[A-Za-z_]\w*)"?\.)?"?\btenant_id"?'
_LINKED = re.compile(_NAMED.format("one") + r"\s*=\s*\(?\s*" + _NAMED.format("other"), re.I)
_SAID = re.compile(_NAMED.format("one") + r"\s*(?:=|IN\b)\s*\(?\s*(?:%s|%\(\w+\)s|\d+)", re.I)


@lru_cache(maxsize=20_000)
def unnamed(sql: str, tables: frozenset) -> tuple:
    """Of `tables`, those whose clinic the statement does not name, as `((verb, table), …)`."""
    spoken = _SPOKEN.match(sql)
    if not spoken:
        return ()
    text, verb = _ASSIGNED.sub(r"\1", _TEXTS.sub("''", sql)), spoken[1].upper()
    found = [
        (match["table"].lower(), (match["alias"] or match["table"]).lower())
        for shape in (_TABLE, _BESIDE) for match in shape.finditer(text) if match["table"].lower() in tables]
    if verb == "INSERT" and _INSERTED.match(text):
        found = found[1:]
    return tuple((verb, table) for table in _wanting(found, *_comparisons(text))) if found else ()


def _comparisons(text):
    said = Counter((match["one"] or "").lower() for match in _SAID.finditer(text))
    links = [(match["one"] or "", match["other"] or "") for match in _LINKED.finditer(text)]
    return said, [(one.lower(), other.lower()) for one, other in links]


def _wanting(found, said, links):
    """Each mention of a table needs a comparison of its own: with a value, or with a table that has one."""
    for one, other in links * 3:  # again and again: they are written in any order
        for here, there in ((one, other), (other, one)):
            if said[here] and not said[there]:
                said[there] += 1
    for table, name in found:
        if said[name]:
            said[name] -= 1
        elif said[""] and name == table:  # written by hand, without an alias
            said[""] -= 1
        else:
            yield table
