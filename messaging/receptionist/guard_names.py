"""A given name by itself where a sentence makes a visit or a datum that person's: "el turno de Carla es a las 10".
Pure: whose names may be said is not known here."""

import re
from collections.abc import Iterator

from dentalogic.lib.text import fold
from messaging.receptionist.naming import GIVEN

_NAME = r"(?P<name>[A-ZÁÉÍÓÚÑ][a-záéíóúñü]{2,})\b(?! y Fuerza)"
_OWNED = (
    r"\b(?i:turnos?|citas?|visita|reserva|ficha|historia(?: cl[ií]nica)?|tel[eé]fono|celular|celu|n[uú]mero|dni"
    r"|documento|domicilio|direcci[oó]n|mail|correo|datos|deuda|saldo|presupuesto|estudios?|radiograf[ií]as?"
    r"|tratamiento|obra social|alergias?|horario|lugar|operaci[oó]n|plan)"
)
_WHICH = (
    r"(?: (?i:anterior|siguiente|pr[oó]ximo|que sigue|de reci[eé]n|libre|(?:de|a) las [\d:]+(?: ?hs)?"
    r"|del [a-záéíóú]+(?: \d[\d/]*)?(?: a las [\d:]+)?))*(?: (?i:es|era|son|est[aá]|qued[oó]))?"
)
_HAS = (
    r"(?i:ten[ií]a|tiene|viene|vino|va a venir|vendr[aá]|cancel[oó]|reserv[oó]|pidi[oó]|sac[oó]|debe|pag[oó]"
    r"|se atiende|se atendi[oó]|tom[oó]|ocup[oó]|es al[eé]rgic[oa])"
)
_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        rf"{_OWNED}{_WHICH} (?i:de|a nombre de|para) "
        rf"(?i:la (?:se[ñn]ora |sra\.? )?|el (?:se[ñn]or |sr\.? )?|do[ñn]a |don )?{_NAME}",
        rf"(?:(?:^|[.!?,;:¡¿\n]\s*)|\b(?i:que|porque|pero|y|como|hoy|ma[ñn]ana) ){_NAME}"
        rf"(?i: ya| no| tambi[eé]n| le| se| lo| me)* {_HAS}\b",
        rf"\b(?i:se|le|lo) (?i:lo )?(?i:di|dimos|dieron|reserv[eé]|guard[eé]|pas[eé]) "
        rf"(?i:el turno |el lugar )?(?i:a|para) {_NAME}",
        rf"\b(?i:lo|la|ese|ese horario|ese turno) (?i:lo )?(?i:tiene|tom[oó]|ocup[oó]|reserv[oó]|pidi[oó]) {_NAME}",
        rf"\b(?i:antes|despu[eé]s)(?i: que| de) (?i:vos|usted) (?i:viene|est[aá]|va|pasa) {_NAME}",
    )
)
MONTHS = {"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
          "noviembre", "diciembre"}  # fmt: skip
_MORE = frozenset((
    "adriana", "agostina", "aldana", "alejo", "alicia", "amalia", "amanda", "amelia", "analia", "andrea", "angela",
    "angelica", "antonella", "antonia", "ariel", "armando", "arturo", "augusto", "aurora", "barbara", "bernardo",
    "betina", "bianca", "brenda", "bruno", "carina", "carla", "carlota", "catalina", "celeste", "celia", "clara",
    "claudia", "constanza", "cintia", "cynthia", "damian", "daniela", "debora", "delfina", "diana", "dora",
    "edgardo", "edith", "elisa", "elsa", "emanuel", "emilio", "emma", "erica", "erika", "ester", "estela", "eva",
    "fabiana", "fatima", "fausto", "gabriela", "gaston", "gerardo", "gisela", "gladys", "griselda", "haydee",
    "hector", "horacio", "irene", "iris", "irma", "ivan", "jazmin", "jessica", "jimena", "joana", "josefina",
    "juana", "juliana", "julieta", "karina", "laureano", "leonardo", "leticia", "lidia", "lorena", "lorenzo",
    "lourdes", "luciana", "luciano", "luisa", "magdalena", "maite", "malena", "manuela", "marcela", "margarita",
    "marina", "marisa", "marisol", "martina", "matilde", "maximiliano", "melina", "melisa", "miriam", "mirta",
    "nadia", "natalia", "nelida", "nestor", "nicole", "nora", "norberto", "norma", "olga", "pedro", "ramiro",
    "raquel", "renata", "rita", "rodolfo", "rodrigo", "romina", "rosana", "rosario", "ruth", "sabrina", "samuel",
    "sandra", "sara", "sebastian", "silvana", "simon", "sonia", "stella", "tamara", "tatiana", "uriel", "valeria",
    "vanesa", "vanina", "vera", "veronica", "vilma", "virginia", "viviana", "ximena", "yamila", "yanina", "yesica",
    "zoe", "zulema",
))  # fmt: skip
ALSO_WORDS = {"sol", "luz", "paz", "rosa", "del", "mercedes", "soledad", "milagros", "victoria", "angel", "carmen",
              "guadalupe", "jesus", "belen", "rosario", "aurora", "celeste", "vera", "clara", "blanca", "pilar",
              "consuelo", "dolores", "iris", "margarita", "angela", "lourdes"}  # fmt: skip
SURE = (GIVEN | _MORE) - ALSO_WORDS - MONTHS  # a person's, wherever they stand


def owners(text: str) -> Iterator[str]:
    """The names, folded, of whoever the text says a visit or a datum is."""
    for shape in _SHAPES:
        for match in shape.finditer(text):
            name = fold(match["name"])
            if name not in MONTHS:
                yield name
