"""Documents and people's names among words. Pure: values in, values out."""

import re
from dataclasses import dataclass

from dentalogic.lib.spelling import is_one_off, sound
from dentalogic.lib.text import fold

RELATIVES = (
    r"(?:hij[oa]s?|mellizos|nen[ea]s?|bebe|chic[oa]s?|mama|mami|papa|papi|madre|padre|espos[oa]|marido|mujer|senora|abuel[oa]s?"
    r"|herman[oa]s?|novi[oa]|pareja|ti[oa]|prim[oa]|amig[oa]|niet[oa]s?|sobrin[oa]s?|suegr[oa]|familiar|vecin[oa]"
    r"|companer[oa])"
)
KNOWS = r"(?:un[ao]? )?(?:amig[oa]|vecin[oa]|conocid[oa]|compa[nñ]er[oa]|paciente|recomendad[oa]) de\b"
NOT_NAMES = {
    "soy", "me", "llamo", "mi", "nombre", "es", "y", "el", "la", "los", "dni", "documento", "de", "doc",
    "numero", "nro", "gracias", "hola", "buenas", "buen", "dia", "dias", "tardes", "noches", "apellido",
    "completo", "nombres", "apellidos", "aca", "aqui", "va", "te", "mis", "datos", "son", "particular",
    "obra", "social", "tengo", "osde", "si", "dale", "ok", "bueno", "perfecto", "listo", "por", "favor",
    "porfa", "con", "sin", "no", "que", "a", "para", "hijo", "hija", "turno", "paciente", "nuevo", "nueva",
    "tel", "telefono", "cel", "celular", "seria", "ahi", "tambien", "pasaporte", "cedula", "este", "ahora",
    "mama", "papa", "mami", "papi", "madre", "padre", "hermano", "hermana", "abuelo", "abuela", "esposo", "esposa",
    "marido", "mujer", "novio", "novia", "pareja", "tio", "tia", "primo", "prima", "sobrino", "sobrina", "nieto",
    "equivoque", "confundi", "quise", "decir", "poner", "realidad", "correccion", "corrijo", "perdon", "disculpa",
    "disculpe", "escribi", "puse", "mal", "escrito", "nieta", "suegro", "suegra", "amigo", "amiga",
}  # fmt: skip
ENDS = {
    "y", "dni", "con", "mi", "es", "documento", "quiero", "queria", "quisiera", "necesito", "busco", "tengo",
    "por", "desde", "escribo", "vivo", "me", "para", "puedo", "quier", "turno", "mama", "papa", "hace",
}
NEVER_NAMES = {
    "ese", "esa", "eso", "este", "esta", "esto", "estos", "esos", "acuerdo", "recuerdo", "busco", "buscar",
    "buscando", "fijo", "fijarme", "despues", "luego", "espera", "esperame", "esperen", "momento", "segundo",
    "minuto", "ratito", "todavia", "nada", "nadie", "nose", "se", "tenes", "tiene", "tienen", "hay", "puede",
    "podria", "puedo", "pueden", "vamos", "como", "cuando", "donde", "quien", "cual", "cuanto", "porque",
    "pero", "aunque", "muy", "mas", "menos", "mucho", "poco", "bien", "mal", "gente", "casa", "trabajo",
    "clinica", "hora", "dia", "manana", "tarde", "noche", "semana", "mes", "lunes", "martes", "miercoles",
    "jueves", "viernes", "sabado", "domingo", "primero", "primera", "segunda", "opcion", "otro", "otra",
    "otros", "cualquiera", "ningun", "ninguno", "limpieza", "consulta", "dolor", "duele", "muela", "diente",
    "persona", "alguien", "gusta", "sirve", "queda", "voy", "vengo", "estoy", "hace", "hago", "dije", "dijo",
    "dame", "pasame", "anotame", "reservame", "reserva", "confirmo", "confirmado", "necesito", "quiero",
    "quisiera", "podes", "favor", "ya", "lo", "le", "les", "nos", "che", "ah", "eh", "mmm", "jaja", "jajaja",
    "genial", "joya", "barbaro", "excelente", "buenisimo", "claro", "obvio", "seguro", "igual", "nunca",
    "siempre", "algo", "algun", "alguna", "cosa", "cosas", "pregunta", "gracias", "perdon", "disculpa",
    "disculpe", "chau", "chao", "adios", "saludos", "besos", "abrazo",
}
ALSO_LAST = {
    "paz", "sol", "luz", "rosa", "martin", "santiago", "ramon", "bautista", "marcos", "german", "andres", "felipe",
    "carmen", "angel", "guadalupe", "mercedes", "soledad", "milagros", "victoria", "leandro", "vicente", "jorge",
}
ALSO_SURNAMES = {"mas", "casa"}
PARTICLES = {"de", "del", "la", "las", "los", "da", "di", "do", "dos", "van", "von", "mc", "san", "santa", "y"}
GIVEN = {
    "maria", "jose", "juan", "luis", "carlos", "ana", "pablo", "miguel", "angel", "martin", "jorge", "andres",
    "santiago", "ignacio", "manuel", "antonio", "francisco", "javier", "eduardo", "fernando", "alberto",
    "ernesto", "ruben", "raul", "cesar", "victor", "hugo", "daniel", "gabriel", "rafael", "nicolas", "agustin",
    "tomas", "belen", "sol", "luz", "paz", "del", "carmen", "rosa", "laura", "julia", "ines", "isabel",
    "elena", "cristina", "beatriz", "victoria", "eugenia", "fernanda", "jesus", "milagros", "agustina",
    "florencia", "camila", "sofia", "valentina", "lucia", "micaela", "rocio", "guadalupe", "alejandra",
    "alejandro", "paula", "emilia", "mercedes", "teresa", "soledad", "cecilia", "marta", "susana", "silvia",
    "patricia", "monica", "graciela", "liliana", "mariana", "carolina", "noelia", "enrique", "ramon",
    "roberto", "ricardo", "sergio", "oscar", "mario", "marcelo", "gustavo", "guillermo", "gonzalo", "facundo",
    "matias", "lucas", "mateo", "joaquin", "benjamin", "felipe", "emiliano", "ezequiel", "leandro", "cristian",
    "diego", "federico", "mauricio", "german", "nahuel", "bautista", "thiago", "lautaro", "marcos", "esteban",
    "adrian", "claudio", "fabian", "walter", "omar", "dario", "hernan",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Document:
    number: str
    type: str = "DNI"


def document(text: str, *, last=False) -> Document | None:
    """A DNI of 7 or 8 digits, or another document with its type; the ``last`` where it corrects the one before."""
    plain = fold(text)
    if match := re.search(r"\b(pasaporte|cedula|ci|le|lc)\b[^\w]*(?:n(?:ro"
         r"|umero)?[^\w]*)?(?:es )?([a-z]{0,3}[\d. -]{5,12}\d)", plain):
        kinds = {"pasaporte": "Pasaporte", "cedula": "CI", "ci": "CI", "le": "LE", "lc": "LC"}
        return Document(re.sub(r"[^\w]", "", match[2]).upper(), kinds[match[1]])
    found = None
    for match in re.finditer(r"(?<![\d+$-])(?<!\d[. ])(\d{1,2}[. ]?\d{3}[. ]?\d{3})(?![\d])(?!\.\d|,\d|/\d)", plain):
        before = plain[max(0, match.start() - 14) : match.start()]
        number = re.sub(r"\D", "", match[1])
        if re.search(r"(?:tel|cel|whatsapp|afiliad\w*|credencial|\+\d*|\$) ?\S* ?$", before):
            continue
        if 7 <= len(number) <= 8 and number[0] != "0":
            found = Document(number)
            if not last:
                break
    return found


def looks_like_a_document(text: str) -> bool:
    """Digits that were meant as a document and are too few or too many."""
    return bool(re.search(r"\bdni\b|\bdocumento\b", fold(text)) and re.search(r"\d", text)) or bool(
        re.fullmatch(r"\D*\d[\d. ]{3,11}\d\D*", text.strip())
    )


@dataclass(frozen=True, slots=True)
class Name:
    first: str = ""
    last: str = ""


def name(text: str, *, asked: bool = False, only_last: bool = False) -> Name | None:
    """A person's name. Unasked, only after "soy", "me llamo" or "mi nombre es"; asked, what is left of the words."""
    for line in text.splitlines() or [text]:
        introduced = re.search(
            r"(?:\bme llamo|\bmi nombre(?: completo)? es|\bmi nombre:?|\bnombre(?: y apellido| completo)?:|\bse llama"
            r"|\ba nombre de|\bsu nombre es"
            r"|\bes para)\s+(?P<name>[^\d,.;\n]+(?:,\s*[A-ZÁÉÍÓÚÑ][^\d,.;\n]+)?)", line, re.IGNORECASE,
        ) or re.search(rf"\bsoy\s+(?!{KNOWS})(?P<name>[A-ZÁÉÍÓÚÑa-záéíóúñ'’ -]+)", line, re.IGNORECASE)  # fmt: skip
        if introduced and (found := _split(_before_a_verb(introduced["name"]))) and (asked or found.last):
            return found
        if match := re.search(r"\bapellido(?: es|:)\s+(?P<last>[A-Za-zÁÉÍÓÚÑáéíóúñ' ]{2,40})", line, re.IGNORECASE):
            return Name(last=_titled(_cleaned(match["last"])))
        knows = re.search(rf"\bsoy\s+{KNOWS}", line, re.IGNORECASE)
        if asked and not knows and (found := _bare(line, only_last=only_last)):
            return found
    return None


def corrected(text: str) -> Name | None:
    """"Me equivoqué, es Carolina Menéndez": a given name with its surname, or what is called one of them."""
    found = name(text, asked=True)
    called = re.search(r"\b(?:nombre|apellido|me llamo)\b", fold(text))
    return found if found and (called or (found.last and fold(found.first.split()[0]) in GIVEN)) else None


def of_another(text: str) -> Name | None:
    """"Para mi amiga Laura Gómez": the name that stands right after who they are."""
    for match in re.finditer(rf"\bmis? {RELATIVES},?\s+(?P<name>[^\d,.;\n]+)", text, re.IGNORECASE):
        found = _split(_before_a_verb(match["name"]))
        if found and found.last and (fold(found.first.split()[0]) in GIVEN or match["name"][:1].isupper()):
            return found
    return None


def calls_themselves(text: str) -> str:
    """"Hola, soy Julia": the given name, or ""."""
    words = re.findall(r"\b(?:soy|me llamo|habla|te escribe)\s+([^\W\d_]+)", text, re.IGNORECASE)
    return next((word for word in words if fold(word) in GIVEN - PARTICLES), "")


def respelled(text: str, first: str, last: str) -> Name | None:
    """"Méndez con z" of who was heard as Mendes: a word that sounds like one of the names takes its place."""
    for word in re.findall(r"[^\W\d_]{3,}", text):
        for kept, name_ in ((last, Name(last=_titled([word]))), (first, Name(first=_titled([word])))):
            alike = sound(fold(word)) == sound(fold(kept)) or is_one_off(fold(word), fold(kept))
            if kept and alike and word.casefold() != kept.casefold():
                return name_
    return None


def whole_name(text: str) -> Name | None:
    """First and last name and nothing else, said though they were not asked for."""
    words = text.split()
    plain = re.fullmatch(r"[^\W\d_'’]+(?: [^\W\d_]+){1,3}[.!]?", " ".join(words))
    if not plain or fold(words[0]) not in GIVEN or any(fold(word.strip(".!")) in NOT_NAMES for word in words):
        return None
    found = _bare(text, only_last=False)
    return found if found and found.last else None


def _bare(line: str, *, only_last: bool) -> Name | None:
    line = re.split(r"\b(?:pero|aunque|prefiero)\b", line, maxsplit=1, flags=re.IGNORECASE)[0]
    left = re.sub(r"\S*\d\S*|\b[Tt]e paso\b", " ", line)
    if match := re.match(r"\s*([^\d,]+),\s*([^\d,]+)", left):
        last, first = _cleaned(match[1]), _cleaned(match[2])
        if last and first and len(last) <= 3 and len(first) <= 3 and not _is_given(last) and _is_given(first):
            return Name(_titled(first), _titled(last))
    words = _cleaned(re.sub(r"[,;.:()/-]", " ", left))
    if only_last and [fold(word) for word in words] in [[word] for word in ALSO_SURNAMES]:
        return Name(last=_titled(words))
    if not words or len(words) > 6 or any(fold(word) in NEVER_NAMES or len(word) < 2 for word in words):
        return None
    if only_last:
        return Name(last=_titled(words))
    return _split(words)


def _is_given(words: list[str]) -> bool:
    return fold(words[0]) in GIVEN


def _cleaned(text: str | list) -> list[str]:
    words = re.findall(r"[A-Za-zÁÉÍÓÚÜÑáéíóúüñ'’]+", text)
    kept = []
    for word in words:
        plain = fold(word)
        if plain in NOT_NAMES and not (kept and plain in PARTICLES):
            if kept and plain in ENDS:
                break
            continue
        if kept and plain in ENDS:
            break
        kept.append(word)
    while kept and fold(kept[-1]) in PARTICLES:
        kept.pop()
    return kept


def _before_a_verb(text: str) -> list[str]:
    """"Soy Marta Gómez puede ser mañana": a name ends where a sentence goes on without a comma."""
    kept = _cleaned(text)
    ends = (at for at, word in enumerate(kept) if fold(word) in NEVER_NAMES - ALSO_SURNAMES)
    return kept[: next(ends, len(kept))]


def _split(words: list[str]) -> Name | None:
    if not words or len(words) > 6:
        return None
    if len(words) == 1:
        return Name(first=_titled(words))
    if len(words) == 2 and fold(words[1]) in GIVEN - ALSO_LAST and fold(words[0]) not in GIVEN:
        words = words[::-1]
    cut = 1
    while cut < len(words) - 1 and fold(words[cut]) in GIVEN:
        cut += 1
    if cut == 1 and len(words) == 4 and fold(words[1]) not in PARTICLES:
        cut = 2
    return Name(_titled(words[:cut]), _titled(words[cut:]))


def _titled(words: list[str]) -> str:
    """As names are written; what already mixes cases is left as it came ("McDonald", "de la Cruz")."""
    return " ".join(
        word if word != word.lower() and word != word.upper()
        else word.lower() if fold(word) in PARTICLES and at else word[:1].upper() + word[1:].lower()
        for at, word in enumerate(words)
    )  # fmt: skip
