"""A refused login leaves its row in the person's clinics once the answer has gone: the time that writing takes would
tell which addresses exist."""
import logging

from django.db import Error

from clinics import audit
from clinics.auth.memberships import in_each_clinic
from clinics.models import User

log = logging.getLogger(__name__)


def note(response, request, refusal, *, typed: str):
    """The same response. Whom the refusal is about, it says or was typed."""
    user, close = getattr(refusal, "user", None), response.close
    email, why = user.email if user else typed, refusal.code

    def closing():
        try:
            _write(request, email.strip().lower(), why)
        except Error as fault:
            log.error("a refused login was not noted: %s", type(fault).__name__)
        finally:
            close()

    response.close = closing
    return response


def _write(request, email, why):
    user = User.objects.filter(email=email).first()
    if user is None:
        return
    for _member in in_each_clinic(user):
        audit.log_security_event("login.refused", request=request, severity="warning", user=user.pk, why=why)
