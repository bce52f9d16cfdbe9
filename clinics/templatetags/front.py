"""What the pages' frame draws with: the clinic's wall clock for scripts, and a colour for each face."""
from django import template

from clinics import tenancy
from dentalogic.lib import clock

register = template.Library()
FACES = 4


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
