"""What the pages' frame draws with: the clinic's wall clock for scripts, and a colour for each face."""
import json

from django import template

from clinics import tenancy
from dentalogic.lib import clock

register = template.Library()
FACES = 4
LOOK = {
    "scheduled": "booked", "completed": "done", "no_show": "missed",  # the others are called as they are
}


@register.simple_tag
def wall_now():
    """The present on the clinic's wall, naive: scripts count from it, whatever the browser's zone."""
    return clock.now().astimezone(tenancy.here().zone).strftime("%Y-%m-%dT%H:%M:%S")


@register.filter
def face(number):
    """`p1` to `p4`: an ornament, the same for the same row."""
    return f"p{(number or 0) % FACES + 1}"


@register.filter
def day_iso(instant):
    """`2026-11-24`, the day on the clinic's wall."""
    return instant.astimezone(tenancy.here().zone).date().isoformat() if instant else ""


@register.filter
def pretty(value):
    """JSON as the owner reads it."""
    return json.dumps(value, ensure_ascii=False, indent=1)


@register.filter
def seconds(milliseconds):
    """`0,1` of 120."""
    return f"{milliseconds / 1000:.1f}".replace(".", ",")


@register.filter
def look(status):
    """The class of an appointment's status."""
    return LOOK.get(status, status)
