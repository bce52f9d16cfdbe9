"""For the operator: somebody lost the phone and the recovery codes, and proved in person who they are."""
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from clinics import audit
from clinics.auth import mail, passwords, second_factor
from clinics.auth.memberships import in_each_clinic
from clinics.models import User


class Command(BaseCommand):
    help = "Take a person's second factor away and end their sessions; their clinics' audit says so."

    def add_arguments(self, parser):
        parser.add_argument("email")

    @transaction.atomic
    def handle(self, *, email, **options):
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None or second_factor.of(user) is None:
            raise CommandError(f"no hay una persona con el correo {email} y un segundo factor")
        second_factor.forget(user)
        for membership in in_each_clinic(user):
            audit.log_security_event(
                "second_factor.forgotten", severity="critical", user=user.pk, member=membership.pk)
        passwords.end_everywhere(user, why="second_factor")
        mail.later("second_factor_off", user)
        self.stdout.write("Hecho.")
