"""Everything that one turn's words say, before anything is done about it."""

import re
from dataclasses import dataclass, field, replace

from agenda.models import TreatmentType
from agenda.when import When, is_unclear, parse
from clinics import tenancy
from clinics.models import Professional
from clinics.patients import insurance
from clinics.patients.models import Insurer
from dentalogic.lib.text import fold
from messaging.receptionist import attached, cancelling, contact, insurers, triage, understanding
from messaging.receptionist.case import Case
from messaging.receptionist.catalogue import Catalogue
from messaging.receptionist.dialogue.turn import symptom_told
from messaging.receptionist.spelling import put_right
from messaging.receptionist.tools.booking import choosables, missing, other_of_two
from messaging.receptionist.tools.people import asks_for_person
from messaging.receptionist.understanding import Choice, Document, Name

SAYS = {
    name: re.compile(pattern)
    for name, pattern in {
        "greets": r"\b(?:hola+|holis|buen(?:as|os)?|buen dia|que tal|saludos)\b",
        "thanks": r"\b(?:mil |muchas |muchisimas )?gracias+\b|\bagradec\w+|\bte pasaste\b",
        "bye": r"\b(?:chau|chao|adios|hasta (?:luego|manana|pronto|el)|nos vemos|saludos|buen finde|abrazo)\b",
        "yes": understanding.YES,
        "no": r"^\W*(?:no+|nop|nah|ninguno|ninguna|tampoco|para nada|mejor no)\b|\bningun[oa] (?:me|de)\b",
        "declines": r"\bno,? gracias\b|\b(?:dejalo|deja|olvidate|olvidalo|no importa|ya no (?:quiero|necesito"
        r"|hace falta)|despues veo|"
        r"lo pienso|te aviso|mas adelante te|por ahora no|otro dia te)\b",
        "books": r"\b(?:turnos?|cita|hora|reserv\w+|agend\w+|sacar|atenderme|me atiendan|quiero ir|verme"
        r"|me vean|"
        r"disponib\w+|lugar|(?:que|q|k) (?:dias?|horarios?|turnos?) (?:tenes|tienen|hay|tendrias|manejan)"
        r"|tenes (?:algo|libre)|hay (?:algo|lugar|turno))\b",
        "cancels": r"\b(?:cancel\w+|anul\w+|dar de baja|dejar sin efecto|suspend\w+|borr(?:ar|ame|a) (?:el"
        r"|mi) turno|eliminar)\b",
        "moves": r"\b(?:reprogram\w+|reagend\w+|posterg\w+|adelantar|correr(?:lo)?|atrasar|mov(?:er|erlo|elo"
        r"|eme)|(?:cambi(?:ar|arlo|o|ame|alo|armelo|emos)"
        r"|pas(?:ar|arlo|ame|armelo|alo|emos))(?: \w+){0,4} (?:turno|dia|fecha|hora|horario|cita|para|al|a la)"
        r"|cambi(?:ar|arlo|alo|ame|arme) (?:el|mi|de) \w+)\b",
        "cannot_come": r"\b(?:no (?:voy a |vamos a )?(?:poder |puedo |podre |podria |llego a )(?:ir|asistir"
        r"|llegar|venir)|no llego|no voy a (?:ir|llegar)|"
        r"no puedo ir|se me complico|me surgio algo|surgio un|tuve un (?:imprevisto|problema))\b",
        "lists": r"\b(?:que turnos? tengo|tengo (?:algun )?turno|mi turno (?:es|era|cuando|sigue|esta|quedo)|"
        r"cuando (?:es|era"
        r"|tengo|me toca)(?: (?:el|mi))?(?: turno| cita)?|"
        r"a que hora (?:es|era|tengo|tenia)(?: (?:el|mi))?(?: turno)?|mis turnos|recorda\w+ (?:el|mi|cuando)"
        r"|turnos que tengo|ver mi turno|consultar mi turno)\b",
        "other_time": r"^\W*otr[oa]s?\W*$|\b(?:otro (?:dia|horario|turno|momento)|otra (?:fecha|hora|opcion)"
        r"|otros (?:horarios"
        r"|dias)|otras (?:opciones|fechas)|mas (?:opciones|horarios)|"
        r"algo (?:mas )?(?:antes|tarde|temprano)|no (?:me )?(?:sirven?|quedan?|va|van|puedo|vienen?)"
        r"|no hay otr\w+|no puedo es[eo]s? dias?|ningun[oa]|mas tarde|mas temprano)\b",
        "other_person": r"\b(?:(?:turno|es|sacar|pedir|reservar|seria|quiero)(?: \w+){0,4} para (?:mi|un|una|el"
        r"|la) |es para (?:mi|el|ella)|para mi )"
        r"(?:hij[oa]s?|nen[ea]|bebe|mam\w*|pap\w*|madre|padre|espos[oa]|marido|mujer|abuel[oa]|herman[oa]"
        r"|novi[oa]|pareja|ti[oa]|prim[oa]|amig[oa]|sobrin[oa]|niet[oa]|"
        r"suegr[oa]|familiar)\b",
        "any_doctor": r"\b(?:cualquier(?:a)? (?:doctor\w*|dr|dra|profesional|odontolog[oa])|con (?:cualquiera"
        r"|el que sea|quien sea)|me da igual (?:quien|con quien))\b",
        "waits": r"\b(?:ahora (?:te )?l[oa] \w+|ya te (?:l[oa] )?(?:paso|mando|digo)|esper(?:a|ame|en)"
        r"|l[oa] busco|bancame|"
        r"(?:dame )?un (?:minut\w*|segund\w*|moment\w*|rat\w+|toque)|no (?:me )?(?:acuerdo|recuerdo)|en un rato te)\b",
        "any_option": understanding.ANY,
    }.items()
}  # fmt: skip
ASKS = {
    name: re.compile(pattern)
    for name, pattern in {
        "address": r"\b(?:donde (?:quedan?|estan?|es|atienden|tengo que ir|se encuentran|queda)|direccion"
        r"|ubica\w+|como llego|por donde|en que (?:calle|zona|barrio))\b",
        "hours": r"\b(?:horarios? de (?:atencion|la clinica)|(?:a )?que (?:hora|horario|dias) (?:abren|cierran"
        r"|atienden|trabajan|estan)|(?:abren|atienden|estan|trabajan|abierto)"
        r"(?: \w+){0,2} (?:los )?(?:sabados?|domingos?|feriados?|fines? de semana|lunes|a la (?:tarde|noche"
        r"|manana))|(?<!me )(?<!nos )\b(?:abren|atienden|trabajan)(?: \w+)? el (?:lunes|martes|miercoles|jueves"
        r"|viernes|sabado|domingo|feriado|\d)|hasta que hora|desde que hora|en que horarios? atienden"
        r"|cuando atienden)\b",
        "services": r"\b(?:que (?:tratamientos|servicios|cosas)(?: \w+)? (?:hacen|tienen|ofrecen|realizan)"
        r"|que hacen|servicios|lista de tratamientos|que tratamientos)\b",
        "does": r"\b(?:hacen|realizan|colocan|ponen|ofrecen)\b(?! (?:turnos?|lugar|horario"
        r"|algo|hora|precio|disponib\w*|para|estacionamiento|obra|urgencia))",
        "price": r"\b(?:cuanto (?:sale|cuesta|vale|cobran|es|seria|esta|estan|salen|me sale)|precios?"
        r"|valor(?:es)?|costos?|arancel\w*|presupuesto|tarifas?|que sale|cuanta plata"
        r"|cuanto (?:hay que|tengo que|tendria que|se|voy a) (?:pag\w+|abon\w+)|a cuanto)\b",
        "payment": r"\b(?:tarjetas?|efectivo|transferencia|mercado ?pago|cuotas|formas? de pago|medios? de pago"
        r"|debito|credito|factura)\b",
        "parking": r"\b(?:estacionamiento|estacionar|cochera|garage|rampa|ascensor|silla de ruedas|accesib\w+)\b",
        "professionals": r"\b(?:quien(?:es)? (?:atiende\w*|me atiende|son los|trabajan)|que (?:doctor\w*"
        r"|profesional\w*|odontolog\w*)(?: \w+)? (?:hay|tienen|atiende\w*|trabaja\w*)|con quien (?:es|seria)"
        r"|profesionales tienen)\b",
        "insurance": r"\b(?:atienden|toman|aceptan|trabajan con|reciben|tienen convenio|cubre\w*"
        r"|por)(?: \w+){0,3} (?:obras? social\w*|prepaga\w*)|que obras sociales\b",
        "preparation": r"\b(?:que (?:tengo que|debo|hay que|llevo|necesito) (?:llevar|traer|hacer antes)"
        r"|en ayunas|ayuno|llevar algo|algo especial|(?:tengo|hay) que llevar|alguna (?:preparacion|indicacion)"
        r"|puedo (?:comer|desayunar) antes|tengo que llevar)\b",
        "phone": r"\b(?:telefono de|numero de telefono|a que numero|un telefono para llamar|puedo llamar)\b",
        "bot": r"\b(?:sos (?:un |una )?(?:robot|bot|persona|humano|humana|real|maquina|ia|inteligencia)"
        r"|(?:hablo|estoy hablando) con (?:un |una )?(?:robot|bot|persona|maquina)|es (?:un )?(?:bot|robot))\b",
        "fear": r"\b(?:tengo (?:mucho |un poco de )?(?:miedo|panico|terror|fobia)|me da (?:mucho )?(?:miedo"
        r"|impresion|panico)|duele (?:mucho )?(?:hacerse|sacarse|ponerse|el (?:conducto"
        r"|tratamiento|implante|blanqueamiento)|la (?:extraccion|limpieza|anestesia|endodoncia))|va a doler)\b",
    }.items()
}  # fmt: skip
_BEFORE_ASKING = (
    r"(?:^|[.!?])\W*(?:(?:hola+|buen\w*|dias?|tardes?|noches?|que tal|como (?:estas?|andas?|va)|disculp\w+|perdon\w*"
    r"|doctora?|che|si|ah|y)\b\W*)*"
)
ASIDE = re.compile(
    r"\b(?:(?:te|les|le) )?(?:consulto|consultaba|consultar(?:te|les|le)?)\b|"
    r"\b(?:(?:te|les|le) )?(?:hago|hacer(?:te|les|le)?|tengo|tenia|queria hacer\w*|quiero hacer\w*"
    r"|quisiera hacer\w*|otra)"
    r" (?:una |otra |un par de )?(?:consultas?|preguntas?)\b|"
    rf"{_BEFORE_ASKING}(?:una )?(?:consult(?:it)?a|pregunta)\b(?=\s*[:,.]\s*\w)|"
    r"\b(?:sin|no (?:tengo|siento|hay)|ningun|nada de|no me causa) (?:ningun )?dolor\b"
)
POLITE = re.compile(
    r"\b(?:gracias|dale|ok|okey|listo|bueno|hola|perfecto|joya|genial|si|no|claro|por favor|porfa|chau"
    r"|buen[oa]s|dias?|tardes|noches|ah|"
    r"barbaro|excelente|quiero|necesito|turno|eso|esa|ese|nada|prepaga|mutual|privada|social)\b"
)
FILLER = re.compile(
    r"\b(?:si|tengo|soy|de|la|el|mi|es|por|obra|social|prepaga|con|hola|gracias|una|un|afiliad[oa]|a|dale|ok"
    r"|bueno|plan|del|los|socio|estoy|en|y|me|llama|ya te (?:lo )?dije|te (?:lo )?dije|ya (?:lo )?dije|dije)\b"
)


