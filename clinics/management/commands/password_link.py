"""For the operator, where no mail is configured: the link that a person sets a new password with."""
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from clinics.auth import links, mail
from clinics.models import User


class Command(BaseCommand):
    help = "Print a link, good once and for an hour, with which a person sets a new password. Give it to them alone."

    def add_arguments(self, parser):
        parser.add_argument("email")

    def handle(self, *, email, **options):
        user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
        if user is None:
            raise CommandError(f"no hay una persona con el correo {email}")
        letter = mail.LETTERS["reset"]
        self.stdout.write(f"{settings.PUBLIC_URL}{letter.page}?t={links.reset.make(user)}")
