"""Whether words ask to cancel a visit: said as an order, as a yes to our question, or only mentioned. Pure."""

import re

from dentalogic.lib.text import fold

_CANNOT = re.compile(
    r"\bno (?:me es posible|(?:voy a |vamos a )?(?:poder|puedo|podre|podria|llego|voy|vamos)(?: a)?"
    r"(?: (?:ir|asistir|llegar|venir))?)\b"
)
_NO = re.compile(r"\b(?:no|ni|nunca|jamas|tampoco|sin|ningun\w*)\b")
_DOUBTS = re.compile(
    r"\?|\bsi (?:no|me|te|se|la|el|lo|puedo|llego|hay|es|llueve|cancelo|cancelara|cancelamos|tengo|quiero)\b"
    r"|\b(?:por las dudas|en caso"
    r"|a menos|salvo que|cuando|capaz|quizas?|tal vez|a lo mejor|todavia|por ahora|despues|mas adelante|antes de"
    r"|iba a|pensaba|estaba por|me (?:lo )?cancelaron|cancelaste|cancelaron|hasta que)\b"
)
_KEEPS = re.compile(
    r"\b(?:pero|mejor|manten\w*|dej(?:a|e|en|alo|emos)|queda\w*|conserv\w*|sigue|seguir|asist\w+|cambi\w+|mov\w+"
    r"|pas(?:a|alo|ar|arlo)|otr[oa]s?|voy|confirmo (?:el|mi|la|que|asist\w*))\b"
)
_YES = re.compile(
    r"(?:bueno |ah |ay |hola )?(?:si+|sip|sisi|dale|ok|okey|oka|confirmo|correcto|exacto|por favor|porfa|obvio|claro"
    r"|listo|perfecto|bueno|de acuerdo|esta bien"
    r"|cancel(?:a|ala|alo|ame|amelo|en|enlo|arlo)|anul(?:a|ala|alo|ame|amelo|en|enlo))\b|👍"
)
_OPENING = (
    r"(?:hola|buenas|buenos dias|buen dia|buenas tardes|por favor|porfa|si|dale|ok|bueno|entonces|gracias|che|ya"
    r"|necesito que|quiero que|les pido que|te pido que|me)"
)
_VERB = (
    r"(?:cancel(?:a|ala|alo|ame|amelo|amela|en|enlo|enme|enmelo|es|e)|anul(?:a|ala|alo|ame|amelo|en|enlo|enme|es|e)"
    r"|da(?:le|me|melo|lo)? de baja|den(?:me)? de baja|borra(?:me|lo|melo)?)"
)
_ORDER = re.compile(
    rf"^(?:{_OPENING} )*{_VERB}(?: (?:por favor|porfa|gracias))*"
    r"(?:$| (?:el|mi|la|ese|este|esa|esta|del?|dicho) ?(?:turno|cita|visita|hora|reserva|del?|de la|\d|lun|mar|mie|jue"
    r"|vie|sab|dom|manana|hoy|control|limpieza|consulta|con)\w*)"
)
_OF_ANOTHER = re.compile(r"\bde (?:mi|su|nuestr[oa]) \w+")
_MENTIONS = re.compile(r"\b(?:cancel\w*|anul\w*|suspend\w*|dar(?:lo|me)? de baja|dejar sin efecto|borr\w*)\b")


def ordered(text: str) -> bool:
    """"Cancelá mi turno": neither asked, nor supposed, nor denied, nor somebody else's."""
    plain = _CANNOT.sub(" ", fold(text))
    if _takes_back(plain) or _OF_ANOTHER.search(plain):
        return False
    return any(_ORDER.search(clause) for clause in _clauses(plain))


def agreed(text: str) -> bool:
    """A yes to "¿Confirmás que cancele…?" that takes nothing back."""
    plain = _CANNOT.sub(" ", fold(text))
    return not _takes_back(plain) and any(_YES.match(clause) for clause in _clauses(plain))


def _takes_back(plain: str) -> bool:
    return any(shape.search(plain) for shape in (_DOUBTS, _NO, _KEEPS))


def _clauses(plain: str) -> list[str]:
    return [" ".join(clause.split()) for clause in re.split(r"[.,;:!¡\n]+", plain)]


def mentioned(text: str) -> bool:
    """They speak of cancelling, or cannot come, and do not say that it should stay."""
    plain = fold(text)
    rest = _CANNOT.sub(" ", plain)
    return bool(_MENTIONS.search(rest) or rest != plain) and not denied(text)


_ON = re.compile(
    r"^\W*(?:(?:y|ah|e|bueno|ahora|si|tambien)\W+)*(?:el|la|los|las) (?:otr[oa]s?|del? \w+(?: \w+){0,2})"
    r"(?: turnos?)?(?: tambien)?(?: por favor| porfa)?\W*$"
    r"|\btambien (?:el|la) (?:otr|de)|\b(?:el|la) otr[oa](?: turno)? tambien\b"
)


def goes_on(text: str) -> bool:
    """After one was cancelled: "y el otro también"."""
    return bool(_ON.search(fold(text)))


def denied(text: str) -> bool:
    """"No me canceles el turno", "no quiero cancelar"."""
    plain = _CANNOT.sub(" ", fold(text))
    return bool(re.search(r"\b(?:no|ni|nunca|tampoco|sin)(?: \w+){0,4} (?:cancel|anul|suspend|borr)\w*", plain))
