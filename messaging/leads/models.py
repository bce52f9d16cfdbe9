"""Who may become a patient, who sells to them, and each step of it. An optional module: its tables may be missing."""
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinics.models import Membership
from clinics.patients.models import Patient
from clinics.tenancy import TenantForeignKey, TenantModel, TenantQuerySet
from messaging.models import Conversation


class Stage(models.TextChoices):
    NEW = "new", _("Nuevo")
    CONTACTED = "contacted", _("Contactado")
    QUALIFIED = "qualified", _("Calificado")
    PROPOSAL = "proposal", _("Con propuesta")
    WON = "won", _("Ganado")
    LOST = "lost", _("Perdido")
    ARCHIVED = "archived", _("Archivado")
    SPAM = "spam", _("No deseado")


class Source(models.TextChoices):
    WHATSAPP = "whatsapp", _("WhatsApp")
    INSTAGRAM = "instagram", _("Instagram")
    FACEBOOK = "facebook", _("Facebook")
    WEB = "web", _("Web")
    PHONE = "phone", _("Teléfono")
    REFERRAL = "referral", _("Recomendación")
    IMPORT = "import", _("Importado")
    OTHER = "other", _("Otro")


CLOSED = (Stage.WON, Stage.LOST, Stage.ARCHIVED, Stage.SPAM)
GIVEN_UP = (Stage.LOST, Stage.ARCHIVED, Stage.SPAM)  # nobody reaches the person through these


class Seller(TenantModel):
    """A member who works leads: setter or closer is what their membership's role says."""

    membership = TenantForeignKey(Membership, verbose_name=_("miembro"))
    active = models.BooleanField(_("activo"), default=True)  # gets leads
    most_open = models.PositiveSmallIntegerField(_("máximo abiertos"), null=True, blank=True)  # none: no limit
    created_at = models.DateTimeField(_("desde"))

    class Meta(TenantModel.Meta):
        db_table = "sellers"
        verbose_name = _("vendedor")
        verbose_name_plural = _("vendedores")
        constraints = [models.UniqueConstraint(fields=["tenant", "membership"], name="sellers_membership_key")]

    def __str__(self):
        return str(self.membership.user)


class LeadQuerySet(TenantQuerySet):
    def open(self):
        return self.exclude(stage__in=CLOSED)

    def waiting(self):
        """New, and nobody's."""
        return self.filter(stage=Stage.NEW, setter=None, closer=None)

    def of_setter(self, membership_id):
        return self.filter(setter__in=Seller.objects.filter(membership=membership_id))

    def of_closer(self, membership_id):
        return self.filter(closer__in=Seller.objects.filter(membership=membership_id))

    def not_given_up(self):
        return self.exclude(stage__in=GIVEN_UP)

    def newest_first(self):
        return self.order_by("-created_at", "-pk")

    def with_names(self):
        return self.select_related("setter__membership__user", "closer__membership__user")


class Lead(TenantModel):
    """Somebody who asked and is not a patient yet. What they say of their health stays in the conversation."""

    Stage, Source = Stage, Source

    source = models.CharField(_("origen"), max_length=20, choices=Source, default=Source.OTHER)
    campaign = models.CharField(_("campaña"), max_length=120, blank=True)
    name = models.CharField(_("nombre"), max_length=120, blank=True)
    phone = models.CharField(_("teléfono"), max_length=20, blank=True)  # E.164
    email = models.EmailField(_("correo"), blank=True)
    interest = models.CharField(_("qué busca"), max_length=200, blank=True)
    stage = models.CharField(_("etapa"), max_length=20, choices=Stage, default=Stage.NEW)
    score = models.PositiveSmallIntegerField(_("puntaje"), null=True, blank=True)  # 0 to 100; none: not scored
    setter = TenantForeignKey(Seller, null=True, blank=True, verbose_name=_("captación"))
    closer = TenantForeignKey(Seller, null=True, blank=True, verbose_name=_("cierre"))
    conversation = TenantForeignKey(Conversation, null=True, blank=True, verbose_name=_("conversación"))
    patient = TenantForeignKey(Patient, null=True, blank=True, verbose_name=_("paciente"))
    lost_reason = models.CharField(_("por qué se perdió"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("creado"))
    stage_at = models.DateTimeField(_("en esta etapa desde"))
    handed_at = models.DateTimeField(_("derivado a las"), null=True, blank=True)
    closed_at = models.DateTimeField(_("cerrado a las"), null=True, blank=True)

    objects = LeadQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        db_table = "leads"
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "conversation"], condition=Q(closed_at=None), name="leads_one_open"),
            models.CheckConstraint(condition=Q(score=None) | Q(score__lte=100), name="leads_score"),
            models.CheckConstraint(
                condition=Q(stage__in=CLOSED, closed_at__isnull=False) | (~Q(stage__in=CLOSED) & Q(closed_at=None)),
                name="leads_closed"),
            models.CheckConstraint(
                condition=~Q(stage=Stage.WON) | Q(patient__isnull=False), name="leads_won_is_a_patient"),
        ]

    def __str__(self):
        return self.name or self.phone or f"lead {self.pk}"


class LeadEventQuerySet(TenantQuerySet):
    def of(self, lead):
        return self.filter(lead=lead).order_by("pk")


class LeadEvent(TenantModel):
    """A step of a lead, with who and when; a refused move too. The application may add and read, never change."""

    class Kind(models.TextChoices):
        CREATED = "created", _("Llegó")
        TAKEN = "taken", _("Lo tomó")
        MOVED = "moved", _("Cambió de etapa")
        HANDED = "handed", _("Lo derivó")
        NOTED = "noted", _("Anotó")
        REFUSED = "refused", _("Movimiento rechazado")

    lead = TenantForeignKey(Lead)
    kind = models.CharField(max_length=20, choices=Kind)
    from_stage = models.CharField(max_length=20, blank=True)
    to_stage = models.CharField(max_length=20, blank=True)
    note = models.TextField(blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    role = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()

    objects = LeadEventQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        db_table = "lead_events"
        verbose_name = _("paso de un lead")
        verbose_name_plural = _("pasos de leads")

    def __str__(self):
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"
