"""A tool: a name, strict arguments, a function. It answers or refuses; every call is a row of its turn."""

import logging
import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, ValidationError

from clinics import access, tenancy
from clinics.audit import log_security_event
from dentalogic.lib import clock, sql
from dentalogic.lib.faults import where
from dentalogic.lib.refusals import Refusal
from messaging.models import Conversation, TurnStep
from messaging.receptionist.case import Case, Done

log = logging.getLogger(__name__)


class Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True)
class Tool:
    name: str
    capability: str  # of the receptionist's own list in clinics.access, and of whoever else uses it
    description: str
    arguments: type[Arguments]
    run: Callable[[Case, Any], "Answer"]
    before: Callable[[Case, Any], None] | None = None  # what it asks of the world, while no transaction is open
    acts: bool = False  # on what is offered or booked: a person does it where the receptionist does not attend

    @property
    def schema(self) -> dict:
        """Of its arguments: JSON Schema, each required and no other allowed."""
        return {"required": []} | self.arguments.model_json_schema()


UNREAD = _("No es un valor que se entienda.")
FAULTS = {
    "missing": _("Falta."), "extra_forbidden": _("La herramienta no tiene ese dato."),
    "literal_error": _("No es uno de los valores posibles."), "string_type": _("Tiene que ser un texto."),
}


class NotHers(Refusal):
    code = "not_hers"
    status = 403
    detail = _("La recepcionista no puede hacer eso.")


class NotYours(Refusal):
    code = "not_yours"
    status = 403
    detail = _("Tu rol no llega a eso.")


class NotInHand(Refusal):
    code = "not_in_hand"
    status = 409
    detail = _("La conversación ya está en otras manos.")


@dataclass(frozen=True)
class Answer:
    """What a tool says (a typed value) and the row it is about, for who runs in the same process."""

    value: Any
    row: Any = None
    refused: bool = False  # a refusal that keeps what the tool did: a hold, data, another offer

    @property
    def data(self) -> dict:
        return asdict(self.value) if is_dataclass(self.value) else dict(self.value)


def use(case: Case, tool: Tool, arguments: dict, *, tokens: int = 0) -> Done:
    """Run a tool in a transaction of its own. Refusals and faults become answers; the call becomes a TurnStep."""
    started_at, began, arguments = clock.now(), time.perf_counter(), plain(arguments)
    try:
        if not access.can(case.by, tool.capability):
            raise NotYours if case.person else NotHers
        asked = tool.arguments.model_validate(arguments)
        if tool.before:
            tool.before(case, asked)
        done = _run(case, tool, asked)
    except Refusal as refusal:
        done = Done(tool.name, True, refusal.as_dict(), status=refusal.status)
    except ValidationError as fault:
        wrong = {".".join(map(str, one["loc"])): [str(FAULTS.get(one["type"], UNREAD))] for one in fault.errors()}
        done = Done(tool.name, True, {"code": "bad_arguments", "detail": "", "fields": wrong}, status=400)
    except Exception as fault:  # noqa: BLE001  (a tool answers or refuses; what broke reaches staff, not the patient)
        log.error("tool %s failed: %s", tool.name, where(fault))
        done = Done(tool.name, True, {"code": "fault", "detail": type(fault).__name__, "fields": {}}, status=500)
        _alert(case, tool, fault)
    case.steps.append(done)
    _record(case, done, arguments, started_at=started_at, seconds=time.perf_counter() - began, tokens=tokens)
    return done


@tenancy.atomic
def _run(case, tool, asked) -> Done:
    """One after the other in a conversation, and only while it is in the hands that began: a turn whose conversation a
    person took meanwhile, or whose worker was given up, does nothing more."""
    sql.lock("conversation", case.conversation.pk)
    claim = Conversation.objects.filter(pk=case.conversation.pk).values_list("claim", flat=True).first()
    if claim != case.conversation.claim:
        raise NotInHand
    answer = tool.run(case, asked)
    return Done(tool.name, answer.refused, answer.data, answer.row, status=409 if answer.refused else 200)


@tenancy.atomic
def _alert(case, tool, fault):
    log_security_event(
        "receptionist.tool_fault", by=case.by, severity="error", tool=tool.name, fault=type(fault).__name__,
        conversation=case.conversation.pk,
    )  # fmt: skip


@tenancy.atomic
def _record(case, done, arguments, *, started_at, seconds, tokens):
    if case.turn is None:
        return
    TurnStep.objects.create(
        turn=case.turn, round_id=case.round_id, position=len(case.steps), tool=done.tool,
        arguments=plain(arguments), result=plain(done.data), refused=done.refused, started_at=started_at,
        milliseconds=round(seconds * 1000), tokens=tokens,
    )  # fmt: skip


def plain(value):
    """As PostgreSQL can keep it: a model may write what is no JSON, and NUL or half a character inside a text."""
    if isinstance(value, dict):
        return {_text(str(key)): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if isinstance(value, int | float | bool | None) else str(value)


def _text(value: str) -> str:
    return value.replace("\0", "").encode("utf-8", "replace").decode()
