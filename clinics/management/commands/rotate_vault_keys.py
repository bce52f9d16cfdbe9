"""Write every secret of every clinic, and every second factor, again under the newest key of the ring."""
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from clinics import rotation, vault
from clinics.models import Tenant
from clinics.tasks import each_tenant


class Command(BaseCommand):
    help = "Vuelve a cifrar todo con la primera de DENTALOGIC_VAULT_KEYS; después, las otras se pueden sacar."

    def handle(self, **options):
        names = dict(Tenant.objects.values_list("pk", "slug"))
        unreadable = sum([self._told(names[tenant_id], rotation.of_clinic()) for tenant_id in each_tenant()])
        unreadable += self._told(_("segundos factores"), rotation.of_people())
        if unreadable:
            raise CommandError(_("%(count)s no se pudieron abrir: no saques ninguna clave del anillo.") % {
                "count": unreadable})
        self.stdout.write(_("Todo está cifrado con la clave %(key)s.") % {"key": vault.ring().newest})

    def _told(self, whose, count):
        self.stdout.write(_(
            "%(whose)s: %(rewritten)s vueltas a cifrar, %(current)s al día, %(unreadable)s ilegibles") % {
            "whose": whose, "rewritten": count.rewritten, "current": count.current, "unreadable": count.unreadable})
        return count.unreadable
