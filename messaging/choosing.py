"""What is chosen from beside a thread: a template with its values, a patient, another conversation. Reads only."""
import re

from clinics import access
from clinics.patients.models import Patient
from dentalogic.lib.text import fold
from messaging import canned, listing, people, template_shape
from messaging import templates as approved_ones
from messaging.models import Merge

FOUND = 8
BEFORE = (  # the end of what stands before a variable, and the fact that people put there
    (r"\b(?:a las|hora:?|horario:?|hs)$", "hora"),
    (r"\b(?:con(?: el| la)?(?: dra?\.?| doctora?)?|profesional:?)$", "profesional"),
    (r"\b(?:el|el dia|dia|fecha:?|del|para el|lunes|martes|miercoles|jueves|viernes|sabado)$", "fecha"),
    (r"\b(?:en|direccion:?|estamos en|te esperamos en)$", "direccion"),
    (r"\b(?:de|somos|desde|desde la clinica|clinica|la clinica)$", "clinica"),
    (r"(?:^|\b(?:hola|buen dia|buenas|buenas tardes|estimad[oa]|querid[oa]),?)$", "nombre"),
)


def templates(conversation, asked, given, now) -> dict:
    """Those that may be sent; of the chosen one, a value for each variable and its text with them."""
    rows = _usable(conversation)
    chosen = next((row for row in rows if str(row.pk) == asked), rows[0] if rows else None)
    if chosen is None:
        return {"rows": [], "chosen": None}
    shape = approved_ones.shape(chosen)
    values = suggested(shape, canned.facts_of(conversation, now)) if given is None else given[:shape.count]
    values += [""] * (shape.count - len(values))
    return {
        "rows": rows, "chosen": chosen, "values": values, "said": approved_ones.preview(chosen, values),
        "ready": all(template_shape.tidy(value) for value in values),
        "stopped": chosen.is_marketing and conversation.marketing_opt_out_at,
    }


def offered(conversation, now) -> list:
    """Those that may be sent, each with its `values` as suggested and the `text` that they make."""
    rows, facts = _usable(conversation), canned.facts_of(conversation, now)
    for row in rows:
        row.values = suggested(approved_ones.shape(row), facts)
        row.text = approved_ones.preview(row, row.values)["text"]
    return rows


def _usable(conversation):
    return [row for row in approved_ones.approved(conversation.channel) if not approved_ones.why_not(row)]


def suggested(shape, facts) -> list[str]:
    """A value for each variable, by the words before it; "" where they do not say what goes there."""
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
    here = people.patients_of(conversation, among=lambda rows: access.visible(actor, "patients.see", rows))
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