ELSEWHERE = {"declines", "cancels", "moves", "books", "lists", "cannot_come", "other_time", "other_person", "bye"}


@dataclass
class Heard:
    text: str
    plain: str
    says: set[str] = field(default_factory=set)
    asks: set[str] = field(default_factory=set)
    person: bool = False
    treatments: list[TreatmentType] = field(default_factory=list)
    professional: Professional | None = None
    insurance: Insurer | str | None = None
    when: When | None = None
    when_unclear: bool = False
    name: Name | None = None
    document: Document | None = None
    bad_document: bool = False
    phone: str = ""
    bad_phone: bool = False
    media: set[str] = field(default_factory=set)  # kinds of what came without words
    pictured: bool = False  # an image or a document came with words
    tapped: str = ""
    choice: Choice = Choice()

    def __contains__(self, what: str) -> bool:
        return what in self.says

    @property
    def has_facts(self) -> bool:
        who = self.insurance or self.name or self.document or self.phone
        return bool(self.treatments or self.professional or self.when or self.tapped or self.choice.code or who)


@tenancy.atomic
def listen(case: Case, catalogue: Catalogue) -> Heard:
    text = case.text
    wordless = attached.wordless(case)
    heard = Heard(text, put_right(text), media=wordless)
    heard.pictured = attached.pictured(case)
    said = ASIDE.sub(" ", heard.plain)
    lines = [ASIDE.sub(" ", put_right(line)) for line in text.splitlines()] or [""]
    heard.says = {name for name, shape in SAYS.items() if any(shape.search(line) for line in lines)}
    if cancelling.denied(text):
        heard.says = heard.says - {"cancels"} | {"keeps"}
    heard.asks = {name for name, shape in ASKS.items() if shape.search(heard.plain)}
    heard.person = asks_for_person(text)
    heard.tapped = next((one.reply_id for one in reversed(case.messages) if one.reply_id), "")
    heard.treatments = catalogue.treatments_in(said)
    heard.professional = catalogue.professional_in(text)
    heard.when = parse(text, today=case.today)
    heard.insurance = _insurance(case, heard, catalogue)
    heard.when_unclear = heard.when is None and is_unclear(text, today=case.today)
    heard.choice = _choice(case, heard)
    _identity(case, heard)
    if heard.name and heard.treatments:  # Dolores is not a pain
        named = "|".join(re.escape(word) for word in f"{heard.name.first} {heard.name.last}".casefold().split())
        heard.treatments = catalogue.treatments_in(re.sub(rf"\b(?:{named})\b", " ", ASIDE.sub(" ", text.casefold())))
    return heard


