"""Why the agenda says no."""

from django.utils.translation import gettext_lazy as _

from dentalogic.lib.refusals import Refusal


class SlotTaken(Refusal):
    code = "slot_taken"
    status = 409
    detail = _("Ese horario se ocupó recién.")

    def __init__(self, detail=None, *, openings=(), zone=None, mirrored=False, **others):
        """`mirrored`: the openings are what the copy of a Google calendar leaves, which nobody asked just now."""
        self.openings, self.mirrored = list(openings), mirrored
        super().__init__(detail, extra={
            "openings": [one.shown(zone) for one in self.openings],
            "calendars": "mirror" if mirrored else "none"}, **others)


class OutsideHours(Refusal):
    code = "outside_hours"
    status = 409
    detail = _("El profesional no atiende en ese horario.")


class TooSoon(Refusal):
    code = "too_soon"
    status = 409
    detail = _("Ese horario ya pasó o está demasiado cerca.")


class BeyondHorizon(Refusal):
    code = "beyond_horizon"
    status = 409
    detail = _("Todavía no se dan turnos para esa fecha.")


class NotBookable(Refusal):
    code = "not_bookable"
    status = 409
    detail = _("No se puede reservar ese tratamiento con ese profesional.")


class WrongState(Refusal):
    code = "wrong_state"
    status = 409
    detail = _("El turno ya no está en un estado que lo permita.")


class StaleVersion(Refusal):
    code = "stale_version"
    status = 409
    detail = _("El turno cambió mientras lo mirabas. Volvé a abrirlo.")


class NotToday(Refusal):
    code = "not_today"
    status = 409

    @classmethod
    def of(cls, day):
        return cls(_("El turno es del %(day)s. Si vino hoy, reprogramalo para hoy.") % {"day": f"{day:%d/%m/%Y}"})


class TooShort(Refusal):
    code = "too_short"
    status = 409
    detail = _("Un turno dura entre 5 minutos y 12 horas.")


class KeyReused(Refusal):
    code = "key_reused"
    status = 409
    detail = _("Esa clave de idempotencia ya se usó con otros datos.")


class HoldExpired(Refusal):
    code = "hold_expired"
    status = 409
    detail = _("Se venció la reserva de ese horario.")
