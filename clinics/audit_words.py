"""What may be written of an event, closed: its keys, what each holds, and how a person reads them.

No key holds a text: a name, a phone, a message or a secret has nowhere to go.
"""
import re

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

SEVERITIES = {
    "info": _("Informativo"), "warning": _("Atención"), "error": _("Error"), "critical": _("Grave"),
}

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_.:-]{0,79}|\d{1,6}")  # a code of ours or a provider's, never a sentence
_MANY_DIGITS = re.compile(r"\d{7}")  # a document or a phone has at least these; no code of ours does


def word(value) -> bool:
    return isinstance(value, str) and bool(_WORD.fullmatch(value)) and not _MANY_DIGITS.search(value)


def number(value) -> bool:
    return type(value) is int


def words(value) -> bool:
    return isinstance(value, list | tuple) and all(word(item) for item in value)


def day(value) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", value))


def amount(value) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"-?\d{1,10}(\.\d{1,2})?", value))


def digest(value) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"[0-9a-f]{0,64}", value))


def flag(value) -> bool:
    return isinstance(value, bool)


KEYS = {
    "access": (word, _("permiso")), "actor": (number, _("persona")), "again": (number, _("veces")),
    "amount": (amount, _("importe")), "appointment": (number, _("turno")), "asked_role": (word, _("rol pedido")),
    "automation": (word, _("automatización")), "capability": (word, _("permiso")), "ceo": (number, _("dirección")),
    "chair": (number, _("sillón")), "changed": (words, _("cambió")), "channel": (number, _("canal")),
    "closure": (number, _("cierre")), "code": (word, _("código")), "conversation": (number, _("conversación")),
    "counted": (amount, _("contado")), "coverage": (number, _("cobertura")), "day": (day, _("día")),
    "difference": (amount, _("diferencia")), "ended": (number, _("terminadas")), "fault": (word, _("falla")),
    "first": (number, _("desde")), "from_role": (word, _("rol anterior")), "hash": (digest, _("huella")),
    "insurer": (number, _("obra social")), "kind": (word, _("tipo")), "last": (number, _("hasta")),
    "kinds": (words, _("tipos")),
    "lead": (number, _("contacto")), "left": (number, _("quedan")), "member": (number, _("cuenta")),
    "message": (number, _("mensaje")), "model": (word, _("modelo")), "name": (word, _("nombre")),
    "on": (flag, _("activo")), "part": (number, _("de cada cien")), "patient": (number, _("ficha")),
    "plan": (number, _("plan")),
    "professional": (number, _("profesional")), "provider": (word, _("proveedor")), "purpose": (word, _("para")),
    "record": (number, _("entrada")), "required": (flag, _("obligatorio")), "rewritten": (number, _("recifradas")),
    "role": (word, _("rol")), "row": (number, _("renglón")), "rows": (number, _("renglones")),
    "seller": (number, _("vendedor")), "session": (number, _("sesión")), "sessions": (number, _("sesiones")),
    "stage": (word, _("etapa")), "status": (number, _("respuesta")), "task": (word, _("tarea")),
    "through": (word, _("por")), "tool": (word, _("herramienta")), "treatment": (number, _("tratamiento")),
    "undone": (word, _("deshizo")), "unreadable": (number, _("ilegibles")), "user": (number, _("persona")),
    "why": (word, _("motivo")),
}

UNFIT = "?"


def checked(payload: dict) -> tuple[dict, list[str]]:
    """The payload as it may be written, and the keys whose value was no such thing: "?" stands in their place.

    Raises ValueError for a key that is not on the list; tests find it before anybody else.
    """
    unknown = sorted(set(payload) - set(KEYS))
    if unknown:
        raise ValueError(f"an audit row has no {', '.join(unknown)}: clinics/audit_words.py lists what it may have")
    given = {key: value for key, value in payload.items() if value is not None}
    unfit = [key for key, value in given.items() if not KEYS[key][0](value)]
    return given | dict.fromkeys(unfit, UNFIT), unfit


