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
from messaging.receptionist import attached, cancelling, contact, insurers, naming, triage, understanding
from messaging.receptionist.case import Case
from messaging.receptionist.catalogue import Catalogue
from messaging.receptionist.dialogue.several import Visit, visits
from messaging.receptionist.dialogue.shapes import (
    ASIDE,
    ASKS,
    CORRECTS,
    FILLER,
    FOLLOWS,
    FOR_ME,
    POLITE,
    RELATIVE,
    SAYS,
    WANTS,
    WISHES,
)
from messaging.receptionist.dialogue.turn import symptom_told
from messaging.receptionist.naming import Document, Name
from messaging.receptionist.spelling import put_right
from messaging.receptionist.tools.booking import choosables, missing, other_of_two
from messaging.receptionist.tools.people import asks_for_person
from messaging.receptionist.understanding import Choice

ELSEWHERE = {"declines", "cancels", "moves", "books", "lists", "cannot_come", "other_time", "other_person", "bye"}


OF_A_TREATMENT = {"price", "does", "covers", "preparation", "duration"}


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
    wishes: bool = False  # a visit, whatever is asked beside
    follows: bool = False  # on what was asked or settled before: "¿y el blanqueamiento?"
    corrects: bool = False
    insurer_aside: bool = False  # it is asked about, or somebody else's
    of_another: bool = False  # the name is of the person the visit is for
    choice: Choice = Choice()
    visits: list[Visit] = field(default_factory=list)  # of several people, in one message

    def __contains__(self, what: str) -> bool:
        return what in self.says

    @property
    def only_asks(self) -> bool:
        """The treatment that is named is asked about, not wanted."""
        return bool(self.asks & OF_A_TREATMENT) and not self.wishes

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
    if "puzzled" in heard:
        heard.says.discard("no")
    heard.asks = {name for name, shape in ASKS.items() if shape.search(heard.plain)}
    heard.person = asks_for_person(text)
    heard.corrects = bool(CORRECTS.search(heard.plain))
    heard.follows = bool(FOLLOWS.search(heard.plain))
    if case.facts.for_other or case.stage == "done":
        heard.says |= {"for_me"} if FOR_ME.search(heard.plain) else set()
    heard.tapped = next((one.reply_id for one in reversed(case.messages) if one.reply_id), "")
    heard.treatments = catalogue.treatments_in(said)
    if len(heard.treatments) > 0 and RELATIVE.search(said) and case.stage not in ("options", "data"):
        heard.visits = visits(said, catalogue)
        heard.treatments = [heard.visits[0].treatment] if heard.visits else heard.treatments
    heard.wishes = bool(WISHES.search(heard.plain) or (heard.treatments and WANTS.search(heard.plain)))
    heard.professional = catalogue.professional_in(text)
    heard.when = parse(text, today=case.today)
    heard.insurance = _insurance(case, heard, catalogue)
    _elliptical(case, heard)
    heard.insurer_aside = isinstance(heard.insurance, Insurer) and _not_theirs(case, heard)
    heard.when_unclear = heard.when is None and is_unclear(text, today=case.today)
    heard.choice = _choice(case, heard)
    _identity(case, heard)
    if heard.name and heard.treatments:  # Dolores is not a pain
        named = "|".join(re.escape(word) for word in f"{heard.name.first} {heard.name.last}".casefold().split())
        heard.treatments = catalogue.treatments_in(re.sub(rf"\b(?:{named})\b", " ", ASIDE.sub(" ", text.casefold())))
    return heard


def _elliptical(case, heard) -> None:
    """"¿Y el blanqueamiento?" asks of it what was asked of another; "¿y los domingos?" the same of the hours."""
    if not heard.follows or heard.asks or heard.wishes or case.stage in ("options", "data"):
        return
    before = set(case.facts.asked)
    if heard.treatments:
        heard.asks = before & OF_A_TREATMENT
    elif heard.when and "hours" in before:
        heard.asks = {"hours"}


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
    found = insurance.understand(re.sub(r"\bparticulares\b", "particular", catalogue.insurers_spelled(heard.plain)))
    if isinstance(found, Insurer):
        return found
    asked = case.stage == "insurance" or (case.stage == "data" and missing(case) == ["insurance"])
    if asked and found is None and re.search(r"\bno (?:tien\w+|tengo|ten[ie]a)\b", heard.plain):
        found = insurance.PARTICULAR
    spoken = re.search(r"\b(?:particular(?:es|mente)?|obra social|prepaga|mutual|cobertura)\b", heard.plain)
    if found == insurance.PARTICULAR and (asked or (spoken and "insurance" not in heard.asks)):
        return found
    return _unlisted(case, heard) if asked else insurers.stated(heard.text) or None


