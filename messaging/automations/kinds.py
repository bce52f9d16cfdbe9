"""The rules that write to patients, closed: when each looks, what it may say, and what we propose. Pure."""
from dataclasses import dataclass
from datetime import time

from django.utils.translation import gettext_lazy as _

from messaging.models import Automation, Tap

Kind = Automation.Kind
HOURS, DAYS, MONTHS = "hours", "days", "months"
UNITS = {HOURS: _("horas"), DAYS: _("días"), MONTHS: _("meses")}

MEANINGS = {  # code: (the word that a text says it by, what it is, an example)
    "first_name": ("nombre", _("Nombre de quien lo recibe"), "Carolina"),
    "patient": ("paciente", _("Nombre y apellido del paciente"), "Carolina Luque"),
    "day": ("dia", _("Día del turno"), "martes 24/11"),
    "time": ("hora", _("Hora del turno"), "10:30"),
    "professional": ("profesional", _("Profesional"), "Dra. Paula Arrieta"),
    "treatment": ("tratamiento", _("Tratamiento"), "Limpieza"),
    "address": ("direccion", _("Dirección de ese día"), "Mitre 1240"),
    "link": ("mapa", _("Enlace al mapa de esa dirección"), "https://www.google.com/maps/search/?api=1&query=Mitre+1240"),
    "clinic": ("clinica", _("Nombre de la clínica"), "Clínica Arrayán"),
    "phone": ("telefono", _("Teléfono de la clínica"), "+54 9 341 555-0100"),
    "instructions": ("indicaciones", _("Indicaciones del tratamiento"), "Vení con el estómago vacío."),
    "until": ("vence", _("Hasta cuándo se guarda"), "11:30"),
    "amount": ("importe", _("Importe"), "$ 25.000,00"),
}
OF_CLINIC = ("first_name", "patient", "clinic", "phone")
OF_VISIT = (*OF_CLINIC, "day", "time", "professional", "treatment", "address", "link")
REPLIES = (Tap.Action.CONFIRM, Tap.Action.MOVE, Tap.Action.CANCEL)


@dataclass(frozen=True)
class Rule:
    """What a kind is by itself; the clinic's row changes hours, distance, caps, texts."""

    kind: str
    about: str  # when it writes, for the page
    meanings: tuple  # that it knows
    text: str  # ours, for who wrote in the last 24 hours: {nombre}, {dia}…
    name: str  # of the template that we propose
    template: str  # its text, with {{1}}, {{2}}…
    fills: tuple  # the meaning of each
    buttons: tuple = ()  # taps
    replies: tuple = ()  # titles that we propose for its quick replies
    marketing: bool = False
    unit: str = ""
    distance: int = 0
    nearest: int = 0
    farthest: int = 0
    distance_label: str = ""
    sends_from: time = time(9)
    sends_until: time = time(20)
    cap: int = 3
    cap_days: int = 1
    looks: bool = False  # a job looks for its cases; else something that happens is its case

    @property
    def category(self) -> str:
        return "marketing" if self.marketing else "utility"


