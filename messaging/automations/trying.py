"""A rule tried on a telephone of the clinic's own people, with invented facts and by the way every message goes."""
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinics import tenancy
from clinics.audit import log_security_event
from clinics.clinic import admit, check
from clinics.patients.models import Patient
from dentalogic.lib import phones
from dentalogic.lib.refusals import Refusal
from messaging.automations import kinds, rules, sending
from messaging.models import ChatMessage


class NotTried(Refusal):
    code = "not_tried"
    status = 409
    detail = gettext_lazy("No se pudo mandar la prueba.")


def examples() -> dict:
    """By meaning: what the clinic's own rows say, else what is invented."""
    clinic = tenancy.here()
    said = {code: example for code, (_word, _label, example) in kinds.MEANINGS.items()}
    own = {
        "clinic": clinic.name, "address": clinic.address, "phone": phones.show(clinic.phone) if clinic.phone else ""}
    return said | {code: value for code, value in own.items() if value}


@tenancy.atomic
def send(*, kind, phone, by) -> ChatMessage:
    """Raises Invalid for what is no phone, NotTried with why it cannot go."""
    admit(by, "automations.manage")
    number = phones.e164(phone, tenancy.here().country)
    check({"phone": "" if number else _("Ese teléfono no se entiende. Escribilo con el código de área: 341 555-0139")})
    known = rules.of(kind)
    person = Patient(first_name=by.name.split(" ")[0], last_name=".", phone=number)
    buttons = [{"id": f"test:{place}", "title": str(title)} for place, title in enumerate(known.rule.replies)]
    try:
        with tenancy.atomic():
            conversation = sending.conversation_of(known, person, person)
            said = sending.say(
                known, conversation, examples(), by=by, buttons=buttons)
    except sending.Unsent as why:
        raise NotTried(str(kinds.REASONS.get(why.args[0], NotTried.detail))) from why
    log_security_event("automation.tested", by=by, automation=known.kind.value, message=said.pk)
    return said
