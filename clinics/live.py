"""What changed, told to the screens of one clinic after commit. A frame carries ids, never a patient's data, and
reaches those whom the table of rights lets hear it; the doors of both kinds of socket ask `heard`.

One background loop a process keeps the connections open: an event loop for each frame would connect to Redis anew.
A frame that cannot be sent is dropped: pages catch up when they reconnect. A page is made before its socket is open:
it says when, and is told whether something was said since.
"""
import asyncio
import logging
import os
import threading
import time

from channels.layers import get_channel_layer
from django.core.cache import cache
from django.db import transaction

from clinics import access
from clinics.tenancy import current_tenant
from dentalogic.lib import clock

log = logging.getLogger(__name__)
KEPT = 3600  # seconds for which it is known when something was last said; no page takes as long to open

EVENTS = {  # event: the capability of who hears it
    "NEW_APPOINTMENT": "agenda.see", "APPOINTMENT_UPDATED": "agenda.see", "APPOINTMENT_DELETED": "agenda.see",
    "NEW_PATIENT": "patients.see", "PATIENT_CREATED": "patients.see", "PATIENT_UPDATED": "patients.see",
    "NEW_MESSAGE": "conversations.see", "MESSAGE_SENT": "conversations.see", "CHAT_UPDATED": "conversations.see",
    "HUMAN_HANDOFF": "conversations.see", "HUMAN_OVERRIDE_CHANGED": "conversations.see",
    "STAFF_TYPING": "conversations.see",
    "URGENT_NOTICE": "alerts.see", "PAYMENT_CONFIRMED": "cash.see", "BILLING_UPDATED": "cash.see",
    "TREATMENT_PLAN_UPDATED": "plans.see", "ODONTOGRAM_UPDATED": "record.read", "RECORD_CREATED": "record.read",
    "RECORD_UPDATED": "record.read", "STAFF_UPDATED": "staff.manage", "CLINIC_UPDATED": "agenda.see",
    "WAITLIST_UPDATED": "agenda.attend",
}


def group(tenant_id: int) -> str:
    return f"tenant_{tenant_id}"


def say(event: str, **ids) -> None:
    """Tell the clinic in scope, once the transaction commits."""
    if event not in EVENTS:
        raise ValueError(event)
    _tell({"type": "frame", "frame": {"event": event, "ids": ids, "at": clock.now().isoformat()}})


def heard(actor, frame) -> dict | None:
    """The frame as this person may hear it, else None. Who sees only some rows hears that something changed, and asks
    for their own; not which row it was."""
    capability = EVENTS.get(frame["event"])  # a newer process may say what this one does not know yet
    reach = access.scope(actor, capability) if capability else None
    if reach is None:
        return None
    return frame if reach == access.ALL else frame | {"ids": {}}


async def said_since(tenant_id: int, instant: float) -> bool:
    """Whether anything was told to this clinic's screens since then (seconds of Unix). Ask once you listen."""
    try:
        return (await cache.aget(_last(tenant_id)) or 0) >= instant
    except Exception:  # noqa: BLE001  (as above: what is not known is looked at again)
        return True


def _last(tenant_id):
    return f"t{tenant_id}:live:last"  # as tenancy.key writes it: in these loops no clinic is in scope


def recheck(membership_id: int) -> None:
    """Once committed, every open socket of this member of the clinic in scope asks anew whether it still holds."""
    _tell({"type": "recheck", "membership": membership_id})


def _tell(message):
    tenant_id = current_tenant()
    transaction.on_commit(lambda: _sender().tell(tenant_id, message), robust=True)


class Sender:
    def __init__(self):
        self.pid = os.getpid()
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, name="live", daemon=True).start()

    def tell(self, tenant_id, message):
        asyncio.run_coroutine_threadsafe(self._tell(tenant_id, message), self.loop)

    async def _tell(self, tenant_id, message):
        try:
            await cache.aset(_last(tenant_id), time.time(), KEPT)  # first: who listens already hears it anyway
            await get_channel_layer().group_send(group(tenant_id), message)
        except Exception as fault:  # noqa: BLE001  (the bus is down: the rows are there, pages refetch on return)
            log.warning("live %s dropped: %s", message["type"], type(fault).__name__)


_lock = threading.Lock()
_current = None


def _sender() -> Sender:
    global _current
    with _lock:
        if _current is None or _current.pid != os.getpid():
            _current = Sender()
    return _current
