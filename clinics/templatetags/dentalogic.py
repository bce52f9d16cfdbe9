"""How instants, amounts and people are written, once: in the clinic's zone, as es-AR reads them."""
from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from clinics import access, tenancy
from clinics.auth import agents
from dentalogic.lib import clock
from dentalogic.lib import money as amounts
from dentalogic.lib import phones as phone_numbers

register = template.Library()
WEEKDAYS = (
    gettext_noop("lunes"), gettext_noop("martes"), gettext_noop("miércoles"), gettext_noop("jueves"),
    gettext_noop("viernes"), gettext_noop("sábado"), gettext_noop("domingo"),
)


def _local(value):
    return value.astimezone(tenancy.here().zone) if hasattr(value, "astimezone") else value


@register.filter
def hour(instant):
    """`10:30` on the clinic's wall."""
    return f"{_local(instant):%H:%M}" if instant else ""


@register.filter
def day(value):
    """`martes 24/11`."""
    if not value:
        return ""
    local = _local(value)
    return f"{_(WEEKDAYS[local.weekday()])} {local:%d/%m}"


@register.filter
def day_short(value):
    """`24/11`."""
    return f"{_local(value):%d/%m}" if value else ""


@register.filter
def day_year(value):
    """`24/11/2026`."""
    return f"{_local(value):%d/%m/%Y}" if value else ""


@register.filter
def when(instant):
    """`hoy 10:30`, `mañana 09:00`, `martes 24/11 10:30`."""
    if not instant:
        return ""
    local = _local(instant)
    away = (local.date() - clock.today(tenancy.here().zone)).days
    name = {-1: _("ayer"), 0: _("hoy"), 1: _("mañana")}.get(away) or day(instant)
    return f"{name} {local:%H:%M}"


@register.filter
def minutes_since(instant):
    return max(0, int((clock.now() - instant).total_seconds() // 60)) if instant else ""


@register.filter
def money(amount):
    """`$ 25.000,00`, in the clinic's currency."""
    return "" if amount is None or amount == "" else amounts.show(amount, tenancy.here().currency)


@register.filter
def dni(number):
    """`30.555.014`; other documents as they are."""
    text = str(number or "")
    return f"{int(text):,}".replace(",", ".") if text.isdigit() and len(text) in (7, 8) else text


@register.filter
def phone(number):
    return phone_numbers.show(number) if number else ""


@register.filter
def device(session):
    """What a session is open on."""
    return agents.device(session)


@register.filter
def initials(name):
    words = [word for word in str(name or "").split() if word[:1].isalnum() and not word.endswith(".")]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"


@register.filter
def age(born):
    if not born:
        return ""
    today = clock.today(tenancy.here().zone)
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


@register.simple_tag
def icon(name, label="", size=""):
    """A drawing of the sprite: an ornament, unless it has a label."""
    role = format_html('role="img" aria-label="{}"', label) if label else format_html('aria-hidden="{}"', "true")
    return format_html(
        '<svg class="i {}" {} focusable="false"><use href="{}#{}"></use></svg>',
        size, role, static("img/icons.svg"), name)


@register.simple_tag(takes_context=True)
def can(context, capability):
    """`{% can "cash.see" as sees_cash %}`"""
    return access.can(context["request"].actor, capability)
