"""Whose file it is: the patient's of its conversation, as soon as somebody knows who that is."""
from collections import defaultdict

from clinics import tenancy
from messaging.models import MediaFile

AT_ONCE = 500


@tenancy.atomic
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


@tenancy.atomic
def give_to(*, file, patient, by) -> None:
    """A person says whose it is: of one phone there may be several patients."""
    MediaFile.objects.filter(pk=file.pk).update(patient=patient)
    file.patient = patient