def _choice(case, heard) -> Choice:
    """Which option of the live offer the words single out."""
    if case.offer is None or case.stage not in ("options", "data"):
        return Choice()
    if case.offer.option(heard.tapped):
        return Choice(code=heard.tapped)
    if heard.when is None and (other := other_of_two(case, case.offer, heard.text)):
        heard.says = heard.says - {"other_time"}
        return Choice(code=other)
    found = choosables(case, case.offer)
    if case.stage == "data" and not re.search(r"\b(?:con|dra?|doctora?)\b", heard.plain):
        found = [replace(one, professional="") for one in found]
    return understanding.choice(heard.text, found, today=case.today)


def _insurance(case, heard, catalogue):
    found = insurance.understand(catalogue.insurers_spelled(heard.plain))
    if isinstance(found, Insurer):
        return found
    asked = case.stage == "insurance" or (case.stage == "data" and missing(case) == ["insurance"])
    if asked and found is None and re.search(r"\bno (?:tien\w+|tengo|ten[ie]a)\b", heard.plain):
        found = insurance.PARTICULAR
    spoken = re.search(r"\b(?:particular|obra social|prepaga|mutual|cobertura)\b", heard.plain)
    if found == insurance.PARTICULAR and (asked or (spoken and "insurance" not in heard.asks)):
        return found
    return _unlisted(case, heard) if asked else insurers.stated(heard.text) or None


