"""A rule as the clinic has it: its row over what the kind is by itself; and the verb that changes it."""
import re
from dataclasses import dataclass
from datetime import UTC, datetime, time

from django.utils.translation import gettext as _

from clinics import tenancy
from clinics.audit import log_security_event
from clinics.clinic import admit, check
from dentalogic.lib import clock
from messaging import hours, outbox, templates
from messaging.automations.kinds import MEANINGS, RULES, Rule
from messaging.models import Automation, Template

WORD = re.compile(r"\{([^{}]*)\}")
CODES = {word: code for code, (word, _label, _example) in MEANINGS.items()}
MOST_CAP, MOST_CAP_DAYS = 20, 365
SETTABLE = {
    "template", "meanings", "text", "sends_from", "sends_until", "distance", "cap", "cap_days",
    "asks_before_cancelling"}


@dataclass(frozen=True)
class Set:
    """One rule of the clinic in scope."""

    rule: Rule
    row: Automation

    @property
    def kind(self):
        return self.rule.kind

    @property
    def title(self):
        return Automation.Kind(self.kind).label

    @property
    def enabled(self) -> bool:
        return self.row.pk is not None and self.row.enabled

    @property
    def text(self) -> str:
        return self.row.text or self.rule.text

    @property
    def meanings(self) -> list:
        return self.row.meanings or []

    @property
    def asks_before_cancelling(self) -> bool:
        return self.row.asks_before_cancelling

    def __getattr__(self, name):
        """`distance`, `cap`, `cap_days`, `sends_from`, `sends_until`: the clinic's, else the kind's."""
        if name not in ("distance", "cap", "cap_days", "sends_from", "sends_until"):
            raise AttributeError(name)
        own = getattr(self.row, name)
        return getattr(self.rule, name) if own is None else own

    def may_send_at(self, now, zone) -> bool:
        return self.sends_from <= now.astimezone(zone).time() < self.sends_until

    def next_hour(self, now, zone) -> datetime:
        """The next instant at which it may send, `now` itself where it may."""
        return hours.opens(self.sends_from, self.sends_until, now=now, zone=zone)

    def why_not_template(self) -> str:
        """Why its template cannot be used, in words; "" where it can."""
        template = self.row.template
        if template is None:
            return _("Sin plantilla no le escribe a quien hace más de 24 h que no escribió.")
        if why := templates.why_not(template):
            return why
        if len(self.meanings) != templates.shape(template).count:
            return _("Falta decir qué va en cada variable de la plantilla.")
        if len(templates.shape(template).replies) < len(self.rule.buttons):
            return _("La plantilla no tiene los botones para confirmar, reprogramar y cancelar.")
        return ""


def at_wall(day, hour: time, zone) -> datetime:
    """The instant of a wall clock; an hour that a change of clocks skips is the one after it."""
    return datetime.combine(day, hour, zone).astimezone(UTC)


def of(kind) -> Set:
    """In the tenant's transaction."""
    kind = Automation.Kind(kind)
    row = Automation.objects.select_related("template").filter(kind=kind).first()
    return Set(RULES[kind], row or Automation(kind=kind, enabled=False))


def everyone() -> list[Set]:
    rows = {row.kind: row for row in Automation.objects.select_related("template")}
    return [Set(rule, rows.get(kind) or Automation(kind=kind, enabled=False)) for kind, rule in RULES.items()]


@tenancy.atomic
def change(*, kind, by, **how) -> Set:
    """How a rule works; what is not given stays. Raises Invalid with every field that cannot be."""
    admit(by, "automations.manage")
    if strange := set(how) - SETTABLE:
        raise TypeError(f"not of a rule: {sorted(strange)}")
    known = of(kind)
    row, rule = known.row, known.rule
    if row.pk is None:
        row.changed_at = clock.now()
    how = _tidy(how)
    check(_faults(rule, row, how))
    changed = sorted(name for name, value in how.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, how[name])
    if changed:
        row.changed_at = clock.now()
        row.save()
        log_security_event("automation.changed", by=by, automation=rule.kind.value, changed=changed)
    return of(kind)


def _tidy(how):
    if "text" in how:
        how = how | {"text": "\n".join(line.rstrip() for line in how["text"].strip().splitlines())}
    return how


def _faults(rule, row, how) -> dict:
    since, until = (
        how.get(name, getattr(row, name)) or getattr(rule, name) for name in ("sends_from", "sends_until"))
    template = how.get("template", row.template)
    return {
        "text": text_fault(rule, how.get("text", "")),
        "sends_until": "" if since < until else _("Tiene que ser después de la hora en que empieza."),
        "distance": _range_fault(how.get("distance"), rule.nearest, rule.farthest),
        "cap": _range_fault(how.get("cap"), 1, MOST_CAP),
        "cap_days": _range_fault(how.get("cap_days"), 1, MOST_CAP_DAYS),
        "meanings": _meanings_fault(rule, template, how.get("meanings", row.meanings)) if "meanings" in how else "",
        "template": _template_fault(rule, template) if "template" in how else "",
    }


def text_fault(rule, text) -> str:
    words = [word.strip() for word in WORD.findall(text)]
    known = {MEANINGS[code][0] for code in rule.meanings}
    if wrong := next((word for word in words if word not in known), None):
        return _("{%(word)s} no es un dato de esta regla. Podés usar %(known)s.") % {
            "word": wrong, "known": ", ".join(f"{{{word}}}" for word in sorted(known))}
    if len(text) > outbox.TEXT_LIMIT // 4:
        return _("Es demasiado largo para un mensaje.")
    return ""


def _range_fault(value, least, most) -> str:
    if value is None or least <= value <= most:
        return ""
    return _("Tiene que estar entre %(least)s y %(most)s.") % {"least": least, "most": most}


def _template_fault(rule, template) -> str:
    if template is None:
        return ""
    if not isinstance(template, Template) or (why := templates.why_not(template)):
        return why or _("Elegí una de la lista.")
    if rule.marketing and not template.is_marketing:
        return _("Esta regla es una promoción: WhatsApp pide que su plantilla también lo sea.")
    return ""


def _meanings_fault(rule, template, meanings) -> str:
    if template is None:
        return ""
    if len(meanings) != templates.shape(template).count or not set(meanings) <= set(rule.meanings):
        return _("Elegí de la lista qué va en cada variable.")
    return ""


def fill(text, values) -> str:
    """`Hola {nombre}` with the values by meaning."""
    return WORD.sub(lambda found: str(values.get(CODES.get(found[1].strip(), ""), "")), text)
