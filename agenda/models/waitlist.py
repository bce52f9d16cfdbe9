from django.conf import settings
from django.db import models
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.utils.translation import gettext_lazy as _

from agenda.when_terms import LIMITS
from clinics.models import Professional
from clinics.patients.models import Patient
from clinics.tenancy import TenantForeignKey, TenantModel, TenantQuerySet

from .appointment import Appointment, Urgency
from .treatment import TreatmentType

PARTS = ("morning", "afternoon", "evening")
PRESSING_FIRST = {"emergency": 0, "urgent": 1}


class WaitlistQuerySet(TenantQuerySet):
    def waiting(self):
        return self.filter(state=WaitlistEntry.State.WAITING)

    def with_names(self):
        return self.select_related("patient", "treatment", "professional", "appointment")

    def best_first(self):
        """The most urgent, then whoever has waited longest."""
        rank = Case(
            *(When(urgency=urgency, then=Value(place)) for urgency, place in PRESSING_FIRST.items()),
            default=Value(len(PRESSING_FIRST)), output_field=IntegerField())
        return self.annotate(rank=rank).order_by("rank", "created_at", "pk")


class WaitlistEntry(TenantModel):
    """A patient who wants an earlier time: for what, with whom, when they can. With `appointment`, the visit that they
    have, which moves to the time that they take."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Espera")
        BOOKED = "booked", _("Tiene turno")
        LEFT = "left", _("Se fue")

    State = State

    patient = TenantForeignKey(Patient, verbose_name=_("paciente"))
    treatment = TenantForeignKey(TreatmentType, verbose_name=_("tratamiento"))
    professional = TenantForeignKey(Professional, null=True, blank=True, verbose_name=_("profesional"))
    appointment = TenantForeignKey(Appointment, null=True, blank=True, verbose_name=_("turno que tiene"))
    urgency = models.CharField(_("urgencia"), max_length=20, choices=Urgency, blank=True, default="")
    weekdays = models.JSONField(_("días"), default=list, blank=True)  # 0 = Monday; none: any
    parts = models.JSONField(_("momentos"), default=list, blank=True)  # of PARTS; none: any
    until_on = models.DateField(_("hasta el día"), null=True, blank=True)
    note = models.CharField(_("nota"), max_length=300, blank=True, default="")
    state = models.CharField(_("estado"), max_length=10, choices=State, default=State.WAITING)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    created_at = models.DateTimeField(_("desde"))
    closed_at = models.DateTimeField(_("hasta"), null=True, blank=True)

    objects = WaitlistQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        db_table = "waitlist_entries"
        verbose_name = _("espera")
        verbose_name_plural = _("lista de espera")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "patient", "treatment"], condition=Q(state="waiting"),
                name="waitlist_entries_waiting_key"),
        ]

    def __str__(self):
        return f"{self.patient}: {self.treatment}"

    @property
    def holder(self):
        return f"waitlist:{self.pk}"

    def suits(self, opening, zone) -> bool:
        """Whether the patient can come then, and it is sooner than what they have."""
        local = opening.start_at.astimezone(zone)
        if self.appointment_id and opening.start_at >= self.appointment.start_at:
            return False
        if self.until_on and local.date() > self.until_on:
            return False
        if self.weekdays and local.weekday() not in self.weekdays:
            return False
        return not self.parts or any(_within(local.time(), part) for part in self.parts)


def _within(hour, part) -> bool:
    low, high = LIMITS[part]
    return (low is None or hour >= low) and (high is None or hour < high)


class FreedTime(TenantModel):
    """Time that a visit gave back while somebody waits. `look_at` is set while it is to be offered."""

    professional = TenantForeignKey(Professional)
    start_at = models.DateTimeField()
    end_at = models.DateTimeField()
    freed_at = models.DateTimeField()
    look_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        db_table = "freed_times"
        verbose_name = _("hora liberada")
        verbose_name_plural = _("horas liberadas")
        constraints = [models.CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="freed_times_span")]

    def __str__(self):
        return f"{self.start_at:%Y-%m-%d %H:%M}"


class WaitlistOfferQuerySet(TenantQuerySet):
    def open(self):
        return self.filter(state=WaitlistOffer.State.OPEN)

    def with_names(self):
        return self.select_related(
            "entry", "entry__patient", "entry__treatment", "entry__professional", "entry__appointment",
            "professional", "freed")


class WaitlistOffer(TenantModel):
    """A time that is held for one who waits, until they say yes, pass, or it runs out."""

    class State(models.TextChoices):
        OPEN = "open", _("Espera respuesta")
        ACCEPTED = "accepted", _("La tomó")
        PASSED = "passed", _("No la quiso")
        EXPIRED = "expired", _("Venció")
        WITHDRAWN = "withdrawn", _("Se retiró")

    class Told(models.TextChoices):
        CALL = "call", _("Llamar")
        WHATSAPP = "whatsapp", _("Avisado por WhatsApp")
        CALLED = "called", _("Se lo llamó")

    State, Told = State, Told

    entry = TenantForeignKey(WaitlistEntry, related_name="offers")
    professional = TenantForeignKey(Professional)
    freed = TenantForeignKey(FreedTime, null=True, blank=True)
    code = models.CharField(max_length=40)  # opaque: what a button carries
    start_at = models.DateTimeField(_("empieza"))
    end_at = models.DateTimeField(_("termina"))
    state = models.CharField(_("estado"), max_length=10, choices=State, default=State.OPEN)
    told = models.CharField(_("aviso"), max_length=10, choices=Told, default=Told.CALL)
    appointment = TenantForeignKey(Appointment, null=True, blank=True)  # what it became
    created_at = models.DateTimeField(_("ofrecido"))
    expires_at = models.DateTimeField(_("vence"))
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = WaitlistOfferQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        db_table = "waitlist_offers"
        verbose_name = _("ofrecimiento")
        verbose_name_plural = _("ofrecimientos")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="waitlist_offers_code_key"),
            models.UniqueConstraint(
                fields=["tenant", "entry"], condition=Q(state="open"), name="waitlist_offers_open_key"),
        ]

    def __str__(self):
        return f"{self.start_at:%Y-%m-%d %H:%M}"

    def is_open(self, now):
        return self.state == self.State.OPEN and self.expires_at > now
