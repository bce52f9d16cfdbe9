"""The chairs as columns of the agenda: who usually works in each, and when it is closed."""
from django.utils.translation import gettext as _

from agenda.walls import bounds, outside, span_on
from clinics import hours
from clinics.templatetags import front

NO_CHAIR = 0  # the column of visits that take none; drawn where there are any


def columns(board) -> list[dict]:
    """The chairs in use, those out of use that still have visits, and where visits have none, a column for them."""
    taken = {one.chair_id for one in board.appointments}
    rows = [_column(one, board, place) for place, one in enumerate(board.rooms) if one.active or one.pk in taken]
    if None in taken:
        rows.append({"id": NO_CHAIR, "name": str(_("Sin sillón")), "initials": "–", "face": front.face(0), "sub": "",
                     "professional": None})
    return rows


def _column(one, board, place):
    usual = [person for person in board.professionals if board.usual.get(person.pk) == one.pk]
    return {
        "id": one.pk, "name": one.name, "initials": one.name[-2:].strip(), "face": front.face(place),
        "sub": ", ".join(person.last_name for person in usual), "professional": usual[0].pk if usual else None}


def closures(board):
    """What is closed by hand of a chair."""
    since, until = bounds(board.first, board.last, board.zone)
    for row in board.rooms_closed:
        for n, one in enumerate(row.times(since, until, board.zone)):
            start, end = span_on(one.start_at, one.end_at, board.zone)
            yield {
                "id": f"{row.pk}-{n}", "professional": None, "chair": row.chair_id, "start": start, "end": end,
                "title": row.reason or str(row.get_kind_display()), "google": False}


def closed(board):
    """Each day minus the clinic's hours, in each chair."""
    for pk in [*(one.pk for one in board.rooms), NO_CHAIR]:
        for day in board.days:
            yield from outside(hours.windows(board.week, day), day, {"professional": None, "chair": pk})
