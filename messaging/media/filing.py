"""Whose file it is: the patient's of its conversation as soon as somebody knows them, or whose a person says."""
from collections import defaultdict

from django.utils.translation import gettext_lazy as _

from clinics import access, audit, live, tenancy
from clinics.clinic import admit
from clinics.patients.models import Patient
from dentalogic.lib.refusals import Refusal
from messaging import people
from messaging.models import ChatMessage, MediaFile

AT_ONCE = 500
CAPABILITY = "conversations.link"


class NotOfThem(Refusal):
    code = "patient_not_found"
    status = 404
    detail = _("Ese paciente no es de esta conversación.")


@tenancy.joined
def file_all(*, message=None) -> int:
    """File what is nobody's yet to the patient that its conversation has by now; how many there were."""
    rows = MediaFile.objects.unfiled()
    if message is not None:
        rows = rows.filter(message=message)
    whose = defaultdict(list)
    for pk, patient in rows.order_by("pk").values_list("pk", "message__conversation__patient_id")[:AT_ONCE]:
        whose[patient].append(pk)
    return sum(
        MediaFile.objects.filter(pk__in=pks, patient=None).update(patient_id=patient)
        for patient, pks in whose.items())


def candidates(file, actor) -> list[Patient]:
    """To whom it may be filed: the patients of its conversation that this person may see."""
    return people.patients_of(
        file.message.conversation, unproved=True, among=lambda rows: access.visible(actor, "patients.see", rows))


@tenancy.atomic
def give_to(*, file, patient, by) -> MediaFile:
    """A person says whose it is: of one phone there may be several patients. Twice is once. Raises NotOfThem."""
    admit(by, CAPABILITY)
    row = MediaFile.objects.select_for_update().get(pk=file.pk)
    row.message = ChatMessage.objects.select_related("conversation").get(pk=row.message_id)
    if patient.pk not in {one.pk for one in candidates(row, by)}:
        raise NotOfThem
    if row.patient_id == patient.pk:
        return row
    MediaFile.objects.filter(pk=row.pk).update(patient=patient)
    row.patient = patient
    audit.log_security_event("media.filed", by=by, row=row.pk, patient=patient.pk)
    live.say("MESSAGE_SENT", conversation=row.message.conversation_id, message=row.message_id)
    return row
