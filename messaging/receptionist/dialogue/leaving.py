"""What a person settles: who asks for one, a complaint, a datum of the record that is wrong."""

import re

from messaging.receptionist import phrases_talk
from messaging.receptionist.case import Case
from messaging.receptionist.dialogue.hearing import Heard
from messaging.receptionist.tools.people import PRESSING

_HOW_LONG = r"(?:una|dos|tres|media|\d+|mas de una|un rato|mucho|rato|veinte|treinta|cuarenta)"
_NOBODY = (
    r"(?:(?:nadie|nunca) (?:me |nos )"
    r"(?:atiend\w+|atendi\w+|contest\w+|respond\w+|llam[ao]\w*|solucion\w+|devolv\w+)"
    r"|no (?:me |nos )(?:atendieron|contest(?:an|aron)|respond(?:en|ieron)|llamaron|devolvieron|solucionaron))"
)
_COMPLAINS = re.compile(
    r"\breclam\w+|\b(?:una |hacer una |presentar una |tengo una )queja\w*|\bquejar\w*|\bdenunci\w+"
    r"|\b(?:atendieron|trataron|hicieron esperar)(?: muy| re| tan)? mal\b"
    r"|\bmal(?:a|isima)? (?:atencion|trato|experiencia)"
    r"|\bpesim[oa] (?:atencion|servicio|trato|experiencia)\b|\b(?:una|que) verguenza\b|\bvergonzos\w+"
    r"|\bfalta de respeto\b|\binadmisible\b|\bestaf\w+|\bmaltrat\w+"
    r"|\b(?:me |nos )?cobraron (?:de mas|mal|dos veces|el doble|algo|demas)\b|\b(?:disconforme|indignad\w+)\b"
    rf"|\bhace (?:como |casi |ya )?{_HOW_LONG}(?: horas?| minutos?| y media)* que (?:estoy )?esper\w+"
    rf"|\b(?:estoy|llevo|llevamos|estamos) (?:hace )?{_HOW_LONG}(?: horas?| minutos?)* esperando"
    rf"|\besperando (?:hace|desde hace) {_HOW_LONG}|\b{_NOBODY}\b(?!.*\bpued)"
    r"|\bme (?:quedo|hicieron|dejaron|pusieron|arreglaron) (?:muy |re )?mal\b"
)
_LATE = re.compile(
    r"\b(?:llego|llegamos|llegar|llegando|voy|vamos) (?:[\w']+ ){0,4}(?:tarde|atrasad[oa]s?|demorad[oa]s?)\b"
    r"(?! (?:puede|mejor))"
    r"|\bme (?:demoro|atraso|retraso)\b|\b(?:estoy|vengo) (?:\w+ )?(?:atrasad[oa]|demorad[oa])\b"
)
_DATUM = (
    r"(?:apellido|nombre|dni|documento|e-?mail|mail|correo|telefono|celular|celu|numero(?: de (?:telefono|celular))?"
    r"|domicilio|direccion|fecha de nacimiento|obra social|prepaga|datos?|ficha)"
)
_WRONG = (
    r"(?:mal(?: (?:escrit|cargad|anotad|puest|registrad)\w+)|esta(?:n)? mal|equivocad\w+|incorrect\w+|quedo mal"
    r"|(?:pusieron|escribieron|anotaron|cargaron|tienen|tenes) mal|desactualizad\w+|viej[oa])"
)
_CORRECTS_RECORD = re.compile(
    rf"\b(?:mi|mis|el|los|la) {_DATUM}\b.{{0,25}}\b{_WRONG}\b|\b{_WRONG}\b.{{0,12}}\b(?:mi|mis|el|los) {_DATUM}\b"
    r"|\b(?:cambie|cambio|actualiz\w+|corregir|corrij\w+|modific\w+|cambiar)\b"
    rf"(?: (?:de|mi|mis|el|los|la|tus))* {_DATUM}\b"
    r"|\bme mude\b"
)
BEING_TOLD = {"insurance", "options", "data"}  # what is wrong now is what this very conversation has heard


def reason(case: Case, heard: Heard) -> str:
    """Why a person takes over, or ""; what is urgent is attended first."""
    if heard.person:
        return "asked_for_person"
    if case.facts.urgent in PRESSING or heard.wishes:
        return ""
    told = told_of(heard.plain)
    being_told = case.stage in BEING_TOLD or (case.stage == "done" and (heard.document or heard.name))
    return "" if told == "data_correction" and being_told else told


_WAITS_FOR = re.compile(
    r"\blista de espera\b|\bsi (?:se libera|se desocupa|hay|sale|aparece|te cancela\w*|se cae) (?:algo"
    r"|algun\w*|alguien|un (?:lugar|turno|hueco))(?: \w+){0,3} (?:antes|temprano|avis\w+)"
    r"|\bavis\w+ si (?:se libera|hay algo|aparece)"
)


def told_of(plain: str) -> str:
    """What folded words are about, of these. Pure."""
    if _COMPLAINS.search(plain):
        return "complaint"
    if _WAITS_FOR.search(plain):
        return "waitlist"
    if _LATE.search(plain) and not re.search(r"\bmas tarde\b|\bno llego\b", plain):
        return "running_late"
    return "data_correction" if _CORRECTS_RECORD.search(plain) else ""


def words(reason: str) -> list[str]:
    """What is said before the line of the handoff."""
    match reason:
        case "complaint":
            return [phrases_talk.sorry()]
        case "data_correction":
            return [phrases_talk.team_corrects()]
        case "running_late":
            return [phrases_talk.thanks_for_telling()]
        case "waitlist":
            return [phrases_talk.team_notes()]
    return []
