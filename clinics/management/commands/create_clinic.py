"""A new clinic and its first ceo: the only activation that no ceo makes."""
import os
from getpass import getpass

from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email, validate_slug
from django.db import transaction

from clinics import audit, tenancy
from clinics.access import Role
from clinics.auth import passwords
from clinics.models import Membership, Tenant, User
from dentalogic.lib import clock


class Command(BaseCommand):
    help = "Create a clinic with its first ceo. The password is asked for, or taken from CEO_PASSWORD."

    def add_arguments(self, parser):
        parser.add_argument("name")
        parser.add_argument("slug", help="in addresses and in the registration form: lower case, digits, hyphens")
        parser.add_argument("email", help="of the ceo")
        parser.add_argument("--person", default="", help="the ceo's name")
        parser.add_argument("--timezone", default="America/Argentina/Buenos_Aires")
        parser.add_argument("--country", default="AR")

    def handle(self, *, name, slug, email, person, timezone, country, **options):
        try:
            validate_email(email)
            validate_slug(slug)
            password = os.environ.get("CEO_PASSWORD") or getpass("Contraseña: ")
            validate_password(password)
        except ValidationError as fault:
            raise CommandError("; ".join(fault.messages)) from fault
        if Tenant.objects.filter(slug=slug).exists():
            raise CommandError(f"ya hay una clínica {slug}")
        tenant = create(name=name, slug=slug, email=email, person=person, password=password, timezone=timezone,
                        country=country)
        self.stdout.write(f"Clínica {tenant.pk} {tenant.slug}")
        if not authenticate(username=email.strip().lower(), password=password):
            self.stdout.write("Ya tenía una cuenta con el correo confirmado: entra con su contraseña de siempre.")


@transaction.atomic
def create(*, name, slug, email, person, password, timezone, country) -> Tenant:
    tenant = Tenant.objects.create(name=name, slug=slug, timezone=timezone, country=country, created_at=clock.now())
    user = _ceo(email.strip().lower(), password, person)
    with tenancy.tenant_context(tenant.pk), tenancy.atomic():
        Membership.objects.create(
            user=user, role=Role.CEO, status=Membership.Status.ACTIVE, created_at=clock.now(),
            activated_at=clock.now())
        audit.log_security_event("clinic.created", ceo=user.pk)
    return tenant


def _ceo(email, password, name) -> User:
    """Anybody may have registered an address that nobody confirmed, with a password of theirs: it opens no clinic."""
    user = User.objects.select_for_update().filter(email=email).first()
    if user is None:
        return User.objects.create_user(email, password, name=name, created_at=clock.now())
    if user.email_confirmed_at is None:
        passwords.replace(user, password)
    return user
