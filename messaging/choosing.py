"""What is chosen from beside a thread: a template with its values, a patient, another conversation. Reads only."""
import re

from agenda.models import Appointment
from agenda.rights import named
from clinics import access, tenancy
from clinics.patients.models import Patient
from dentalogic.lib.text import fold
from messaging import listing, people, template_shape
from messaging import templates as approved_ones
from messaging.automations import facts as automation_facts
from messaging.automations.kinds import RULES
from messaging.models import Automation, Merge

FOUND, BEGINNING = 8, 44
BEFORE = (  # the end of what stands before a variable, and the fact that people put there
    (r"\b(?:a las|hora:?|horario:?|hs)$", "time"),
    (r"\b(?:con(?: el| la)?(?: dra?\.?| doctora?)?|profesional:?)$", "professional"),
    (r"\b(?:el|el dia|dia|fecha:?|del|para el|lunes|martes|miercoles|jueves|viernes|sabado)$", "day"),
    (r"\b(?:en|direccion:?|estamos en|te esperamos en)$", "address"),
    (r"\b(?:te escribimos de|somos|desde|clinica)$", "clinic"),
    (r"(?:^|\b(?:hola|buen dia|buenas|buenas tardes|estimad[oa]|querid[oa]),?)$", "first_name"),
)


def templates(conversation, asked, given, now, *, by) -> dict:
    """Those that may be sent; of the chosen one, a value for each variable and its text with them."""
    rows = _usable(conversation)
    chosen = next((row for row in rows if str(row.pk) == asked), rows[0] if rows else None)
    if chosen is None:
        return {"rows": [], "chosen": None}
    shape = approved_ones.shape(chosen)
    values = suggested(chosen, _facts(conversation, now, by), _told(rows)) if given is None else given[:shape.count]
    values += [""] * (shape.count - len(values))
    for row in rows:
        row.label = _label(row)
    return {
        "rows": rows, "chosen": chosen, "values": values, "said": approved_ones.preview(chosen, values),
        "ready": all(template_shape.tidy(value) for value in values),
        "stopped": chosen.is_marketing and conversation.wants_no_promotions,
    }


def offered(conversation, now, *, by) -> list:
    """Those that may be sent, each with its `values` as suggested and the `text` that they make."""
    rows, facts = _usable(conversation), _facts(conversation, now, by)
    told = _told(rows)
    for row in rows:
        row.values = suggested(row, facts, told)
        row.text = approved_ones.preview(row, row.values)["text"]
    return rows


def _usable(conversation):
    return [row for row in approved_ones.approved(conversation.channel) if not approved_ones.why_not(row)]


def _label(template) -> str:
    """`recordatorio_de_turno` -> `Recordatorio de turno: “Hola, …”`."""
    name, text = template.name.replace("_", " ").capitalize(), " ".join(approved_ones.shape(template).body.split())
    return f"{name}: “{text[:BEGINNING]}…”" if len(text) > BEGINNING else f"{name}: “{text}”"


def _facts(conversation, now, by) -> dict:
    """What is known of who writes here and of their next visit, by meaning; of a visit, what this person may know."""
    patient, facts = conversation.patient, {"clinic": tenancy.here().name}
    if patient is None:
        return facts | {"first_name": conversation.profile_name.split(" ")[0], "patient": conversation.profile_name}
    visits = named(by, Appointment.objects.filter(patient=patient)).upcoming(now)
    visit = visits.select_related("professional", "treatment").first()
    return facts | automation_facts.of_clinic(patient, patient) | (automation_facts.of_visit(visit) if visit else {})


def _told(rows) -> dict:
    """What the clinic's rules, or those that we propose, put in a template's variables: `{id: meanings}`."""
    known = {rule.name: rule.fills for rule in RULES.values()}
    chosen = Automation.objects.filter(template__in=[row.pk for row in rows]).values_list("template_id", "meanings")
    return {row.pk: known[row.name] for row in rows if row.name in known} | {pk: told for pk, told in chosen if told}


def suggested(template, facts, told) -> list[str]:
    """A value for each variable: what its rule puts there, else by the words before it; "" where nobody knows."""
    shape, meanings = approved_ones.shape(template), told.get(template.pk, ())
    if len(meanings) == shape.count:
        return [facts.get(meaning, "") for meaning in meanings]
    return [
        facts.get(_fact_of(text, name), "") for text in (shape.header, shape.body)
        for name in template_shape.variables(text)]


def _fact_of(text, name):
    place = re.search(r"\{\{\s*" + re.escape(name) + r"\s*\}\}", text)
    before = template_shape.VARIABLE.sub("", text[:place.start()])
    words = re.sub(r"[*_¡!¿?]", "", fold(before.rsplit("\n", 1)[-1])).strip().rstrip(",")
    return next((fact for pattern, fact in BEFORE if re.search(pattern, words)), "")


def whose(conversation, actor, text) -> dict:
    """Who may write here, who else these words find, and with which conversation it may be made one."""
    here = people.patients_of(conversation, unproved=True, among=lambda rows: access.visible(
        actor, "patients.see", rows))
    known = {one.pk for one in here}
    others, talks = [], []
    if text:
        patients = access.visible(actor, "patients.see", Patient.objects.search(text))
        others = [one for one in patients[:FOUND] if one.pk not in known]
        rows = listing.visible(actor).filter(channel=conversation.channel_id, merged_into=None).search(text)
        talks = list(rows.exclude(pk=conversation.pk).select_related("patient")[:FOUND])
    return {
        "here": here, "others": others, "talks": talks, "text": text,
        "merges": Merge.objects.filter(keep=conversation, undone_at=None).select_related("gone").order_by("pk")}
