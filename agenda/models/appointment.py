from copy import copy
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agenda.refusals import HoldExpired
from clinics.models import Professional
from clinics.patients.models import Patient
from clinics.tenancy import TenantForeignKey, TenantModel, TenantQuerySet

from .chair import Chair
from .series import Series
from .treatment import TreatmentType

SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(hours=12)  # a CHECK holds it, so that what overlaps a span is found by its start alone


class Status(models.TextChoices):
    HELD = "held", _("Retenido")
    SCHEDULED = "scheduled", _("Reservado")
    CONFIRMED = "confirmed", _("Confirmado")
    ARRIVED = "arrived", _("En sala")
    SEATED = "seated", _("En sillón")
    COMPLETED = "completed", _("Atendido")
    CANCELLED = "cancelled", _("Cancelado")
    NO_SHOW = "no_show", _("Ausente")


class Source(models.TextChoices):
    WHATSAPP = "whatsapp", _("WhatsApp")
    DESK = "desk", _("Mostrador")
    GOOGLE = "google", _("Google")
    API = "api", _("API")


class Urgency(models.TextChoices):
    ROUTINE = "routine", _("De rutina")
    URGENT = "urgent", _("Urgente")
    EMERGENCY = "emergency", _("Emergencia")


TAKES_TIME = (
    Status.HELD, Status.SCHEDULED, Status.CONFIRMED, Status.ARRIVED, Status.SEATED, Status.COMPLETED,
)
AHEAD = (Status.SCHEDULED, Status.CONFIRMED)


class AppointmentQuerySet(TenantQuerySet):
    def overlapping(self, start_at, end_at):
        """By its bounds, never by `during`: under row level security && cannot use an index."""
        return self.filter(start_at__lt=end_at, end_at__gt=start_at, start_at__gt=start_at - LONGEST)

    def of(self, professional):
        return self.filter(professional=professional)

    def standing(self, now):
        """Without the holds that have run out."""
        return self.filter(~Q(status=Status.HELD) | Q(held_until__gt=now))

    def taking_time(self, now):
        return self.standing(now).filter(status__in=TAKES_TIME)

    def held_by(self, holder):
        return self.filter(status=Status.HELD, held_for=holder)

    def expired(self, now):
        return self.filter(status=Status.HELD, held_until__lte=now)

    def upcoming(self, now):
        return self.filter(status__in=AHEAD, start_at__gt=now).order_by("start_at")

    def sharing(self, professional_id, chair_id=None, patient_id=None):
        """Whatever competes for one of these."""
        theirs = Q(professional=professional_id)
        if chair_id:
            theirs |= Q(chair=chair_id)
        if patient_id:
            theirs |= Q(patient=patient_id)
        return self.filter(theirs)

    def locked(self, pk):
        """The row as it is now, and nobody else's until the transaction ends; HoldExpired for a hold that was let go.

        Locked before it is joined: where a rival gave it to another professional meanwhile, one joined statement looks
        at the new row beside the old names, finds that they do not meet, and answers no row.
        """
        if not self.filter(pk=pk).select_for_update().values_list("pk").first():
            raise HoldExpired
        return self.with_names().get(pk=pk)

    def with_names(self):
        return self.select_related("patient", "professional", "treatment")

    def discard(self):
        """Delete holds in one statement; whatever points at an appointment is refused by its foreign key."""
        return self.filter(status=Status.HELD)._raw_delete(self.db)


