"""What happens to an appointment, for the floors above. Sent inside the verb's transaction with `sender=Appointment`,
`appointment=` and `by=` (the actor)."""

from django.dispatch import Signal

booked = Signal()
moved = Signal()
cancelled = Signal()
confirmed = Signal()
completed = Signal()
missed = Signal()
changed = Signal()  # how long it takes, or its details; when it begins is `moved`
stepped_back = Signal()  # the last step was a mistake: `undone=` is the status that it had
waitlist_offered = Signal()  # a time is held for who waits: sender=WaitlistOffer, offer=, by=
