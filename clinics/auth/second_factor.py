"""The second factor: a code of an authenticator app (RFC 6238), and ten recovery codes for whoever lost the phone.

A code is good once: the step that it was of is kept, and only a later one is taken.
"""
import logging
import secrets

import pyotp
import segno
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clinics import audit, limits, tenancy, vault
from clinics.models import RecoveryCode, SecondFactor
from dentalogic.lib import clock
from dentalogic.lib.crypto import CannotOpen
from dentalogic.lib.refusals import Refusal

log = logging.getLogger(__name__)

PAGE = "/account/second-factor/"
# Where a member goes who lacks the second factor that the clinic asks for: there, and out.
MAY_WITHOUT = (PAGE, "/login", "/logout", "/switch", "/language", "/auth/", "/password/", "/email/")
STEP = 30  # seconds a code lasts
NEAR = (0, -1, 1)  # steps: a phone's clock is a little off, a person a little slow
DIGITS = 6
CODES = 10
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that is read as something else
LENGTH = 10


class CodeNeeded(Refusal):
    """The password was right; the code is missing."""

    code = "second_factor_needed"
    status = 401
    detail = _("Falta el código de tu segundo factor.")

    def __init__(self, user=None):
        self.user = user
        super().__init__()


class WrongCode(Refusal):
    code = "wrong_code"
    status = 401
    detail = _("El código no es correcto o ya se usó. Esperá el siguiente y probá de nuevo.")

    def __init__(self, user=None):
        self.user = user
        super().__init__(fields={"code": [self.detail]})


class Required(Refusal):
    code = "second_factor_required"
    status = 403
    detail = _("Tu clínica pide un segundo factor. Activalo para seguir.")


class AlreadyOn(Refusal):
    code = "second_factor_on"
    status = 409
    detail = _("El segundo factor ya está activo.")


class NotOn(Refusal):
    code = "second_factor_off"
    status = 409
    detail = _("El segundo factor no está activo.")


def missing(session) -> bool:
    """Whether the clinic asks for a second factor that this session has not shown. No query."""
    return session.membership.tenant.second_factor_required and not session.second_factor


def of(user) -> SecondFactor | None:
    """The person's factor in use."""
    return SecondFactor.objects.filter(pk=user.pk).exclude(confirmed_at=None).first()


def codes_left(user) -> int:
    return RecoveryCode.objects.filter(user_id=user.pk, used_at=None).count()


def demand(user, code: str) -> str:
    """What was shown: "app", "recovery", or "" for a person without a second factor.

    Raises CodeNeeded, WrongCode, TooMany."""
    factor = of(user)
    if factor is None:
        return ""
    if not code:
        raise CodeNeeded(user)
    limits.code(user.pk)
    shown = _shown(factor, code)
    if not shown:
        raise WrongCode(user)
    return shown


@tenancy.atomic
def begin(*, user, by) -> SecondFactor:
    """A new secret, worth nothing until a code of it comes back."""
    if of(user):
        raise AlreadyOn
    sealed = vault.ring().seal(pyotp.random_base32(), belongs_to=_place(user.pk))
    factor, _made = SecondFactor.objects.update_or_create(
        user_id=user.pk, defaults={"secret": sealed, "confirmed_at": None, "last_step": 0})
    audit.log_security_event("second_factor.begun", by=by, user=user.pk)
    return factor


@tenancy.atomic
def cancel(*, user, by) -> None:
    """What was begun and not confirmed."""
    if SecondFactor.objects.filter(pk=user.pk, confirmed_at=None).delete()[0]:
        audit.log_security_event("second_factor.off", by=by, user=user.pk)


@tenancy.atomic
def confirm(*, user, code: str, by) -> list[str]:
    """The app has the secret: the factor is on. Returns the recovery codes, which nobody can read again."""
    factor = SecondFactor.objects.select_for_update().filter(pk=user.pk).first()
    if factor is None:
        raise NotOn
    if factor.confirmed_at:
        raise AlreadyOn
    limits.code(user.pk)
    if not _app_code(factor, _plain(code)):
        raise WrongCode(user)
    SecondFactor.objects.filter(pk=factor.pk).update(confirmed_at=clock.now())
    audit.log_security_event("second_factor.on", by=by, severity="warning", user=user.pk)
    return _new_codes(user)


@tenancy.atomic
def show(*, session, code: str, by) -> None:
    """A session that was begun without the second factor shows it."""
    if not demand(session.membership.user, code):
        raise NotOn
    type(session).objects.filter(pk=session.pk).update(second_factor=True)
    audit.log_security_event("second_factor.shown", by=by, session=session.pk)


@tenancy.atomic
def new_codes(*, user, code: str, by) -> list[str]:
    """Other recovery codes; the ones before are worth nothing."""
    if not demand(user, code):
        raise NotOn
    audit.log_security_event("second_factor.codes", by=by, severity="warning", user=user.pk)
    return _new_codes(user)


@tenancy.atomic
def turn_off(*, user, code: str, by) -> None:
    if tenancy.here().second_factor_required:
        raise Required(_("Tu clínica pide un segundo factor: no se puede desactivar."))
    if not demand(user, code):
        raise NotOn
    forget(user)
    audit.log_security_event("second_factor.off", by=by, severity="warning", user=user.pk)


@transaction.atomic
def forget(user) -> None:
    RecoveryCode.objects.filter(user_id=user.pk).delete()
    SecondFactor.objects.filter(pk=user.pk).delete()


def secret_of(factor) -> str:
    return vault.ring().open(factor.secret, belongs_to=_place(factor.pk))


def drawing(factor, user) -> str:
    """The QR code that an authenticator app reads, as a `data:` address of an SVG."""
    uri = pyotp.TOTP(secret_of(factor)).provisioning_uri(name=user.email, issuer_name="Dentalogic")
    return segno.make(uri, error="m").svg_data_uri(scale=4, border=4, dark="#000", light="#fff")


def _place(user_id):
    return f"user:{user_id}:second_factor"


def _plain(code):
    return "".join(letter for letter in code if letter.isalnum()).lower()


def _shown(factor, code):
    plain = _plain(code)
    if len(plain) == DIGITS:
        return "app" if _app_code(factor, plain) else ""
    return "recovery" if len(plain) == LENGTH and _recovery_code(factor, plain) else ""


def _app_code(factor, code):
    """Take the code if it is of a step near the present and later than the last one taken."""
    try:
        totp = pyotp.TOTP(secret_of(factor))
    except CannotOpen:
        log.error("the second factor of user %s does not open: its key is not in the ring", factor.pk)
        return False
    present = int(clock.outside().timestamp()) // STEP
    steps = [present + near for near in NEAR if pyotp.utils.strings_equal(totp.generate_otp(present + near), code)]
    return any(_take(factor, step) for step in steps)


def _take(factor, step):
    """Of two requests with one code, one wins."""
    return SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step).update(last_step=step) == 1


def _recovery_code(factor, code):
    for row in RecoveryCode.objects.filter(user_id=factor.pk, used_at=None).order_by("pk"):
        if check_password(code, row.digest):
            return RecoveryCode.objects.filter(pk=row.pk, used_at=None).update(used_at=clock.now()) == 1
    return False


def _new_codes(user):
    codes = ["".join(secrets.choice(ALPHABET) for _letter in range(LENGTH)) for _code in range(CODES)]
    RecoveryCode.objects.filter(user_id=user.pk).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user_id=user.pk, digest=make_password(code)) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]
