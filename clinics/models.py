"""Who: clinics, the people who work in them, and what the kernel keeps for them."""
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinics import hours
from clinics.access import Actor, Role
from clinics.tenancy import TenantForeignKey, TenantModel, TenantOneToOneField, TenantQuerySet


def check_hours(value):
    for path, fault in hours.faults(value):
        raise ValidationError(f"{path}: {fault}")


class Tenant(models.Model):
    """A clinic. Global: it is what every other row belongs to."""

    id = models.AutoField(primary_key=True)
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    timezone = models.CharField(max_length=60, default="America/Argentina/Buenos_Aires")
    country = models.CharField(max_length=2, default="AR")
    currency = models.CharField(max_length=3, default="ARS")
    phone = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=200, blank=True)
    addresses = models.JSONField(default=dict, blank=True)  # {"0": "…"}: where the clinic attends on that weekday
    working_hours = models.JSONField(default=hours.closed_week, validators=[check_hours])
    consultation_price = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    emergency_number = models.CharField(max_length=20, default="107")
    emergency_advice = models.TextField(blank=True)
    receptionist_name = models.CharField(max_length=60, blank=True)
    slot_step = models.PositiveSmallIntegerField(default=15)  # minutes of the wall clock, from local midnight
    buffer_minutes = models.PositiveSmallIntegerField(default=0)
    minimum_notice = models.PositiveIntegerField(default=120)  # minutes
    horizon_days = models.PositiveSmallIntegerField(default=90)
    hold_minutes = models.PositiveSmallIntegerField(default=10)
    offer_minutes = models.PositiveSmallIntegerField(default=30)
    quiet_seconds = models.PositiveSmallIntegerField(default=8)
    quiet_max_seconds = models.PositiveSmallIntegerField(default=25)
    second_factor_required = models.BooleanField(default=False, db_default=False)
    holiday_region = models.CharField(max_length=10, blank=True, default="", db_default="")  # "" is the whole country
    closes_on_holidays = models.BooleanField(default=True, db_default=True)
    return_hours = models.PositiveSmallIntegerField(default=12, db_default=12)  # without a word of staff; 0: never
    created_at = models.DateTimeField()

    class Meta:
        db_table = "tenants"

    def __str__(self):
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def address_on(self, day) -> str:
        return self.addresses.get(str(day.weekday())) or self.address


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **extra):
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, email):
        return self.get(email=email.strip().lower())


class User(AbstractBaseUser):
    """A person who may log in. Global: what they may do is said by their membership in each clinic."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    last_tenant = models.ForeignKey(Tenant, models.SET_NULL, null=True, blank=True, related_name="+")
    email_confirmed_at = models.DateTimeField(null=True, blank=True)
    sessions_from = models.DateTimeField(null=True, blank=True)  # what began before is over, in every clinic
    created_at = models.DateTimeField()
    objects = UserManager()

    USERNAME_FIELD = "email"
    is_staff = False  # Django's admin asks the membership, not the user

    class Meta:
        db_table = "users"

    def __str__(self):
        return self.name or self.email

    def has_perm(self, *args, **kwargs):
        return False

    def has_module_perms(self, *args, **kwargs):
        return False


class Membership(TenantModel):
    class Status(models.TextChoices):
        PENDING = "pending", _("Pendiente")
        ACTIVE = "active", _("Activa")
        SUSPENDED = "suspended", _("Suspendida")

    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=20, choices=Role.choices)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.PENDING)
    created_at = models.DateTimeField()
    activated_at = models.DateTimeField(null=True, blank=True)
    activated_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)

    class Meta(TenantModel.Meta):
        db_table = "memberships"
        verbose_name = _("miembro")
        verbose_name_plural = _("miembros")
        constraints = [models.UniqueConstraint(fields=["tenant", "user"], name="memberships_user_key")]

    def __str__(self):
        return f"{self.user} ({self.get_role_display()})"

    @property
    def is_active(self):
        return self.status == self.Status.ACTIVE and self.user.is_active

    @property
    def actor(self) -> Actor:
        professional = getattr(self, "professional", None)
        return Actor(
            kind="staff", role=self.role if self.is_active else "", user_id=self.user_id, membership_id=self.pk,
            name=self.user.name, professional_id=professional.pk if professional else None,
            holder=f"user:{self.user_id}")


class ProfessionalQuerySet(TenantQuerySet):
    def active(self):
        return self.filter(active=True)

    def in_order(self):
        return self.order_by("folded", "pk")


class Professional(TenantModel):
    membership = TenantOneToOneField(
        Membership, models.PROTECT, null=True, blank=True, related_name="professional")
    title = models.CharField(max_length=12, blank=True)
    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80)
    folded = models.CharField(max_length=170, editable=False)
    licence = models.CharField(max_length=40, blank=True)
    specialty = models.CharField(max_length=80, blank=True)
    color = models.CharField(max_length=20, blank=True)
    working_hours = models.JSONField(null=True, blank=True, validators=[check_hours])  # none: the clinic's
    google_calendar_id = models.CharField(max_length=200, blank=True)
    active = models.BooleanField(default=True)
    objects = ProfessionalQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        db_table = "professionals"
        verbose_name = _("profesional")
        verbose_name_plural = _("profesionales")
        constraints = [models.UniqueConstraint(fields=["tenant", "membership"], name="professionals_membership_key")]

    def __str__(self):
        return self.name

    @property
    def name(self):
        return " ".join(part for part in (self.title, self.first_name, self.last_name) if part)

    @property
    def initials(self):
        return f"{self.first_name[:1]}{self.last_name[:1]}".upper()


class SessionQuerySet(TenantQuerySet):
    def open(self, now):
        """Those that hold: not ended, neither one by one nor by what ends all of a person's, and still renewed."""
        renewable = now - settings.SIMPLE_JWT["REFRESH_TOKEN_LIFETIME"]
        return self.filter(ended_at=None, expires_at__gt=now, renewed_at__gt=renewable).filter(
            models.Q(membership__user__sessions_from=None)
            | models.Q(started_at__gte=models.F("membership__user__sessions_from")))

    def of(self, membership):
        return self.filter(membership=membership)


