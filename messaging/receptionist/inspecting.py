"""What the patient sent, looked at before either engine reads it. What commands the receptionist is set aside with one
courteous line, and leaves a row and a security event without a word of it; three in an hour go to a person. An
emergency is attended all the same, by the engine that takes no orders."""

from datetime import timedelta

from django.utils.translation import gettext as _

from clinics import tenancy
from clinics.audit import log_security_event
from messaging import handoff, prompt_security
from messaging.models import TurnStep
from messaging.prompt_security import LEFT_OUT, Verdict
from messaging.receptionist.case import Case, Done
from messaging.receptionist.steps import note

TOOL = "inspection"
REASON = "prompt_security"
MOST, WITHIN = 3, timedelta(hours=1)
TEXT_OF = {"text": "text", "button": "text", "location": "text"}


def verdict_of(message) -> Verdict:
    """The worst of what a message brings: its text or caption, what was heard in it, its file's name."""
    spoken = message.words.removeprefix(message.text).strip()
    media = message.media if isinstance(message.media, dict) else {}
    pieces = (
        (message.text, TEXT_OF.get(message.kind, "caption")), (spoken, "transcript"),
        (str(media.get("filename") or ""), "filename"),
    )  # fmt: skip
    return max((prompt_security.inspect(text, source=source) for text, source in pieces), key=lambda one: one.score)


def set_aside(case: Case) -> bool:
    """Whether something was. ``case.messages`` keeps what a model may read."""
    found = [([one], verdict) for one in case.messages if (verdict := verdict_of(one)).blocked]
    if not found and len(case.messages) > 1 and (whole := prompt_security.inspect(case.text)).blocked:
        found = [(list(case.messages), whole)]  # in pieces, one message each
    for messages, verdict in found:
        keep(case, verdict, messages=[one.pk for one in messages])
    out = {id(one) for messages, _verdict in found for one in messages}
    case.messages = [one for one in case.messages if id(one) not in out]
    return bool(found)


@tenancy.atomic
def keep(case: Case, verdict: Verdict, *, messages=(), tool=None) -> None:
    told = {
        "score": verdict.score, "categories": list(verdict.categories), "messages": list(messages), "tool": tool,
        "detail": in_words(verdict.categories)}
    case.steps.append(Done(TOOL, True, told))
    note(case, TOOL, told)
    log_security_event(
        "receptionist.attempt", by=case.by, severity="warning", conversation=case.conversation.pk,
        kinds=list(verdict.categories), message=messages[-1] if messages else None, tool=tool,
    )  # fmt: skip


def withheld(case: Case) -> set[int]:
    """The messages that were set aside, in any turn of this conversation."""
    return {message for messages in _attempts(case) for message in messages}


@tenancy.atomic
def goes_on(case: Case) -> bool:
    """The third attempt in an hour. A turn that is taken again tells of the same messages."""
    return len({messages[-1] for messages in _attempts(case, started_at__gt=case.now - WITHIN)}) >= MOST


@tenancy.atomic
def _attempts(case, **which) -> list[list[int]]:
    steps = TurnStep.objects.filter(turn__conversation=case.conversation, tool=TOOL, **which)
    return [messages for messages in steps.values_list("result__messages", flat=True) if messages]


@tenancy.atomic
def hand_over(case: Case) -> None:
    handoff.hand_off(conversation=case.conversation, reason=REASON, by=case.by)
    case.handed_off = True


def declined() -> str:
    return _("Con eso no te puedo ayudar. Puedo darte un turno, cambiarlo o cancelarlo, y contarte sobre la clínica.")


def in_words(categories) -> str:
    words = {
        "override": _("dar órdenes"), "role": _("cambiarle el papel"), "extraction": _("sacarle lo interno"),
        "forgery": _("hacerse pasar por el sistema"), "data": _("pedir datos de otros"),
        "encoded": _("texto codificado"), "hidden": _("texto escondido"),
    }
    return _("Quiso: %(what)s.") % {"what": ", ".join(words.get(one, one) for one in categories)}


def readable(text: str, *, source: str = "text") -> str:
    """``text``, or what stands in its place where a model would read it again."""
    return LEFT_OUT if prompt_security.inspect(text, source=source).blocked else text


def cleaned(case: Case, tool: str, data: dict) -> dict:
    """What a tool brings back, as a model may read it."""
    data, categories = prompt_security.cleaned(data)
    if categories:
        keep(case, Verdict(prompt_security.BLOCKS, categories), tool=tool)
    return data