_THEIRS = re.compile(r"\b(?:tengo|tenemos|soy|somos|(?:mi|la) (?:obra social|prepaga|mutual)|cambie|ahora)\b")


def _not_theirs(case, heard) -> bool:
    if _THEIRS.search(heard.plain):
        return False
    asks = "?" in heard.text
    another = RELATIVE.search(heard.plain) and "other_person" not in heard.says and not case.facts.for_other
    return bool((another and (asks or case.stage != "insurance")) or (asks and insurers.known_of(case)))


_A_CHOICE = r"\W*(?:(?:el|la|los|las|quiero|prefiero|dame) )*(?:primer[oa]?|segund[oa]|ultim[oa]|otr[oa]|es[aeo])\W*"


def _unlisted(case, heard) -> str | None:
    """An insurer the clinic does not list, said when it was asked: a word or three that are nothing else."""
    if not heard.text.strip() or "?" in heard.text or heard.says & ELSEWHERE:
        return None
    if heard.treatments or heard.when or heard.asks or naming.document(heard.text):
        return None
    if symptom_told(case) or re.fullmatch(_A_CHOICE, heard.plain):
        return None
    if re.search(r"\b(?:no se|nose|ni idea|despues te|ahora te|cual"
                 r"|car[oa]|carisim[oa]|barat[oa]|uh|uy|ufa|(?:ja)+|(?:je)+)\b", heard.plain):
        return None
    last = POLITE.sub(" ", fold(heard.text.splitlines()[-1]))
    left = " ".join(re.sub(r"[^\w ]", " ", FILLER.sub(" ", last)).split())
    words = re.sub(r"[^\w\s]", " ", heard.text.splitlines()[-1]).split()
    kept = [word for word in words if fold(word) in left.split()]
    if any(fold(word) in naming.NEVER_NAMES | {"para", "decime", "deci", "rango"} for word in kept):
        return None
    if not (1 <= len(kept) <= 4 and any(word.isalpha() and len(word) > 1 for word in kept)):
        return None
    return " ".join(word if word != word.lower() else word.upper() if len(word) < 6 else word.title() for word in kept)


def _identity(case, heard):
    absent = missing(case)
    text = _phone(case, heard, absent)
    heard.document = None if heard.bad_phone else naming.document(text, last=heard.corrects)
    asked = case.stage == "data" or (case.stage in ("options", "insurance") and heard.document is not None)
    heard.bad_document = asked and "dni" in absent and not (heard.document or heard.bad_phone) and (
        naming.looks_like_a_document(text))  # fmt: skip
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
    heard.name = naming.name(text) if symptom_told(case) else None
    if case.stage == "options" and {"first_name", "last_name"} & set(absent) and heard.choice == Choice():
        heard.name = heard.name or (None if heard.professional else naming.whole_name(text))
    heard.name = heard.name or naming.name(_unhurt(case, text), asked=asked, only_last=only_last)
    _name_beside(case, heard, text, absent)


def _name_beside(case, heard, text, absent):
    """A name that corrects the one before, stands beside a question, or is the other person's."""
    facts = case.facts
    if heard.corrects and case.stage in ("data", "done") and not symptom_told(case):
        heard.name = heard.name or naming.corrected(text)
        if case.stage == "data" and not (heard.name and heard.name.last):
            heard.name = naming.respelled(text, facts.first_name, facts.last_name) or heard.name
    if case.stage == "data" and heard.asks and {"first_name", "last_name"} & set(absent):
        clauses = [clause.strip() for clause in re.split(r"[,.;\n¿]", text)]
        heard.name = heard.name or next((one for one in map(naming.whole_name, clauses) if one), None)
    if "other_person" in heard and (other := naming.of_another(text)):
        heard.name, heard.of_another = other, True


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
