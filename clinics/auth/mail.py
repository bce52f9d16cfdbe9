"""What is written to a person's address, where mail is configured. A job writes it: what it says is made there, so
that no link is ever an argument, and the answer of a page takes the same time whether it writes or not."""
import logging
import re
from dataclasses import dataclass
from smtplib import SMTPException

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from clinics.auth import links
from clinics.models import User

log = logging.getLogger(__name__)
# Letters, and a full stop only before a space: whoever registers a stranger's address chooses the name that we greet
# them by, and a sentence of theirs with an address in it would go out as ours.
NAME = re.compile(r"(?:[^\W\d_]|[ '’-]|\.(?= |$)){1,60}")


@dataclass(frozen=True)
class Letter:
    subject: str
    template: str
    page: str = ""  # where its link goes
    link: object = None  # what makes the link


LETTERS = {
    "confirm": Letter(_("Confirmá tu correo"), "confirm", "/email/confirm", links.confirm),
    "taken": Letter(_("Ya tenés una cuenta"), "taken"),
    "reset": Letter(_("Cambiar tu contraseña"), "reset", "/password/new", links.reset),
    "password": Letter(_("Tu contraseña cambió"), "password"),
    "second_factor_on": Letter(_("Activaste el segundo factor"), "second_factor"),
    "second_factor_off": Letter(_("Desactivaste el segundo factor"), "second_factor"),
}


def offered() -> bool:
    """Whether this installation can write: what needs it is not shown otherwise."""
    return bool(settings.EMAIL_HOST)


def later(kind: str, user) -> None:
    """Once committed, write to the person; to nobody with the same work when there is none. It may be lost with the
    broker: whoever waits for it asks for another."""
    if kind not in LETTERS:
        raise ValueError(kind)
    if offered():
        message = {"kind": kind, "user_id": user.pk if user else 0}
        transaction.on_commit(lambda: _enqueue(message), robust=True)


def _enqueue(message):
    try:
        write_later.apply_async(kwargs=message, retry=False, expires=3600)
    except Exception as fault:  # noqa: BLE001  (whatever the broker does: the page's answer stands)
        log.warning("a letter was not enqueued: %s", type(fault).__name__)


@shared_task(autoretry_for=(OSError, SMTPException), retry_backoff=30, max_retries=5)
def write_later(*, kind, user_id):
    """It belongs to a person, not to a clinic: no tenant is in scope."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user:
        write(kind, user)


def write(kind: str, user) -> None:
    """Say it to the mail server; raises OSError and SMTPException when it does not take it."""
    letter = LETTERS[kind]
    body = render_to_string(f"clinics/mail/{letter.template}.txt", {
        "name": greeted(user), "kind": kind, "site": settings.PUBLIC_URL, "link": address(letter, user)})
    EmailMessage(f"{letter.subject} · Dentalogic", body.strip() + "\n", to=[user.email]).send()


def greeted(user) -> str:
    return user.name if NAME.fullmatch(user.name) else user.email


def address(letter: Letter, user) -> str:
    """With the token behind `?`: addresses are noted in the audit, what follows them is not."""
    return f"{settings.PUBLIC_URL}{letter.page}?t={letter.link.make(user)}" if letter.link else ""
