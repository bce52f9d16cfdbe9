from clinics.patients.models.insurance import Coverage, Insurer, Policy
from clinics.patients.models.patient import Patient, PatientWord
from clinics.patients.models.record import ClinicalRecord, RecordDraft

__all__ = ["ClinicalRecord", "Coverage", "Insurer", "Patient", "PatientWord", "Policy", "RecordDraft"]
