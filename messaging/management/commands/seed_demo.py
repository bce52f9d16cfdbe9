"""Fill an empty database with the demo clinics, and write `demo.json` with what somebody needs to try them."""
import json
import os

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from clinics.models import Tenant
from messaging.demo import seeding, world


class Command(BaseCommand):
    help = "Fill an empty database with the demo clinics."

    def handle(self, **options):
        if settings.PRODUCTION:
            raise CommandError("the demo is for development")
        if Tenant.objects.exists():
            raise CommandError("there are clinics already")
        logins, channels = [], []
        for clinic in world.CLINICS:
            self.stdout.write(f"  {clinic.name}…")
            members, channel = seeding.seed(clinic)
            logins += [
                {"email": member.user.email, "password": world.PASSWORD, "role": member.role, "status": member.status,
                 "tenant_id": member.tenant_id, "clinic": clinic.name} for member in members.values()]
            channels.append(channel)
        write(logins, channels)


def write(logins, channels):
    """demo.json, readable by its owner alone: the logins and each number's webhook path and signing secret."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    path = settings.DATA_DIR / "demo.json"
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump({"base_url": f"http://127.0.0.1:{os.environ.get('PORT', '8000')}", "logins": logins,
                   "channels": channels}, file, ensure_ascii=False, indent=2)