class Appointment(TenantModel):
    """A visit, or the hold of its time. Written by the verbs of `booking` alone.

    The table also has `during`, the span as a stored range, which the three exclusion constraints compare.
    """

    Status, Source, Urgency = Status, Source, Urgency

    patient = TenantForeignKey(Patient, null=True, blank=True, verbose_name=_("paciente"))
    professional = TenantForeignKey(Professional, verbose_name=_("profesional"))
    chair = TenantForeignKey(Chair, null=True, blank=True, verbose_name=_("sillón"))
    treatment = TenantForeignKey(TreatmentType, verbose_name=_("tratamiento"))
    start_at = models.DateTimeField(_("empieza"))
    end_at = models.DateTimeField(_("termina"))
    status = models.CharField(_("estado"), max_length=20, choices=Status, default=Status.SCHEDULED)
    source = models.CharField(_("origen"), max_length=20, choices=Source, default=Source.DESK)
    urgency = models.CharField(_("urgencia"), max_length=20, choices=Urgency, blank=True, default="")
    reason = models.CharField(_("motivo"), max_length=300, blank=True, default="")
    note = models.TextField(_("nota"), blank=True, default="")
    held_until = models.DateTimeField(_("retenido hasta"), null=True, blank=True)
    held_for = models.CharField(_("retenido para"), max_length=60, blank=True, default="")
    overbooked = models.BooleanField(_("sobreturno"), default=False)
    overbook_reason = models.CharField(_("motivo del sobreturno"), max_length=300, blank=True, default="")
    version = models.IntegerField(_("versión"), default=1)
    idempotency_key = models.CharField(max_length=200, null=True, blank=True, editable=False)  # noqa: DJ001
    idempotency_digest = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    series = TenantForeignKey(Series, null=True, blank=True, editable=False, verbose_name=_("serie"))
    session = models.IntegerField(_("sesión"), null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=_("lo reservó"))
    created_at = models.DateTimeField(_("creado"))
    confirmed_at = models.DateTimeField(_("confirmado a las"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("llegó a las"), null=True, blank=True)
    seated_at = models.DateTimeField(_("pasó a las"), null=True, blank=True)
    completed_at = models.DateTimeField(_("atendido a las"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelado a las"), null=True, blank=True)
    cancel_reason = models.CharField(_("motivo de la cancelación"), max_length=300, blank=True, default="")
    no_show_at = models.DateTimeField(_("ausente a las"), null=True, blank=True)
    google_calendar_event_id = models.CharField(max_length=200, blank=True, default="", editable=False)
    google_calendar_sync_status = models.CharField(max_length=20, blank=True, default="", editable=False)

    objects = AppointmentQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        db_table = "appointments"
        ordering = ["start_at", "id"]
        verbose_name = _("turno")
        verbose_name_plural = _("turnos")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "idempotency_key"], name="appointments_idempotency_key"),
            models.CheckConstraint(
                condition=Q(end_at__gt=F("start_at"), end_at__lte=F("start_at") + LONGEST), name="appointments_span"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="appointments_status"),
            models.CheckConstraint(
                condition=Q(status=Status.HELD) | Q(patient__isnull=False), name="appointments_patient_known"),
            models.CheckConstraint(
                condition=~Q(status=Status.HELD) | (Q(held_until__isnull=False) & ~Q(held_for="")),
                name="appointments_hold_ends"),
            models.CheckConstraint(
                condition=Q(overbooked=False) | ~Q(overbook_reason=""), name="appointments_overbook_reason"),
            models.CheckConstraint(
                condition=Q(series=None, session=None) | Q(series__isnull=False, session__gt=0),
                name="appointments_session_known"),
            models.UniqueConstraint(
                fields=["tenant", "series", "session"],
                condition=Q(series__isnull=False) & ~Q(status__in=("cancelled", "no_show")),
                name="appointments_session_key"),
        ]

    def __str__(self):
        return f"{self.treatment} {self.start_at:%Y-%m-%d %H:%M}"

    @property
    def as_long_as_it_is(self) -> TreatmentType:
        """Its treatment with the length that this visit has, which the desk may have changed: for the engine."""
        treatment = copy(self.treatment)
        treatment.minutes = treatment.minutes_min = max(SHORTEST, self.end_at - self.start_at).seconds // 60
        return treatment

    @property
    def is_hold(self):
        return self.status == Status.HELD

    def has_expired(self, now):
        return self.is_hold and self.held_until <= now
