"""What every page's frame needs: who is here, the clinic, and whether the person has others."""
from django.conf import settings

from clinics import tenancy
from clinics.access import can
from clinics.auth.identity import memberships_of

RAIL = (
    # place, capability, address
    ("agenda", "agenda.see", "/agenda/"),
    ("messages", "conversations.see", "/inbox/"),
    ("patients", "patients.see", "/patients/"),
    ("cash", "cash.see", "/cash/"),
    ("simulator", "simulator.use", "/simulator/"),
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
    }


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
