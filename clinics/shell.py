"""What every page's frame needs: who is here, the clinic, and whether the person has others."""
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from clinics import tenancy
from clinics.access import can
from clinics.auth.identity import memberships_of

RAIL = (
    # place, capability, address
    ("agenda", "agenda.see", "/agenda/"),
    ("messages", "conversations.see", "/inbox/"),
    ("patients", "patients.see", "/patients/"),
    ("cash", "cash.see", "/cash/"),
    ("settings", "clinic.configure", "/settings/"),
    ("simulator", "simulator.use", "/simulator/"),
)
SETTINGS = (
    # title, address, capability; each page extends clinics/settings.html and is served by the floor that knows it
    (_("Clínica"), "/settings/", "clinic.configure"),
    (_("Personas"), "/settings/people/", "staff.manage"),
    (_("Profesionales"), "/settings/professionals/", "clinic.configure"),
    (_("Sillones"), "/settings/chairs/", "clinic.configure"),
    (_("Cierres"), "/settings/closures/", "clinic.configure"),
    (_("Tratamientos"), "/settings/treatments/", "clinic.configure"),
    (_("Obras sociales"), "/settings/insurers/", "clinic.configure"),
    (_("WhatsApp"), "/settings/whatsapp/", "integrations.manage"),
    (_("Recepcionista"), "/settings/receptionist/", "integrations.manage"),
    (_("Respuestas rápidas"), "/settings/replies/", "conversations.replies"),
    (_("Google Calendar"), "/settings/calendars/", "integrations.manage"),
    (_("Plantillas"), "/settings/templates/", "automations.manage"),
    (_("Automatizaciones"), "/settings/automations/", "automations.manage"),
    (_("Auditoría"), "/settings/audit/", "audit.read"),
)


def shell(request):
    member = getattr(request, "member", None)
    if member is None:
        return {"member": None, "actor": None}
    rail = [(place, url) for place, capability, url in RAIL
            if can(request.actor, capability) and (place != "simulator" or settings.SIMULATOR)]
    return {
        "member": member, "actor": request.actor, "clinic": tenancy.here(),
        "rail": rail if member.is_active else [], "clinics": Lazy(lambda: memberships_of(member.user)),
        "settings_nav": Lazy(lambda: settings_nav(request)),
    }


def settings_nav(request):
    """The pages of Ajustes that this person may open; the current one is that whose address the path begins with."""
    open_to = [(title, url) for title, url, capability in SETTINGS if can(request.actor, capability)]
    here = max((url for _title, url in open_to if request.path.startswith(url)), key=len, default="")
    return [{"title": title, "url": url, "current": url == here} for title, url in open_to]


class Lazy:
    """Asked only by the template that shows the menu."""

    def __init__(self, ask):
        self._ask = ask
        self._rows = None

    def __iter__(self):
        if self._rows is None:
            self._rows = self._ask()
        return iter(self._rows)

    def __len__(self):
        return len(list(iter(self)))
