"""Compare the audit with its seals: a changed, missing or inserted row shows."""
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from clinics import seals, tenancy
from clinics.models import Tenant


class Command(BaseCommand):
    help = "Compara la auditoría con sus sellos: qué cambió, qué falta, qué sobra. Con error si algo no coincide."

    def add_arguments(self, parser):
        parser.add_argument("--tenant", help="el nombre corto de una clínica; sin él, todas")
        parser.add_argument("--head", default="", help="una huella anotada afuera: tiene que estar")

    def handle(self, *, tenant, head, **options):
        if head and not tenant:
            raise CommandError(_("Una huella es de una clínica: decí cuál con --tenant."))
        clinics = Tenant.objects.filter(slug=tenant) if tenant else Tenant.objects.order_by("pk")
        if tenant and not clinics:
            raise CommandError(_("No hay una clínica %(slug)s.") % {"slug": tenant})
        broken = [clinic.slug for clinic in clinics if not self._holds(clinic, head)]
        if broken:
            raise CommandError(_("La auditoría no coincide con sus sellos: %(clinics)s") % {
                "clinics": ", ".join(broken)})

    def _holds(self, clinic, head):
        with tenancy.tenant_context(clinic.pk):
            verdict = seals.told(seals.verify(head=head))
            for fault in verdict.faults:
                self.stdout.write(f"{clinic.slug}: {KINDS[fault.kind]} {fault.first_id}–{fault.last_id}")
        self.stdout.write(
            f"{clinic.slug}: {verdict.seals} sellos, {verdict.rows} renglones, {verdict.unsealed} sin sellar, "
            f"huella {verdict.head or '—'}")
        return verdict.intact


KINDS = {
    "changed": "renglones cambiados entre", "missing": "faltan renglones entre", "inserted": "sobran renglones entre",
    "seal": "falta un sello o no sigue al anterior:",
}
