from .appointment import AHEAD, TAKES_TIME, Appointment, Source, Status, Urgency
from .calendar import Calendar, CalendarChannel, CalendarEvent, CalendarPush
from .chair import Chair, UsualChair
from .closure import Closure
from .series import Series
from .treatment import TreatmentProfessional, TreatmentType, who_do
from .waitlist import FreedTime, WaitlistEntry, WaitlistOffer

__all__ = [
    "AHEAD", "TAKES_TIME", "Appointment", "Calendar", "CalendarChannel", "CalendarEvent", "CalendarPush", "Chair",
    "Closure", "FreedTime", "Series", "Source", "Status", "TreatmentProfessional", "TreatmentType", "Urgency",
    "UsualChair", "WaitlistEntry", "WaitlistOffer", "who_do",
]
