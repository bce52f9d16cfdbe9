from clinics.patients.models.insurance import Insurer
from clinics.patients.models.patient import Patient, PatientWord
from clinics.patients.models.record import ClinicalRecord, RecordDraft

__all__ = ["ClinicalRecord", "Insurer", "Patient", "PatientWord", "RecordDraft"]
