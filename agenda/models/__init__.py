from .appointment import AHEAD, TAKES_TIME, Appointment, Source, Status, Urgency
from .calendar import Calendar, CalendarChannel, CalendarEvent, CalendarPush
from .chair import Chair, UsualChair
from .closure import Closure
from .treatment import TreatmentProfessional, TreatmentType, who_do

__all__ = [
    "AHEAD", "TAKES_TIME", "Appointment", "Calendar", "CalendarChannel", "CalendarEvent", "CalendarPush", "Chair",
    "Closure", "Source", "Status", "TreatmentProfessional", "TreatmentType", "Urgency", "UsualChair", "who_do",
]
