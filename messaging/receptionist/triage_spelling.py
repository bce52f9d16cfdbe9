"""A telephone's spelling put right, as far as triage reads it: letters that sound alike, one letter off, short forms.

Pure. Only words of the list are ever put in, and a word that is one already is left alone.
"""

import re
from functools import cache

# Worth repairing when a letter is off: a typing error or a voice transcript.
VOCABULARY = [
    "duele", "duelen", "dolor", "dolores", "muela", "muelas", "diente", "dientes", "encia", "encias",
    "hinchada", "hinchado", "hincho", "hinchazon", "inflamada", "inflamado", "sangra", "sangre", "sangrado",
    "sangrando", "fiebre", "infeccion", "infectada", "absceso", "flemon", "golpe", "golpee", "mandibula",
    "cachete", "respirar", "tragar", "dormir", "aguanto", "insoportable", "rompio", "partio", "fractura",
    "hemorragia", "garganta", "cuello", "ibuprofeno", "molesta", "molestia", "sensibilidad", "corona",
    "caries", "limpieza", "accidente", "mejilla", "lengua", "boca", "extraccion", "terrible", "fuerte",
    "mucho", "cayo", "salio", "supura", "temperatura", "escalofrios", "anticoagulado", "embarazada", "diabetica",
    "diabetico", "ketorolac", "paracetamol", "amoxicilina", "parpado", "hinchandose",
]  # fmt: skip
# Only when they sound the same: too near to other words for the rest.
BY_SOUND = [
    "abrir", "abro", "abre", "cara", "saliva", "nervio", "juicio", "hueso", "cerrar", "cierra", "aire", "ojo", "labio",
    "llaga", "llora", "llorando", "inflamacion", "inflamo", "infecto", "infectado", "abscesos", "necesito", "creo",
    "cordal", "cabeza", "quiebro", "quebro", "rota", "roto", "calma", "calmante", "aguantar", "vomito", "decaido",
    "mareado", "ahogo", "hablar", "cuesta", "calle", "pelotazo", "trompada", "caida", "escalera", "sangro", "brackets",
    "protesis", "placa", "limpiar", "sensible", "cepillo", "hilo", "afta", "pus", "vez", "veces", "despacio",
]  # fmt: skip
SHORT = {
    "m": "me", "q": "que", "k": "que", "ke": "que", "d": "de", "x": "por", "xq": "porque", "pq": "porque",
    "tb": "tambien", "tmb": "tambien", "tngo": "tengo", "tng": "tengo", "stoy": "estoy", "toy": "estoy", "nd": "nada",
    "dsp": "despues", "bn": "bien", "pra": "para", "xa": "para", "s": "se", "t": "te", "ls": "los", "ay": "hay",
    "asta": "hasta", "desdeque": "desde que", "nose": "no se", "nopuedo": "no puedo", "haci": "asi",
}  # fmt: skip
# Words of their own that are a letter away from one of the list.
SOUND = {
    "dele", "duela", "dolia", "suele", "vuele", "puente", "fuente", "diego", "viene", "buenos", "muestra",
    "suerte", "muerte", "frente", "cuento", "cuenta", "caro", "salgo", "salir", "salvo",
    "mucha", "muchas", "muchos", "boda", "roca", "foca", "loca", "toca", "coca", "bola", "cuelo", "suelo",
    "vuelo", "sangria", "marta", "mueve", "nueve", "duerme", "hincha", "persona", "liebre",
    "libre", "tratar", "tragos", "limpio", "cerca", "dormia", "fuera", "muebles", "mueble",
    "mueren", "suelen", "huelen", "huele", "gente", "mente", "siente", "dienta", "respiro", "caso",
    "cabo", "callo", "golpes", "rompe", "parto", "pario", "cena", "vuelve", "vuelen", "abril", "obra", "sabre",
    "habre", "habria", "habra", "aura", "cera", "casa", "cada", "masa", "taza", "tasa", "valla", "vaya", "ves", "bes",
    "hizo", "iso", "halla", "haya", "aya", "cello", "sello", "olla", "hoya", "hora", "ora", "votar", "botar", "rotas",
    "hablo", "abrio", "oro", "hoy", "ciega", "siega", "caza", "cocer", "coser", "vaca", "baca", "sabia", "savia",
}  # fmt: skip


def repaired(plain: str) -> str:
    """Folded text, with its words as triage knows them."""
    plain = re.sub(r"(.)\1{2,}", r"\1", plain)
    plain = re.sub(r"[a-z]+", lambda match: SHORT.get(match[0], match[0]), plain)
    return re.sub(r"[a-z]{4,}", lambda match: _repair(match[0]), plain)


def _repair(word: str) -> str:
    if word in SOUND or word in _known():
        return word
    if alike := _sounds().get(sound(word)):
        return alike
    candidates = [_shapes().get(shape) for shape in _with_one_out(word)]
    close = next((one for one in candidates if one and abs(len(one) - len(word)) <= 1 and len(word) > 4), None)
    return close if close and _near(word, close) else word


def sound(word: str) -> str:
    """A word as it is heard on this side of the ocean: `absceso` and `abseso`, `fiebre` and `fievre` are one."""
    word = word.replace("ch", "x").replace("h", "").replace("v", "b").replace("ll", "y").replace("z", "s")
    word = re.sub(r"qu(?=[ei])|c(?![eixh])|k", "k", word).replace("c", "s")
    word = re.sub(r"g(?=[ei])", "j", re.sub(r"gu(?=[ei])", "g", word))
    return re.sub(r"(.)\1+", r"\1", re.sub(r"n(?=[bp])", "m", re.sub(r"m(?=f)", "n", word)))


@cache
def _known() -> frozenset[str]:
    return frozenset((*VOCABULARY, *BY_SOUND))


@cache
def _sounds() -> dict[str, str]:
    return {sound(word): word for word in reversed((*VOCABULARY, *BY_SOUND))}


@cache
def _shapes() -> dict[str, str]:
    """Every word of the list with one letter left out, for words one edit away."""
    shapes: dict[str, str] = {}
    for word in VOCABULARY:
        for shape in _with_one_out(word):
            shapes.setdefault(shape, word)
    return shapes


def _with_one_out(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))} if len(word) > 4 else {word}


def _near(word: str, other: str) -> bool:
    if word[0] != other[0] and word[1:3] != other[1:3]:
        return False
    if len(word) == len(other):
        different = [at for at in range(len(word)) if word[at] != other[at]]
        swapped = len(different) == 2 and different[1] == different[0] + 1 and (
            word[different[0]] == other[different[1]] and word[different[1]] == other[different[0]]
        )
        return len(different) == 1 and different[0] < len(word) - 1 or swapped
    return True
