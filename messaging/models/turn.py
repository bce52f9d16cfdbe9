from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinics.tenancy import TenantForeignKey, TenantModel
from messaging.models.conversation import Conversation


class Turn(TenantModel):
    """One time that the receptionist took the word: what she answered up to, and how it ended. Or one time that a
    person of the clinic used a tool of hers."""

    class Engine(models.TextChoices):
        RULES = "rules", _("Sin modelo")
        MODEL = "model", _("Modelo")
        PERSON = "person", _("Una persona")

    class Outcome(models.TextChoices):
        ANSWERED = "answered", _("Contestó")
        SILENT = "silent", _("No hizo falta contestar")
        HANDED_OFF = "handed_off", _("Pasó a una persona")
        STALE = "stale", _("Llegaron más mensajes")
        LOST = "lost", _("Otra persona la tomó")
        FAILED = "failed", _("Falló")
        USED = "used", _("Usó una herramienta")

    conversation = TenantForeignKey(Conversation, related_name="turns")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    engine = models.CharField(max_length=10, choices=Engine, default=Engine.RULES)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    error = models.CharField(max_length=200, blank=True)
    upto_message_id = models.BigIntegerField(default=0)
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    request_key = models.CharField(max_length=200, null=True, blank=True, editable=False)  # noqa: DJ001

    class Meta(TenantModel.Meta):
        db_table = "turns"
        constraints = [models.UniqueConstraint(fields=["tenant", "request_key"], name="turns_request_key")]
        verbose_name = _("respuesta de la recepcionista")
        verbose_name_plural = _("respuestas de la recepcionista")

    def __str__(self):
        return f"{self.conversation_id}: {self.get_outcome_display()}"

    @property
    def seconds(self):
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at else None


class TurnRound(TenantModel):
    """One time that the model was asked in a turn. The row is there before the question: a worker that dies leaves it
    without an outcome. It holds no word of the talk; what the model asked for are the steps of the round."""

    class Outcome(models.TextChoices):
        ASKED = "asked", _("Sin respuesta")
        ANSWERED = "answered", _("Contestó")
        CALLED = "called", _("Usó herramientas")
        FAILED = "failed", _("Falló")
        SPENT = "spent", _("No se le preguntó")

    turn = TenantForeignKey(Turn, related_name="rounds")
    position = models.PositiveSmallIntegerField()
    model = models.CharField(max_length=80)
    temperature = models.DecimalField(max_digits=3, decimal_places=2, null=True, blank=True)
    prompt_hash = models.CharField(max_length=64, blank=True)  # sha256 of the talk and the tools, as they were sent
    started_at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField(default=0)
    prompt_tokens = models.PositiveIntegerField(default=0)
    completion_tokens = models.PositiveIntegerField(default=0)
    estimated = models.BooleanField(default=False)  # nobody said how many tokens they were
    cost = models.DecimalField(max_digits=14, decimal_places=6, null=True, blank=True)  # US$; null: no known price
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.ASKED)
    finish = models.CharField(max_length=40, blank=True)  # why it ended, as the provider says
    error = models.CharField(max_length=80, blank=True)
    caught = models.JSONField(default=list, blank=True)  # what the guard found in its text

    class Meta(TenantModel.Meta):
        db_table = "turn_rounds"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "turn", "position"], name="turn_rounds_position_key")]

    def __str__(self):
        return f"{self.turn_id}.{self.position} {self.outcome}"

    @property
    def tokens(self) -> int:
        return self.prompt_tokens + self.completion_tokens


class TurnStep(TenantModel):
    """One tool she used in a turn: what she asked and what it answered. Without a round it was no model's wish."""

    turn = TenantForeignKey(Turn, related_name="steps")
    round = TenantForeignKey(TurnRound, null=True, blank=True, related_name="steps")
    position = models.PositiveSmallIntegerField()
    tool = models.CharField(max_length=60)
    arguments = models.JSONField(default=dict, blank=True)
    result = models.JSONField(default=dict, blank=True)
    refused = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField(default=0)
    tokens = models.PositiveIntegerField(default=0)

    class Meta(TenantModel.Meta):
        db_table = "turn_steps"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "turn", "position"], name="turn_steps_position_key")]

    def __str__(self):
        return f"{self.turn_id}.{self.position} {self.tool}"