EVENTS = {
    "access": _("Abrió o pidió"),
    "account.renamed": _("Cambió su nombre"),
    "agenda.edited": _("Cambió los datos de un turno"),
    "agenda.overbooked": _("Dio un sobreturno"),
    "agenda.stepped_back": _("Deshizo el último paso de un turno"),
    "audit.broken": _("La auditoría no coincide con sus sellos"),
    "audit.exported": _("Exportó la auditoría"),
    "automation.changed": _("Cambió cómo trabaja una automatización"),
    "automation.failed": _("Falló una automatización"),
    "automation.silent": _("Una automatización no mandó nada en días"),
    "automation.switched": _("Encendió o apagó una automatización"),
    "automation.tested": _("Se mandó la prueba de una automatización"),
    "calendar.connected": _("Confirmó el calendario de un profesional"),
    "calendar.disconnected": _("Desconectó el calendario de un profesional"),
    "calendar.permitted": _("Dio acceso al calendario de un profesional"),
    "calendar.stopped": _("Google dejó de aceptar un calendario"),
    "cash.closed": _("Cerró la caja"),
    "cash.opened": _("Abrió la caja"),
    "chair.added": _("Agregó un sillón"),
    "chair.changed": _("Cambió un sillón"),
    "chair.seated": _("Cambió el sillón de un profesional"),
    "channel.changed": _("Cambió un número de WhatsApp"),
    "channel.connected": _("Conectó un número de WhatsApp"),
    "channel.rotated": _("Cambió las claves de un número de WhatsApp"),
    "channel.tested": _("Mandó un mensaje de prueba"),
    "channel.unwell": _("Un número de WhatsApp dejó de andar bien"),
    "channel.well": _("Un número de WhatsApp volvió a andar bien"),
    "channel_out": _("WhatsApp dejó de aceptar envíos"),
    "clinic.configured": _("Cambió datos o reglas de la clínica"),
    "clinic.created": _("Se creó la clínica"),
    "clinic_switched": _("Cambió de clínica"),
    "closure.added": _("Cerró horas de la agenda"),
    "closure.changed": _("Cambió un cierre"),
    "closure.opened": _("Abrió un día o unas horas"),
    "closure.removed": _("Reabrió horas cerradas"),
    "conversation.emergency": _("Contaron una emergencia por WhatsApp"),
    "conversation.alarm_lost": _("El correo de una emergencia no se pudo mandar"),
    "conversation_given_back": _("Devolvió la conversación a la recepcionista"),
    "conversation_linked": _("Dijo de quién es una conversación"),
    "conversation_noted": _("Dejó una nota en una conversación"),
    "conversation_passed": _("Pasó una conversación a otra persona"),
    "conversation_returned": _("Una conversación volvió sola a la recepcionista"),
    "conversation_taken": _("Tomó una conversación"),
    "conversations_merged": _("Unió dos conversaciones"),
    "conversations_parted": _("Deshizo la unión de dos conversaciones"),
    "coverage.changed": _("Cambió una cobertura"),
    "coverage.removed": _("Quitó una cobertura"),
    "email.confirmed": _("Confirmó su correo"),
    "feed.made": _("Creó la dirección de un calendario para suscribirse"),
    "feed.revoked": _("Dio de baja la dirección de un calendario"),
    "insurer.added": _("Agregó una obra social"),
    "insurer.changed": _("Cambió una obra social"),
    "insurer.removed": _("Quitó una obra social"),
    "limit.reached": _("Llegó a un límite de pedidos"),
    "login": _("Ingresó"),
    "login.refused": _("No pudo ingresar"),
    "logout": _("Salió"),
    "member.reactivated": _("Reactivó una cuenta"),
    "media.attached": _("Adjuntó un archivo"),
    "media.filed": _("Archivó un archivo en una ficha"),
    "media.refused": _("Llegó un archivo que no se acepta"),
    "medical_history.edited": _("Editó antecedentes médicos"),
    "member.activated": _("Activó una cuenta"),
    "member.role": _("Cambió un rol"),
    "member.suspended": _("Suspendió una cuenta"),
    "message_cancelled": _("Canceló un mensaje programado"),
    "message_doubt_decided": _("Dijo si un mensaje dudoso salió"),
    "message_sent_again": _("Volvió a enviar un mensaje"),
    "model.budget": _("El modelo usó casi todo, o todo, su tope del mes"),
    "model.changed": _("Cambió el modelo de la recepcionista o su tope"),
    "model.tried": _("Probó el modelo de la recepcionista"),
    "password.changed": _("Cambió su contraseña"),
    "password.reset": _("Cambió su contraseña con un enlace"),
    "patient.registered": _("Registró un paciente"),
    "patient.updated": _("Editó datos de un paciente"),
    "professional.added": _("Agregó un profesional"),
    "professional.changed": _("Cambió un profesional"),
    "receptionist.attempt": _("Un mensaje quiso dar órdenes a la recepcionista"),
    "receptionist.booked_unproved": _("Dio un turno a una ficha existente desde otro teléfono"),
    "receptionist.caught": _("No salió lo que iba a decir la recepcionista"),
    "receptionist.model_fault": _("El modelo no respondió"),
    "receptionist.tool_fault": _("Falló una herramienta de la recepcionista"),
    "receptionist.tool_lent": _("Usó una herramienta de la recepcionista"),
    "record.read": _("Leyó una historia clínica"),
    "record.signed": _("Firmó en una historia clínica"),
    "refused": _("Se le negó"),
    "registered": _("Pidió una cuenta"),
    "reply.kept": _("Guardó una respuesta rápida"),
    "reply.removed": _("Borró una respuesta rápida"),
    "second_factor.begun": _("Empezó a activar el segundo factor"),
    "second_factor.codes": _("Generó códigos de recuperación"),
    "second_factor.forgotten": _("Se le quitó el segundo factor"),
    "second_factor.off": _("Desactivó el segundo factor"),
    "second_factor.on": _("Activó el segundo factor"),
    "second_factor.recovery_used": _("Usó un código de recuperación"),
    "second_factor.shown": _("Mostró el segundo factor"),
    "session.ended": _("Cerró sesiones"),
    "session.reused": _("Se usó dos veces una sesión: quedó cerrada"),
    "tap.failed": _("Falló un botón de un mensaje"),
    "template_refused": _("WhatsApp no aceptó una plantilla"),
    "template.unusable": _("WhatsApp dejó de aceptar una plantilla"),
    "templates.refreshed": _("Actualizó las plantillas de WhatsApp"),
    "treatment.added": _("Agregó un tratamiento"),
    "treatment.changed": _("Cambió un tratamiento"),
    "treatment.doers": _("Cambió quién hace un tratamiento"),
    "vault.forgotten": _("Se borró una clave de la bóveda"),
    "vault.legacy": _("Se usó una clave del entorno, no de la bóveda"),
    "vault.read": _("Se leyó una clave de la bóveda"),
    "vault.rotated": _("Se volvieron a cifrar las claves"),
    "vault.unreadable": _("No se pudo abrir una clave de la bóveda"),
    "vault.written": _("Se guardó una clave en la bóveda"),
    "webhook_unreadable": _("Llegó un aviso que no se pudo leer"),
    "waitlist.accepted": _("Aceptaron un horario de la lista de espera"),
    "waitlist.joined": _("Puso a alguien en la lista de espera"),
    "waitlist.left": _("Sacó a alguien de la lista de espera"),
    "waitlist.passed": _("No quisieron un horario de la lista de espera"),
    "series.booked": _("Dio las sesiones que faltaban"),
}


