"""The receptionist's tools. None takes a tenant or a patient: the turn binds them."""

from messaging.receptionist.tools import appointments, availability, booking, clinic, letting_go, people
from messaging.receptionist.tools.base import Tool, plain, use

TOOLS: tuple[Tool, ...] = (
    availability.TOOL,
    booking.TOOL,
    letting_go.TOOL,
    appointments.LIST,
    appointments.RESCHEDULE,
    appointments.CANCEL,
    clinic.SERVICES,
    clinic.PROFESSIONALS,
    people.TRIAGE,
    people.HAND_OFF,
)
BY_NAME = {tool.name: tool for tool in TOOLS}

__all__ = ["BY_NAME", "TOOLS", "Tool", "plain", "use"]
