"""Verbs of the password: change it, ask for a link, set it by a link. Each ends every session but the present one."""
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clinics import audit, limits, tenancy
from clinics.auth import links, mail, sessions
from clinics.auth.memberships import in_each_clinic
from clinics.models import Session, User
from dentalogic.lib import clock
from dentalogic.lib.refusals import Refusal

LONGEST = 200  # characters: a hash of megabytes would be somebody's way to keep us busy


class WeakPassword(Refusal):
    code = "invalid"
    detail = _("Hay datos para corregir.")


class WrongPassword(Refusal):
    code = "wrong_password"
    detail = _("Hay datos para corregir.")

    def __init__(self, field="current"):
        super().__init__(fields={field: [_("La contraseña no es la tuya.")]})


class DeadLink(Refusal):
    code = "dead_link"
    status = 410
    detail = _("Este enlace ya no sirve: venció o ya se usó. Pedí otro.")


def check(password: str, user) -> None:
    """The rules, or WeakPassword with why."""
    try:
        password_validation.validate_password(password, user)
    except ValidationError as fault:
        raise WeakPassword(fields={"password": fault.messages}) from fault
    if len(password) > LONGEST:
        raise WeakPassword(fields={"password": [_("Es demasiado larga: hasta 200 caracteres.")]})


def ask(user, password: str, *, field="current") -> None:
    """The person's own password, before what only they may change. WrongPassword, TooMany."""
    limits.check("password", user.pk)
    if not user.check_password(password):
        raise WrongPassword(field)


@tenancy.atomic
def change(*, user, current: str, new: str, by) -> None:
    ask(user, current)
    check(new, user)
    if current == new:
        raise WeakPassword(fields={"password": [_("Es la misma que ya tenés.")]})
    _set(user, new)
    audit.log_security_event("password.changed", by=by, severity="warning", user=user.pk)


@tenancy.atomic
def rename(*, user, name: str, by) -> None:
    User.objects.filter(pk=user.pk).update(name=name)
    audit.log_security_event("account.renamed", by=by, user=user.pk)


@transaction.atomic
def ask_for_link(*, email: str) -> None:
    """A link by mail, if there is such a person; whoever asks learns nothing, not by the time it takes either."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    mail.later("reset", user)


@transaction.atomic
def reset(*, link: str, new: str, request=None) -> User:
    """By the link that came by mail: who reads it has the address too."""
    user = links.reset.read(link, User.objects.select_for_update())  # of two at once, one
    if user is None:
        raise DeadLink
    check(new, user)
    replace(user, new, request=request)
    _confirmed(user)
    return user


@transaction.atomic
def replace(user, new: str, *, request=None) -> None:
    """Without the present one: who may ask for that has been asked before. Ends every session."""
    _set(user, new)
    for membership in in_each_clinic(user):
        audit.log_security_event(
            "password.reset", request=request, severity="warning", user=user.pk, member=membership.pk)
    end_everywhere(user, why="password")


@transaction.atomic
def confirm_email(*, link: str, current: str, request=None) -> User:
    """By the link and the account's password: whoever reads the letter may be another than who registered, and would
    confirm a stranger's account under their own address."""
    user = links.confirm.read(link)
    if user is None:
        raise DeadLink
    ask(user, current)
    _confirmed(user)
    for membership in in_each_clinic(user):
        audit.log_security_event("email.confirmed", request=request, user=user.pk, member=membership.pk)
    return user


@transaction.atomic
def end_everywhere(user, *, why: str) -> None:
    """Every session of a person, in every clinic: the rows, their sockets, and what no row would stop."""
    User.objects.filter(pk=user.pk).update(sessions_from=clock.now())
    for membership in in_each_clinic(user):
        sessions.end(Session.objects.filter(membership=membership), why=why)


@tenancy.atomic
def only_here(*, member, session, request, why: str, second_factor: bool):
    """End every session of the member's person and begin the present one anew. Returns its refresh token."""
    end_everywhere(member.user, why=why)
    return sessions.begin(
        membership=member, request=request, bearer=session.bearer, second_factor=second_factor)


def _set(user, password):
    user.set_password(password)
    user.save(update_fields=["password"])
    mail.later("password", user)


def _confirmed(user):
    User.objects.filter(pk=user.pk, email_confirmed_at=None).update(email_confirmed_at=clock.now())