_A_CHOICE = r"\W*(?:(?:el|la|los|las|quiero|prefiero|dame) )*(?:primer[oa]?|segund[oa]|ultim[oa]|otr[oa]|es[aeo])\W*"


def _unlisted(case, heard) -> str | None:
    """An insurer the clinic does not list, said when it was asked: a word or three that are nothing else."""
    if not heard.text.strip() or "?" in heard.text or heard.treatments or heard.when or heard.asks or heard.says & ELSEWHERE:
        return None
    if symptom_told(case) or re.fullmatch(_A_CHOICE, heard.plain):
        return None
    if re.search(r"\b(?:no se|nose|ni idea|despues te|ahora te|cual)\b", heard.plain):
        return None
    last = POLITE.sub(" ", fold(heard.text.splitlines()[-1]))
    left = " ".join(re.sub(r"[^\w ]", " ", FILLER.sub(" ", last)).split())
    words = re.sub(r"[^\w\s]", " ", heard.text.splitlines()[-1]).split()
    kept = [word for word in words if fold(word) in left.split()]
    if not (1 <= len(kept) <= 4 and any(word.isalpha() and len(word) > 1 for word in kept)):
        return None
    return " ".join(word if word != word.lower() else word.upper() if len(word) < 6 else word.title() for word in kept)


