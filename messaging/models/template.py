from django.db import models
from django.utils.translation import gettext_lazy as _

from clinics.tenancy import TenantForeignKey, TenantModel, TenantQuerySet
from messaging.models.channel import Channel


class TemplateQuerySet(TenantQuerySet):
    def of(self, channel):
        return self.filter(channel=channel)

    def approved(self):
        return self.filter(status=Template.Status.APPROVED)

    def by_name(self):
        return self.order_by("name", "language")


class Template(TenantModel):
    """A message that WhatsApp approved for a number, as the provider last told it: what may be sent once the window
    is closed. What is gone there stays here as deleted, for what points at it."""

    class Status(models.TextChoices):
        APPROVED = "approved", _("Aprobada")
        PENDING = "pending", _("En revisión")
        IN_APPEAL = "in_appeal", _("Apelada")
        REJECTED = "rejected", _("Rechazada")
        PAUSED = "paused", _("En pausa")
        DISABLED = "disabled", _("Desactivada")
        ARCHIVED = "archived", _("Archivada")
        DELETED = "deleted", _("Borrada")

    class Category(models.TextChoices):
        UTILITY = "utility", _("Servicio")
        MARKETING = "marketing", _("Promoción")
        AUTHENTICATION = "authentication", _("Autenticación")

    channel = TenantForeignKey(Channel)
    name = models.CharField(_("nombre"), max_length=512)
    language = models.CharField(_("idioma"), max_length=20)
    category = models.CharField(_("categoría"), max_length=20, choices=Category, blank=True)
    status = models.CharField(_("estado"), max_length=20, choices=Status)
    reason = models.CharField(_("motivo"), max_length=200, blank=True)  # the provider's word, of one that was refused
    components = models.JSONField(_("partes"), default=list, blank=True)
    quality = models.CharField(_("calidad"), max_length=20, blank=True)
    synced_at = models.DateTimeField(_("actualizada"))

    objects = TemplateQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        db_table = "templates"
        verbose_name = _("plantilla")
        verbose_name_plural = _("plantillas")
        constraints = [models.UniqueConstraint(
            fields=["tenant", "channel", "name", "language"], name="templates_name_key")]

    def __str__(self):
        return f"{self.name} ({self.language})"

    @property
    def is_marketing(self):
        return self.category == self.Category.MARKETING