PLACES = {  # the first word of a capability, or all of it
    "account": _("su cuenta"), "agenda": _("la agenda"), "alerts": _("alertas de una ficha"),
    "audit": _("la auditoría"), "automations": _("automatizaciones"), "cash": _("la caja"), "clinic": _("ajustes"),
    "conversations": _("mensajes"), "credentials": _("claves"), "exports": _("una exportación"),
    "files": _("archivos de una ficha"),
    "integrations": _("integraciones"), "leads": _("ventas"), "patients": _("pacientes"), "plans": _("planes"),
    "record": _("una historia clínica"), "results": _("resultados"), "revenue": _("ingresos"),
    "simulator": _("el simulador"), "staff": _("personas"),
}


def said(event, *, method="", payload=None) -> str:
    """An event as a person reads it; what was opened or asked for, with where."""
    place = PLACES.get((payload or {}).get("capability", "").partition(".")[0])
    if event == "refused" and place:
        return _t("Se le negó: %(place)s") % {"place": place}
    if event != "access" or not place:
        return str(EVENTS.get(event, event))
    if payload.get("status", 0) >= 400:
        return _t("Pidió %(place)s y no pudo") % {"place": place}
    return (_t("Abrió %(place)s") if method in ("GET", "HEAD") else _t("Cambió algo en %(place)s")) % {"place": place}


def said_of(row) -> str:
    return said(row.event, method=row.method, payload=row.payload)


def details(payload: dict) -> list[tuple[str, str]]:
    """The payload as a person reads it: `("ficha", "12")`."""
    found = []
    for key, value in payload.items():
        label = KEYS[key][1] if key in KEYS else key
        found.append((str(label), _shown(value)))
    return found


def yes(value: bool) -> str:
    return _t("sí") if value else _t("no")


def _shown(value):
    if isinstance(value, bool):
        return yes(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
