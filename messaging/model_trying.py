"""Whether the model answers: asked once, as a turn asks, by a job; what came of it stays on the clinic's row.

The key is read by the job alone, and of what the provider says only a kind and a code are kept: it may quote the key.
"""
import time

from clinics import live, tenancy
from clinics.audit import log_security_event
from clinics.clinic import admit
from dentalogic.lib import clock
from messaging import budget, language_model
from messaging.models import LanguageModel
from messaging.receptionist import llm
from messaging.receptionist.tools.people import HAND_OFF

SECONDS = 10  # a turn that waited longer for each of its questions would be of no use
GIVEN_UP = 60  # seconds that a page waits for the job
TALK = [
    {"role": "system", "content": "Es una prueba de conexión. Contestá solo: ok."}, {"role": "user", "content": "ok?"}]
TOKENS = (400, 100)  # until the provider says what it was


@tenancy.atomic
def ask(*, by) -> None:
    """A person wants to know: a job tries it after the commit."""
    from messaging import model_jobs  # noqa: PLC0415  (which runs this module)

    admit(by, "integrations.manage")
    log_security_event("model.tried", by=by)
    model_jobs.attempt.later()


def attempt() -> None:
    """Run by a task, in no transaction. Counted in the month's budget like any question."""
    access = llm.configured()
    if access is None:
        return _keep("", "no_key")
    month = budget.take(TOKENS, most=access.most, price=access.price)
    if month is None:
        return _keep(access.model, "spent")
    began, counted, error = time.monotonic(), None, ""
    try:
        counted = llm.complete(
            access, talk=TALK, tools=[llm.tool_schema(HAND_OFF)], deadline=began + SECONDS, who="try").counted
    except llm.Unavailable as fault:
        counted, error = ((0, 0) if fault.free else None), str(fault)[:80]
    if counted is not None:
        budget.correct(month, estimate=TOKENS, tokens=counted, most=access.most, price=access.price)
    return _keep(access.model, error, round((time.monotonic() - began) * 1000))


@tenancy.atomic
def _keep(model, error, milliseconds=0):
    now = clock.now()
    LanguageModel.objects.bulk_create(
        [LanguageModel(tenant_id=tenancy.current_tenant(), changed_at=now)], ignore_conflicts=True)
    LanguageModel.objects.update(
        tried_at=now, tried_model=model, tried_error=error, tried_milliseconds=milliseconds)
    live.say("CLINIC_UPDATED")


def stands(row, key_at) -> bool:
    """Whether what came of it is of the model and the key that there are now."""
    changed = max(filter(None, (row.changed_at, key_at)), default=None)
    return bool(row.tried_at) and row.tried_model == language_model.chosen().model and row.tried_at >= changed
