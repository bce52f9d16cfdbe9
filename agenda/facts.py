"""The facts that the engine judges by, in two statements written by hand: the ORM needs forty times as long to put the
same two together (2 ms each against 0.05, measured), which was most of an answer.

Row level security holds here as everywhere; the tenant is named all the same, for the indexes begin with it. Only `=`,
`<` and `>` on numbers, text and instants: the policy lets no other operator use an index.
"""

import json
from datetime import datetime
from typing import NamedTuple

from agenda.models import TAKES_TIME
from agenda.models.appointment import LONGEST
from clinics import tenancy

BUSY, CLOSED, MINE, EXPIRED = "busy", "closed", "mine", "expired"


class Attending(NamedTuple):
    """A professional who may give the treatment."""

    pk: int
    week: dict | None  # their own working hours; none: the clinic's
    chair_id: int | None


class Taken(NamedTuple):
    """A visit or hold of somebody's, a closure, a hold of the asker's own, or one that ran out."""

    kind: str
    pk: int
    professional_id: int | None
    chair_id: int | None
    start_at: datetime
    end_at: datetime

    def concerns(self, who: Attending) -> bool:
        everybody = self.professional_id is None and self.chair_id is None
        return everybody or self.professional_id == who.pk or (
            self.chair_id is not None and self.chair_id == who.chair_id)


WHO = """
SELECT p.id, p.working_hours::text, u.chair_id
FROM professionals p
LEFT JOIN usual_chairs u ON u.tenant_id = p.tenant_id AND u.professional_id = p.id
WHERE p.tenant_id = %(tenant)s AND p.active AND (%(every)s OR p.id = ANY(%(ids)s::bigint[]))
  AND (NOT EXISTS (SELECT FROM treatment_professionals t
                   WHERE t.tenant_id = %(tenant)s AND t.treatment_id = %(treatment)s)
       OR EXISTS (SELECT FROM treatment_professionals t
                  WHERE t.tenant_id = %(tenant)s AND t.treatment_id = %(treatment)s AND t.professional_id = p.id))
ORDER BY p.id
"""

_VISITS = """
SELECT CASE WHEN status = 'held' AND held_until <= %(now)s THEN 'expired' ELSE 'busy' END,
       id, professional_id, chair_id, start_at, end_at
FROM appointments
WHERE tenant_id = %(tenant)s AND start_at > %(earliest)s AND start_at < %(until)s AND end_at > %(since)s
  AND status = ANY(%(statuses)s) AND NOT (status = 'held' AND held_for = %(holder)s)
  AND id IS DISTINCT FROM %(exclude)s
"""
_CLOSURES = """
SELECT 'closed', id, professional_id, chair_id, start_at, end_at
FROM closures
WHERE tenant_id = %(tenant)s AND end_at > %(since)s AND start_at < %(until)s
  AND (professional_id = ANY(%(ids)s::bigint[]) OR chair_id = ANY(%(chairs)s::bigint[])
       OR (professional_id IS NULL AND chair_id IS NULL))
"""
_OWN_HOLDS = """
SELECT 'mine', id, professional_id, chair_id, start_at, end_at
FROM appointments
WHERE tenant_id = %(tenant)s AND status = 'held' AND held_for = %(holder)s
"""
OF_PROFESSIONALS = f"{_VISITS} AND professional_id = ANY(%(ids)s::bigint[])"
OF_CHAIRS = f"{_VISITS} AND chair_id = ANY(%(chairs)s::bigint[]) AND NOT professional_id = ANY(%(ids)s::bigint[])"


def attending(treatment, professionals) -> list[Attending]:
    """Who of these (of all, where it is None) is active and gives the treatment."""
    ids = [getattr(one, "pk", one) for one in professionals or ()]
    rows = _read(WHO, every=professionals is None, ids=ids, treatment=treatment.pk)
    return [Attending(pk, json.loads(week) if week else None, chair_id) for pk, week, chair_id in rows]


def taken(who: list[Attending], *, since, until, now, exclude=None, holder="") -> list[Taken]:
    """What takes time of these professionals and of their usual chairs between two instants."""
    chairs = [one.chair_id for one in who if one.chair_id]
    arms = [OF_PROFESSIONALS, _CLOSURES, *([OF_CHAIRS] if chairs else []), *([_OWN_HOLDS] if holder else [])]
    rows = _read(
        " UNION ALL ".join(arms), ids=[one.pk for one in who], chairs=chairs, since=since, until=until, now=now,
        earliest=since - LONGEST, exclude=exclude, holder=holder, statuses=list(TAKES_TIME))
    return [Taken(*row) for row in rows]


def _read(statement, **values):
    with tenancy.cursor() as cursor:
        cursor.execute(statement, values | {"tenant": tenancy.current_tenant()})
        return cursor.fetchall()