RULES = {one.kind: one for one in (
    Rule(
        Kind.BOOKED, _("Cuando recepción da un turno o le cambia el horario. Los que da la recepcionista por WhatsApp "
                       "ya quedaron dichos en la conversación."),
        OF_VISIT, "Hola {nombre}. Tu turno en {clinica} quedó para el {dia} a las {hora}, con {profesional}, en "
        "{direccion}.", "turno_dado",
        "Hola {{1}}. Tu turno en {{2}} quedó para el {{3}} a las {{4}}, con {{5}}, en {{6}}. Si no podés venir, "
        "avisanos por acá.", ("first_name", "clinic", "day", "time", "professional", "address"),
        sends_from=time(8), sends_until=time(22), cap=5),
    Rule(
        Kind.REMINDER, _("El día anterior, a todos los turnos del día, con botones para confirmar, reprogramar o "
                         "cancelar."),
        OF_VISIT, "Hola {nombre}. Te recordamos el turno de {paciente} en {clinica}: {dia} a las {hora}, con "
        "{profesional}, en {direccion}. ¿Venís?", "recordatorio_turno",
        "Hola {{1}}. Te recordamos el turno de {{2}} en {{3}}: {{4}} a las {{5}}, con {{6}}, en {{7}}. ¿Nos confirmás "
        "si venís?", ("first_name", "patient", "clinic", "day", "time", "professional", "address"), buttons=REPLIES,
        replies=tuple(action.label for action in REPLIES),
        unit=DAYS, distance=1, nearest=1, farthest=7, distance_label=_("Días antes del turno"), sends_from=time(10),
        looks=True),
    Rule(
        Kind.BEFORE, _("Antes del turno, si el tratamiento tiene indicaciones previas."), (*OF_VISIT, "instructions"),
        "Hola {nombre}. Para tu turno del {dia} a las {hora}: {indicaciones}", "indicaciones_previas",
        "Hola {{1}}. Para tu turno en {{2}} del {{3}} a las {{4}} tené en cuenta: {{5}} Cualquier duda, escribinos.",
        ("first_name", "clinic", "day", "time", "instructions"), unit=DAYS, distance=2, nearest=1, farthest=14,
        distance_label=_("Días antes del turno"), sends_from=time(10), looks=True),
    Rule(
        Kind.MISSED, _("Cuando se marca que el paciente faltó, para darle otro turno."), OF_VISIT,
        "Hola {nombre}. No pudimos verte el {dia} a las {hora}. Si querés otro turno, escribinos por acá y lo "
        "buscamos.", "turno_ausente",
        "Hola {{1}}. No pudimos verte en {{2}} el {{3}} a las {{4}}. Si querés otro turno, respondé este mensaje y lo "
        "buscamos.", ("first_name", "clinic", "day", "time"), unit=HOURS, distance=1, nearest=0, farthest=72,
        distance_label=_("Horas después del turno")),
    Rule(
        Kind.AFTER_VISIT, _("Después de que el paciente fue atendido, para saber cómo sigue."), OF_VISIT,
        "Hola {nombre}. Gracias por venir a {clinica}. ¿Cómo te sentís después de {tratamiento}? Si algo te molesta, "
        "escribinos por acá.", "despues_de_la_visita",
        "Hola {{1}}. Gracias por venir a {{2}}. ¿Cómo te sentís después de {{3}}? Si algo te molesta, respondé este "
        "mensaje.", ("first_name", "clinic", "treatment"), unit=HOURS, distance=20, nearest=0, farthest=240,
        distance_label=_("Horas después de atenderlo"), cap=1, cap_days=7),
    Rule(
        Kind.AFTER, _("Al terminar, si el tratamiento tiene indicaciones posteriores."), (*OF_VISIT, "instructions"),
        "Hola {nombre}. Indicaciones después de {tratamiento}: {indicaciones}", "indicaciones_posteriores",
        "Hola {{1}}. Después de {{2}} en {{3}}: {{4}} Si algo te preocupa, escribinos.",
        ("first_name", "treatment", "clinic", "instructions"), unit=HOURS, distance=0, nearest=0, farthest=72,
        distance_label=_("Horas después de atenderlo"), sends_from=time(8), sends_until=time(22)),
    Rule(
        Kind.WAITLIST, _("Cuando se libera un horario para alguien de la lista de espera que no escribió en las "
                         "últimas 24 h. Apagada, lo llama recepción."),
        (*OF_VISIT, "until"), "", "lista_de_espera",
        "Hola {{1}}. Se liberó un turno en {{2}}: {{3}} el {{4}} a las {{5}}, con {{6}}. Te lo guardamos hasta las "
        "{{7}}. ¿Lo querés?", ("first_name", "clinic", "treatment", "day", "time", "professional", "until"),
        replies=(_("Sí, lo quiero"), _("No, gracias")), sends_from=time(8), sends_until=time(22)),
    Rule(
        Kind.PAYMENT, _("Cuando un paciente debe algo y hace días que no hay movimientos en su cuenta. Una vez por "
                        "deuda."),
        (*OF_CLINIC, "amount"), "Hola {nombre}. En {clinica} te quedó un saldo de {importe}. Si ya lo pagaste, "
        "avisanos por acá.", "saldo_pendiente",
        "Hola {{1}}. En {{2}} figura un saldo pendiente de {{3}}. Si ya lo pagaste o querés arreglarlo, respondé este "
        "mensaje.", ("first_name", "clinic", "amount"), unit=DAYS, distance=7, nearest=1, farthest=180,
        distance_label=_("Días sin movimientos"), sends_from=time(10), sends_until=time(18), cap=1, cap_days=30,
        looks=True),
    Rule(
        Kind.REACTIVATION, _("Cuando un paciente lleva meses sin venir y no tiene turno. Es una promoción: no va a "
                             "quien pidió no recibirlas."),
        OF_CLINIC, "Hola {nombre}. Hace un tiempo que no venís a {clinica}. ¿Querés que busquemos un turno de "
        "control?", "volver_a_controlarse",
        "Hola {{1}}. Hace un tiempo que no venís a {{2}}. Si querés un turno de control, respondé este mensaje y lo "
        "buscamos.", ("first_name", "clinic"), marketing=True, unit=MONTHS, distance=6, nearest=1, farthest=36,
        distance_label=_("Meses sin venir"), sends_from=time(10), sends_until=time(18), cap=1, cap_days=90,
        looks=True),
)}

ONCE_A_DAY = {Kind.PAYMENT, Kind.REACTIVATION}  # the others look every few minutes

REASONS = {  # why a message was not sent, for whoever reads the list
    "off": _("La regla se apagó antes"),
    "no_channel": _("No hay un número de WhatsApp encendido"),
    "no_phone": _("El paciente no tiene teléfono"),
    "guardian_no_phone": _("El responsable no tiene teléfono"),
    "no_whatsapp": _("Ese teléfono no tiene WhatsApp"),
    "opted_out": _("Pidió no recibir promociones"),
    "capped": _("Ya recibió los mensajes que permite la regla"),
    "told": _("Ya lo sabía: se dio en la conversación"),
    "fresh": _("El turno se dio poco antes: ya lo sabía"),
    "changed": _("El turno cambió o se canceló"),
    "too_late": _("Ya era tarde para avisar"),
    "settled": _("Ya no hace falta"),
    "archived": _("La ficha está archivada"),
    "no_template": _("Hace más de 24 h que no escribe y la regla no tiene plantilla"),
    "template_not_usable": _("WhatsApp no deja usar la plantilla"),
    "template_values": _("Falta un dato para completar la plantilla"),
    "template_changed": _("La plantilla cambió: hay que decir de nuevo qué va en cada variable"),
    "out_of_hours": _("Fuera de la hora de envío"),
    "with_staff": _("Recepción tiene la conversación"),
    "fault": _("Falló al armarlo"),
}
