from .appointment import AHEAD, TAKES_TIME, Appointment, Source, Status, Urgency
from .chair import Chair, UsualChair
from .closure import Closure
from .treatment import TreatmentProfessional, TreatmentType, who_do

__all__ = [
    "AHEAD", "TAKES_TIME", "Appointment", "Chair", "Closure", "Source", "Status", "TreatmentProfessional",
    "TreatmentType", "Urgency", "UsualChair", "who_do",
]
