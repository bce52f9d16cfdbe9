"""What the model and the ear may spend in a month, and what they have: counted before each question and each recording
by an estimate, corrected by what it was, so that turns at once see each other's and no worker that dies is free.

A question is let through while something is left. So a budget is passed by one question at most, however many turns
run at once. Prices are somebody's word (the clinic's, MODEL_PRICES, TRANSCRIPTION_PRICE): where nobody gave one,
tokens and minutes are counted and their cost is not.
"""
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from clinics import live, tenancy
from clinics.audit import log_security_event
from dentalogic.lib import clock
from messaging.models import ModelUsage

MILLION = Decimal(1_000_000)
MICRO = Decimal("0.000001")
NEAR, USED_UP = 80, 100  # of a hundred: when staff are told


@dataclass(frozen=True)
class Price:
    """US dollars for a million tokens. Discounts of a provider for what it remembers are not taken off."""

    given: Decimal
    answered: Decimal

    def of(self, tokens: tuple[int, int]) -> Decimal:
        return ((self.given * tokens[0] + self.answered * tokens[1]) / MILLION).quantize(MICRO)


@dataclass(frozen=True)
class Most:
    """In one month. None has no end; both hold."""

    usd: Decimal | None = None
    tokens: int | None = None
    minutes: int | None = None  # of recordings

    def used(self, usage) -> int:
        """How much of it is used, of a hundred: what holds for the model, and for the ear too."""
        return max(_part(usage.tokens, self.tokens), _part(usage.cost, self.usd))

    def heard(self, usage) -> int:
        """How much of the minutes."""
        return _part(usage.audio_seconds, None if self.minutes is None else self.minutes * 60)


def _part(used, most) -> int:
    if most is None:
        return 0
    return int(used * 100 / most) if most else USED_UP


def month(day: date) -> date:
    return day.replace(day=1)


def usage() -> ModelUsage:
    """This month's; one that is not stored where nothing was used."""
    first = month(clock.today(tenancy.here().zone))
    return ModelUsage.objects.filter(month=first).first() or ModelUsage(month=first)


def left(most: Most, price: Price | None) -> bool:
    """A budget in dollars without a price cannot be watched: then nothing is asked."""
    if most == Most():
        return True
    return (most.usd is None or price is not None) and most.used(usage()) < USED_UP


@tenancy.atomic
def take(tokens: tuple[int, int], *, most: Most, price: Price | None) -> date | None:
    """Count one question by its estimate, (given, answered); the month it is counted in, or None: nothing is left."""
    row = _locked()
    if (most.usd is not None and price is None) or most.used(row) >= USED_UP:
        _tell(row, most)
        return None
    _add(row, 1, tokens, price)
    return row.month


@tenancy.atomic
def correct(first: date, *, estimate: tuple[int, int], tokens: tuple[int, int], most: Most, price: Price | None):
    """What it was takes the place of what was thought."""
    row = ModelUsage.objects.select_for_update().get(month=first)
    _add(row, 0, (tokens[0] - estimate[0], tokens[1] - estimate[1]), price)
    _tell(row, most)


@tenancy.atomic
def listen(seconds: int, *, most: Most, price: Decimal | None) -> date | None:
    """Count one recording by its length; the month it is counted in, or None: nothing is left. What costs nothing is
    stopped by its minutes alone."""
    row = _locked()
    spent = most.used(row) if price != 0 else 0
    if max(spent, most.heard(row)) >= USED_UP:
        _tell(row, most)
        return None
    _add_heard(row, seconds, price)
    _tell(row, most)
    return row.month


@tenancy.atomic
def unheard(first: date, *, seconds: int, price: Decimal | None) -> None:
    """Nobody listened to them after all."""
    _add_heard(ModelUsage.objects.select_for_update().get(month=first), -seconds, price)


def begin_again(most: Most) -> None:
    """The budget is another: what was told of the former is not of this one."""
    row = _locked()
    row.told = min(row.told, _step(max(most.used(row), most.heard(row))))
    row.save(update_fields=["told"])


def words(most: Most, price: Price | None, row, minute: Decimal | None = None) -> str:
    """What staff are to know of it; `minute` is the price of one."""
    if most.usd is not None and price is None:
        return _("No se sabe el precio del modelo, y el tope es en dólares: contesta sin modelo.")
    step = _step(most.used(row))
    if step == USED_UP:
        if minute == 0:
            return _("Se usó todo el tope del mes: contesta sin modelo hasta el mes que viene.")
        return _("Se usó todo el tope del mes: contesta sin modelo hasta el mes que viene y no escucha audios.")
    if (heard := _step(most.heard(row))) == USED_UP:
        return _("Se usaron todos los minutos de audio del mes: hasta el mes que viene no se escuchan.")
    if step:
        return _("Usó %(part)s %% del tope del mes.") % {"part": most.used(row)}
    return _("Usó %(part)s %% de los minutos de audio del mes.") % {"part": most.heard(row)} if heard else ""


def _step(part: int) -> int:
    return USED_UP if part >= USED_UP else NEAR if part >= NEAR else 0


def _locked() -> ModelUsage:
    first = month(clock.today(tenancy.here().zone))
    new = ModelUsage(tenant_id=tenancy.current_tenant(), month=first)
    found = ModelUsage.objects.select_for_update()
    row = found.filter(month=first).first()
    if row is None:
        ModelUsage.objects.bulk_create([new], ignore_conflicts=True)
        row = found.get(month=first)
    return row


def _add(row, rounds, tokens, price):
    row.rounds += rounds
    row.prompt_tokens += tokens[0]
    row.completion_tokens += tokens[1]
    if price is None:
        row.unpriced_tokens += sum(tokens)
    else:
        row.cost += price.of(tokens)
    row.save(update_fields=["rounds", "prompt_tokens", "completion_tokens", "cost", "unpriced_tokens"])


def _add_heard(row, seconds, price):
    row.audio_seconds += seconds
    if price is None:
        row.unpriced_seconds += seconds
    else:
        row.cost += (price * seconds / 60).quantize(MICRO)
    row.save(update_fields=["audio_seconds", "unpriced_seconds", "cost"])


def _tell(row, most):
    """Once for each step of a month."""
    step = _step(max(most.used(row), most.heard(row)))
    if step <= row.told:
        return
    row.told = step
    row.save(update_fields=["told"])
    log_security_event("model.budget", severity="error" if step == USED_UP else "warning", part=step)
    live.say("CLINIC_UPDATED")
