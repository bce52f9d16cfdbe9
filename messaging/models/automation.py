from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agenda.models import Appointment
from clinics.patients.models import Patient
from clinics.tenancy import TenantForeignKey, TenantModel, TenantQuerySet
from messaging.models.conversation import Conversation
from messaging.models.message import ChatMessage
from messaging.models.template import Template


class Automation(TenantModel):
    """Something that works by itself: whether it does, and how. What is null is as `automations.kinds` has it.

    Without a row the receptionist works, and what writes to patients does not.
    """

    class Kind(models.TextChoices):
        RECEPTIONIST = "receptionist", _("Recepcionista")
        BOOKED = "booked", _("Turno dado o cambiado")
        REMINDER = "reminder", _("Recordatorio")
        BEFORE = "before", _("Indicaciones previas")
        MISSED = "missed", _("Faltó al turno")
        AFTER_VISIT = "after_visit", _("Después de la visita")
        AFTER = "after", _("Indicaciones posteriores")
        WAITLIST = "waitlist", _("Lista de espera")
        PAYMENT = "payment", _("Saldo pendiente")
        REACTIVATION = "reactivation", _("Volver a controlarse")

    kind = models.CharField(_("qué"), max_length=40, choices=Kind)
    enabled = models.BooleanField(_("encendida"), default=True)
    changed_at = models.DateTimeField()
    template = TenantForeignKey(Template, null=True, blank=True)  # for who did not write in the last 24 hours
    meanings = models.JSONField(default=list, db_default=[], blank=True)
    text = models.TextField(_("texto"), default="", db_default="", blank=True)  # for who did; "" is ours
    sends_from = models.TimeField(null=True, blank=True)  # the clinic's wall clock
    sends_until = models.TimeField(null=True, blank=True)
    distance = models.PositiveSmallIntegerField(null=True, blank=True)  # in the unit of its kind
    cap = models.PositiveSmallIntegerField(null=True, blank=True)  # for a patient, in `cap_days`
    cap_days = models.PositiveSmallIntegerField(null=True, blank=True)
    asks_before_cancelling = models.BooleanField(default=True, db_default=True)

    class Meta(TenantModel.Meta):
        db_table = "automations"
        verbose_name = _("automatización")
        verbose_name_plural = _("automatizaciones")
        constraints = [models.UniqueConstraint(fields=["tenant", "kind"], name="automations_kind_key")]

    def __str__(self):
        return self.get_kind_display()


class AutomationRunQuerySet(TenantQuerySet):
    def due(self, now):
        return self.filter(state=AutomationRun.State.DUE, due_at__lte=now)

    def sent(self):
        return self.filter(state=AutomationRun.State.SENT)


class AutomationRun(TenantModel):
    """One rule for one case: a visit at its time, a debt as it stood, an offer. It was sent, or why it was not.

    The key is unique: however many jobs find the case, it is decided once.
    """

    class State(models.TextChoices):
        DUE = "due", _("Por enviar")
        SENT = "sent", _("Enviado")
        UNSENT = "unsent", _("No se envió")

    kind = models.CharField(max_length=40, choices=Automation.Kind)
    key = models.CharField(max_length=100)
    state = models.CharField(max_length=10, choices=State, default=State.DUE)
    reason = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    patient = TenantForeignKey(Patient)
    appointment = TenantForeignKey(Appointment, null=True, blank=True)
    visit_at = models.DateTimeField(null=True, blank=True)  # the visit's time when this was made
    subject_id = models.BigIntegerField(null=True, blank=True)  # of what is no visit: an offer of the waitlist
    conversation = TenantForeignKey(Conversation, null=True, blank=True)
    message = TenantForeignKey(ChatMessage, null=True, blank=True)

    objects = AutomationRunQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        db_table = "automation_runs"
        verbose_name = _("envío automático")
        verbose_name_plural = _("envíos automáticos")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "kind", "key"], name="automation_runs_key_key"),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(message__isnull=False), name="automation_runs_sent_has_message"),
            models.CheckConstraint(
                condition=~Q(state="unsent") | ~Q(reason=""), name="automation_runs_unsent_has_reason"),
        ]

    def __str__(self):
        return f"{self.kind} {self.key}"


class AutomationLook(TenantModel):
    """That a rule looked for its cases on a day of the clinic, and what it found: a job that finds nothing says so."""

    kind = models.CharField(max_length=40, choices=Automation.Kind)
    on_day = models.DateField()
    looks = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)
    looked_at = models.DateTimeField()
    error = models.CharField(max_length=80, blank=True)  # of the last look, if it failed
    alerted_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        db_table = "automation_looks"
        constraints = [models.UniqueConstraint(fields=["tenant", "kind", "on_day"], name="automation_looks_day_key")]

    def __str__(self):
        return f"{self.kind} {self.on_day}"


class Tap(TenantModel):
    """A button of a message about a visit: what it does, to which visit at which time, in which conversation, once."""

    class Action(models.TextChoices):
        CONFIRM = "confirm", _("Confirmar")
        MOVE = "move", _("Reprogramar")
        CANCEL = "cancel", _("Cancelar")
        CANCEL_YES = "cancel_yes", _("Sí, cancelar")
        CANCEL_NO = "cancel_no", _("No, lo mantengo")

    conversation = TenantForeignKey(Conversation)
    appointment = TenantForeignKey(Appointment)
    action = models.CharField(max_length=12, choices=Action)
    code = models.CharField(max_length=40)
    visit_at = models.DateTimeField()  # the visit's time that the message told
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tapped_at = models.DateTimeField(null=True, blank=True)
    message = TenantForeignKey(ChatMessage, null=True, blank=True)  # the tap
    acted_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta(TenantModel.Meta):
        db_table = "taps"
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="taps_code_key")]

    def __str__(self):
        return f"{self.action} {self.appointment_id}"