class Session(TenantModel):
    """One login of a member. Tokens name it and are worth nothing once it has ended."""

    membership = TenantForeignKey(Membership)
    current = models.CharField(max_length=64)  # the only refresh token that renews it, by its jti
    previous = models.CharField(max_length=64, blank=True)
    bearer = models.BooleanField(default=False)
    second_factor = models.BooleanField(default=False)
    ip = models.GenericIPAddressField(null=True, blank=True)
    agent = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField()
    renewed_at = models.DateTimeField()
    expires_at = models.DateTimeField()  # however often it is renewed
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=20, blank=True)
    objects = SessionQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        db_table = "sessions"
        verbose_name = _("sesión")
        verbose_name_plural = _("sesiones")

    def __str__(self):
        return f"{self.membership_id} {self.started_at:%Y-%m-%d %H:%M}"


class SecondFactor(models.Model):
    """A person's authenticator app. Global, like the person: asked before a clinic is chosen."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="+")
    secret = models.TextField()  # sealed under the vault's ring
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_step = models.BigIntegerField(default=0)  # of 30 s: a code is good once

    class Meta:
        db_table = "second_factors"

    def __str__(self):
        return str(self.user_id)


class RecoveryCode(models.Model):
    """A code that replaces the second factor once. Only its digest is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    digest = models.CharField(max_length=200)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "recovery_codes"

    def __str__(self):
        return str(self.user_id)


class PublicRoute(models.Model):
    """Where an unguessable public address leads. Global: it is asked before a tenant is known, and holds no secret."""

    digest = models.CharField(max_length=64, primary_key=True)  # sha256 of kind and address
    kind = models.CharField(max_length=20)
    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+", db_index=False)
    row_id = models.BigIntegerField()

    class Meta:
        db_table = "public_routes"

    def __str__(self):
        return f"{self.kind} {self.row_id}"


class Credential(TenantModel):
    """A secret of a clinic, encrypted. Only clinics/vault.py reads it."""

    name = models.CharField(max_length=120)
    ciphertext = models.TextField()
    key_id = models.CharField(max_length=40)
    updated_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "credentials"
        verbose_name = _("credencial")
        verbose_name_plural = _("credenciales")
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="credentials_name_key")]

    def __str__(self):
        return self.name


class SystemEvent(TenantModel):
    """Who did what, from where. The application may add and read, never change."""

    at = models.DateTimeField()
    event = models.CharField(max_length=60)
    severity = models.CharField(max_length=10, default="info")
    actor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    role = models.CharField(max_length=20, blank=True)
    ip = models.GenericIPAddressField(null=True, blank=True)
    method = models.CharField(max_length=10, blank=True)
    path = models.CharField(max_length=200, blank=True)
    payload = models.JSONField(default=dict, blank=True)

    class Meta(TenantModel.Meta):
        db_table = "system_events"
        verbose_name = _("suceso del sistema")
        verbose_name_plural = _("sucesos del sistema")

    def __str__(self):
        return f"{self.event} {self.at:%Y-%m-%d %H:%M}"



class AuditSeal(TenantModel):
    """A hash over a run of system events and the seal before: a changed or missing row shows."""

    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    rows = models.PositiveIntegerField()
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "audit_seals"
        verbose_name = _("sello")
        verbose_name_plural = _("sellos")
        constraints = [models.UniqueConstraint(fields=["tenant", "first_id"], name="audit_seals_first_key")]

    def __str__(self):
        return f"{self.first_id}–{self.last_id}"
