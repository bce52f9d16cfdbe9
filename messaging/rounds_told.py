"""What the model did, as staff read it: its questions of a thread's turns, and why one of them failed."""
from collections import defaultdict
from datetime import timedelta

from django.utils.translation import gettext as _

from clinics import tenancy
from dentalogic.lib import clock
from messaging.models import TurnRound

FAILURES, SINCE = 8, timedelta(days=30)
Outcome = TurnRound.Outcome


def of(turns) -> dict[int, list[TurnRound]]:
    """By turn, in order; one query."""
    found = defaultdict(list)
    for one in TurnRound.objects.filter(turn__in=set(turns)).order_by("turn_id", "position"):
        found[one.turn_id].append(dressed(one))
    return found


def dressed(one) -> TurnRound:
    one.word, one.said, one.refused = _("Modelo"), said(one), one.outcome not in (Outcome.ANSWERED, Outcome.CALLED)
    one.is_round = True
    return one


def said(one) -> str:
    if one.outcome == Outcome.SPENT:
        return _("No se le preguntó: se usó el tope del mes.")
    if one.outcome == Outcome.FAILED:
        return _("No contestó: %(why)s.") % {"why": why(one.error)}
    if one.outcome == Outcome.ASKED:
        return _("No se sabe si contestó.")
    done = _("Pidió lo que sigue") if one.outcome == Outcome.CALLED else _("Escribió la respuesta")
    if one.caught:
        done = _("Escribió algo que no salió")
    return f"{done} · {tokens(one)}"


def tokens(one) -> str:
    count = grouped(one.tokens)
    return _("unos %(count)s tokens") % {"count": count} if one.estimated else _("%(count)s tokens") % {"count": count}


def grouped(number) -> str:
    return f"{number:,}".replace(",", ".")


def woven(steps, rounds) -> list:
    """What a turn did, in order: each question of the model before what it asked for. What code did by itself goes by
    the clock."""
    left, told = list(rounds), []
    for step in steps:
        while left and (left[0].pk <= step.round_id if step.round_id else left[0].started_at < step.started_at):
            told.append(left.pop(0))
        told.append(step)
    return [*told, *left]


def why(error: str) -> str:
    """A fault as a person reads it; one that we have no words for is named as it is."""
    kind, _colon, code = error.partition(":")
    words = {
        "deadline": _("se acabó el tiempo de la respuesta"), "APITimeoutError": _("no contestó a tiempo"),
        "APIConnectionError": _("no se pudo llegar al proveedor"), "AuthenticationError": _("la clave no sirve"),
        "PermissionDeniedError": _("la clave no tiene permiso para ese modelo"),
        "NotFoundError": _("el proveedor no conoce ese modelo"),
        "RateLimitError": _("el proveedor pidió esperar"), "insufficient_quota": _("la cuenta no tiene saldo"),
        "BadRequestError": _("el proveedor no aceptó el pedido"), "InternalServerError": _("el proveedor falló"),
        "malformed answer": _("contestó algo que no se entiende"),
    }
    if code in words:
        return words[code]
    return f"{words.get(kind, kind)} ({code})" if code else words.get(kind, kind)


def advice(error: str, model: str) -> str:
    """What is wrong with the key or the model that a person tried, and what to do; "" where it answered."""
    kind, _colon, code = error.partition(":")
    said = {
        "no_key": _("No hay ninguna clave: pegá una."),
        "spent": _("Se usó todo el tope del mes: no se le preguntó nada."),
        "AuthenticationError": _("El proveedor no acepta la clave. Pegala de nuevo, entera, o creá otra."),
        "PermissionDeniedError": _("La clave es buena, pero no tiene permiso para usar %(model)s."),
        "NotFoundError": _("El proveedor no conoce un modelo que se llame %(model)s. Fijate cómo lo escribe."),
        "insufficient_quota": _("La cuenta no tiene saldo: cargale crédito en la página del proveedor."),
        "RateLimitError": _("El proveedor pidió esperar: hay demasiados pedidos con esa cuenta. Probá en un minuto."),
        "APITimeoutError": _("Tardó demasiado en contestar. Si sigue así, los pacientes van a recibir respuestas sin "
                             "modelo."),  # fmt: skip
        "APIConnectionError": _("No se pudo llegar al proveedor. Si a otros servicios sí se llega, avisale a quien "
                                "instaló Dentalogic."),  # fmt: skip
        "InternalServerError": _("El proveedor está fallando. Probá más tarde."),
        "BadRequestError": _("El proveedor no aceptó el pedido: puede que %(model)s no use herramientas, o no acepte "
                             "esa temperatura."),  # fmt: skip
    }
    found = said.get(code) or said.get(kind)
    if found:
        return found % {"model": model}
    return _("No anda: %(why)s.") % {"why": why(error)} if error else ""


@tenancy.atomic
def failures() -> list[TurnRound]:
    """The last of them, of the last 30 days."""
    since = clock.now() - SINCE
    rows = TurnRound.objects.filter(outcome=Outcome.FAILED, started_at__gte=since).select_related("turn")
    found = list(rows.order_by("-started_at", "-pk")[:FAILURES])
    for one in found:
        one.why = why(one.error)
    return found