def _identity(case, heard):
    absent = missing(case)
    text = _phone(case, heard, absent)
    heard.document = None if heard.bad_phone else understanding.document(text)
    asked = case.stage == "data" or (case.stage == "options" and heard.document is not None)
    heard.bad_document = asked and "dni" in absent and not (heard.document or heard.bad_phone) and (
        understanding.looks_like_a_document(text))  # fmt: skip
    if isinstance(heard.insurance, Insurer):
        for word in (heard.insurance.name, *heard.insurance.aliases):
            text = re.sub(rf"\b{re.escape(word)}\b(?: \d{{2,4}})?", " ", text, flags=re.IGNORECASE)
    if heard.asks or heard.says & {"cancels", "moves", "lists", "cannot_come", "other_time"} or "?" in text:
        asked = False
    elsewhere = heard.when or heard.professional or heard.choice != Choice()
    if asked and elsewhere and (not heard.document or case.stage == "options"):
        asked = False
    if not {"first_name", "last_name"} & set(absent):
        asked = False
    only_last = asked and bool(case.facts.first_name) and not case.facts.last_name
    heard.name = understanding.name(text) if symptom_told(case) else None
    if case.stage == "options" and {"first_name", "last_name"} & set(absent) and heard.choice == Choice():
        heard.name = heard.name or (None if heard.professional else understanding.whole_name(text))
    heard.name = heard.name or understanding.name(_unhurt(case, text), asked=asked, only_last=only_last)


def _unhurt(case, text: str) -> str:
    """The text without the sentences that tell a symptom: nothing of them is a name."""
    if not symptom_told(case):
        return text
    sentences = re.split(r"[\n;!?]+|\.(?=\s|$)", text)
    calm = [one for one in sentences if triage.assess(one).level == triage.NONE]
    return "\n".join(calm) if len(calm) < len(sentences) else ""


def _phone(case, heard, absent) -> str:
    """Heard before the document, which a phone's digits would pass for; the text without it."""
    if "phone" not in absent:
        return heard.text
    asked = case.stage == "data"
    heard.phone, rest = contact.phone(heard.text, country=case.tenant.country, asked=asked)
    heard.bad_phone = asked and not heard.phone and contact.looks_like_a_phone(heard.text, only=absent == ["phone"])
    return rest
