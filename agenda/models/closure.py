from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agenda import hours
from clinics.models import Professional
from clinics.tenancy import TenantForeignKey, TenantModel, TenantQuerySet

from .chair import Chair


class ClosureQuerySet(TenantQuerySet):
    def overlapping(self, start_at, end_at):
        return self.filter(end_at__gt=start_at, start_at__lt=end_at)

    def touching(self, start_at, end_at):
        """With those that repeat: which of their times do, `Closure.times` says."""
        return self.filter(Q(end_at__gt=start_at) | ~Q(repeats=""), start_at__lt=end_at)


class Closure(TenantModel):
    """A span in which nobody is booked: of the clinic, or of one professional or chair where one is named.

    One of kind "open" is the reverse, of the clinic or of a professional: they attend then, whatever else says that
    they do not; with `usual_hours` in the hours of that weekday, otherwise the whole span. What `repeats` is the same
    wall clock again, each week or each year, and for the last time on `until_on` at the latest.
    """

    class Kind(models.TextChoices):
        CLOSED = "closed", _("Cerrado")
        HOLIDAY = "holiday", _("Feriado")
        LEAVE = "leave", _("Licencia")
        BLOCK = "block", _("Bloqueo")
        OPEN = "open", _("Abierto")

    class Repeats(models.TextChoices):
        NEVER = "", _("Una sola vez")
        WEEKLY = "weekly", _("Cada semana")
        YEARLY = "yearly", _("Cada año")

    start_at = models.DateTimeField(_("desde"))
    end_at = models.DateTimeField(_("hasta"))
    professional = TenantForeignKey(Professional, null=True, blank=True, verbose_name=_("profesional"))
    chair = TenantForeignKey(Chair, null=True, blank=True, verbose_name=_("sillón"))
    kind = models.CharField(_("tipo"), max_length=20, choices=Kind, default=Kind.CLOSED)
    reason = models.CharField(_("motivo"), max_length=200, blank=True, default="")
    repeats = models.CharField(
        _("se repite"), max_length=10, choices=Repeats, blank=True, default=Repeats.NEVER, db_default="")
    until_on = models.DateField(_("hasta el día"), null=True, blank=True)
    usual_hours = models.BooleanField(_("en el horario habitual"), default=False, db_default=False)

    objects = ClosureQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        db_table = "closures"
        ordering = ["start_at"]
        verbose_name = _("cierre")
        verbose_name_plural = _("cierres")
        constraints = [
            models.CheckConstraint(condition=models.Q(end_at__gt=models.F("start_at")), name="closures_span"),
            models.CheckConstraint(condition=Q(until_on=None) | ~Q(repeats=""), name="closures_repeats"),
            models.CheckConstraint(condition=~Q(kind="open") | Q(chair=None), name="closures_opens_no_chair"),
            models.CheckConstraint(condition=Q(usual_hours=False) | Q(kind="open"), name="closures_usual_hours"),
        ]

    @property
    def opens(self):
        return self.kind == self.Kind.OPEN

    def times(self, since, until, zone) -> list[hours.ByHand]:
        """Its times that touch `since` to `until`."""
        kind = (hours.USUAL if self.usual_hours else hours.OPEN) if self.opens else hours.CLOSED
        return [hours.ByHand(kind, self.professional_id, self.chair_id, *span) for span in hours.times(
            self.start_at, self.end_at, self.repeats, self.until_on, since=since, until=until, zone=zone)]

    @property
    def last_at(self):
        """The last minute inside it: of whole days, on the last of them."""
        return self.end_at - timedelta(minutes=1)

    def __str__(self):
        return self.reason or str(self.get_kind_display())
