from django.db import models
from django.utils.translation import gettext_lazy as _

from clinics.tenancy import TenantModel


class LanguageModel(TenantModel):
    """Which model thinks for a clinic's receptionist, and how much it may spend in a month. At most one row; what is
    blank or null is the installation's, and a budget that is null has no end."""

    model = models.CharField(max_length=80, blank=True)
    temperature = models.DecimalField(max_digits=3, decimal_places=2, null=True, blank=True)  # null: not sent
    budget_usd = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    budget_tokens = models.BigIntegerField(null=True, blank=True)
    price_in = models.DecimalField(max_digits=10, decimal_places=4, null=True, blank=True)  # US$ a million tokens
    price_out = models.DecimalField(max_digits=10, decimal_places=4, null=True, blank=True)
    price_minute = models.DecimalField(max_digits=10, decimal_places=4, null=True, blank=True)  # US$, of what is heard
    budget_minutes = models.PositiveIntegerField(null=True, blank=True)
    changed_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True, blank=True, editable=False)  # by a person's button
    tried_model = models.CharField(max_length=80, blank=True, default="", db_default="", editable=False)
    tried_error = models.CharField(max_length=80, blank=True, default="", db_default="", editable=False)  # "" is well
    tried_milliseconds = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    class Meta(TenantModel.Meta):
        db_table = "language_models"
        verbose_name = _("modelo de la recepcionista")
        constraints = [models.UniqueConstraint(fields=["tenant"], name="language_models_one_key")]

    def __str__(self):
        return self.model or "-"


class ModelUsage(TenantModel):
    """What the model has used in one month of the clinic's own calendar. A round that is under way is counted by its
    estimate, and so is one whose end nobody heard."""

    month = models.DateField()  # its first day
    rounds = models.PositiveIntegerField(default=0)
    prompt_tokens = models.BigIntegerField(default=0)
    completion_tokens = models.BigIntegerField(default=0)
    cost = models.DecimalField(max_digits=14, decimal_places=6, default=0)  # US$, of the rounds whose price was known
    unpriced_tokens = models.BigIntegerField(default=0)
    audio_seconds = models.BigIntegerField(default=0, db_default=0)
    unpriced_seconds = models.BigIntegerField(default=0, db_default=0)
    told = models.PositiveSmallIntegerField(default=0)  # the part of the budget that staff were last told of: 80, 100

    class Meta(TenantModel.Meta):
        db_table = "model_usage"
        constraints = [models.UniqueConstraint(fields=["tenant", "month"], name="model_usage_month_key")]

    def __str__(self):
        return f"{self.month:%Y-%m}: {self.tokens}"

    @property
    def tokens(self) -> int:
        return self.prompt_tokens + self.completion_tokens
