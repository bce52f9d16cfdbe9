from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from clinics.patients import alerts, words
from clinics.tenancy import TenantForeignKey, TenantModel, TenantQuerySet


class PatientQuerySet(TenantQuerySet):
    def live(self):
        return self.exclude(status=Patient.Status.ARCHIVED)

    def search(self, text):
        """Each word of `text` begins a word of the patient: names, document, the ends of the phone.

        Reads `>=` and `<`, for under a row policy no other operator of text uses an index.
        """
        found = self
        for start, end in words.spans(text):
            found = found.filter(Exists(
                PatientWord.objects.filter(patient=OuterRef("pk"), word__gte=start, word__lt=end)))
        return found


class Patient(TenantModel):
    class Status(models.TextChoices):
        GUEST = "guest", _("Invitado")
        ACTIVE = "active", _("Activo")
        ARCHIVED = "archived", _("Archivado")

    first_name = models.CharField(_("nombre"), max_length=80)
    last_name = models.CharField(_("apellido"), max_length=80)
    folded = models.CharField(max_length=170, editable=False)
    document_type = models.CharField(_("tipo de documento"), max_length=20, default="DNI")
    dni = models.CharField(_("documento"), max_length=20, null=True, blank=True)  # noqa: DJ001  (unique where known)
    birth_on = models.DateField(_("fecha de nacimiento"), null=True, blank=True)
    phone = models.CharField(_("teléfono"), max_length=20, blank=True)
    phone_unproved = models.BooleanField(default=False, db_default=False, editable=False)  # said by who has it not
    email = models.EmailField(_("correo"), blank=True)
    insurance = models.CharField(_("obra social"), max_length=80, blank=True)
    member_number = models.CharField(_("número de afiliado"), max_length=40, blank=True)
    status = models.CharField(_("estado"), max_length=10, choices=Status, default=Status.ACTIVE)
    guardian = TenantForeignKey("self", null=True, blank=True, verbose_name=_("responsable"))
    medical_history = models.JSONField(_("antecedentes"), default=dict, blank=True, editable=False)
    record_head = models.CharField(max_length=64, blank=True, editable=False)
    record_count = models.PositiveIntegerField(default=0, editable=False)
    key = models.CharField(max_length=200, null=True, blank=True, editable=False)  # noqa: DJ001  (one per submission)
    created_at = models.DateTimeField(editable=False)

    objects = PatientQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        db_table = "patients"
        verbose_name = _("paciente")
        verbose_name_plural = _("pacientes")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "document_type", "dni"], name="patients_dni_live",
                condition=Q(dni__isnull=False) & ~Q(status="archived")),
            models.UniqueConstraint(fields=["tenant", "key"], name="patients_key_key"),
        ]

    def __str__(self):
        return self.name

    @property
    def name(self):
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def initials(self):
        return (self.first_name[:1] + self.last_name[:1]).upper()

    @property
    def alerts(self):
        return alerts.read(self.medical_history)

    def age_on(self, day):
        if self.birth_on is None:
            return None
        return day.year - self.birth_on.year - ((day.month, day.day) < (self.birth_on.month, self.birth_on.day))


class PatientWord(TenantModel):
    """One folded word by which a patient is found; rewritten by intake whenever the patient changes."""

    patient = TenantForeignKey(Patient, on_delete=models.CASCADE)
    word = models.CharField(max_length=80, db_collation="C")

    class Meta(TenantModel.Meta):
        db_table = "patient_words"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "word", "patient"], name="patient_words_word_key")]

    def __str__(self):
        return self.word
