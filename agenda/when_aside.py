"""What looks like a date and is none: teeth, ages, documents, streets, the past, greetings. Folded text."""

import re

from agenda.when_names import MONTH, PART, WEEKDAY

HURTS = (
    r"(?:duel\w*|dol[oie]\w*|dolor\w*|molest\w*|sangr\w*|hinch\w*|inflam\w*|fiebre|dorm\w*|dormi|rechin\w*|aprieto|"
    r"late|infec\w*|rompi\w*|parti(?:o|d[oa]s?|endo|eron)?\b|sali[oe]\w*|cai|cayo|golpe\w*)"
)

# Numbers and days that are not about the visit: teeth, ages, documents, durations, the past, streets, greetings.
ASIDE = [
    re.compile(pattern)
    for pattern in (
        r"\b(?:muy )?(?:buen(?:[oa]s?)?|lind[oa]s?|feliz|hermos[oa]) (?:comienzo de |inicio de |resto de "
        r"|la )?(?:dias?|tardes?"
        r"|noches?|finde|fin de semana|semana|mes|ano|" + WEEKDAY + r")\b",
        r"\b(?:(?:manana|hoy|luego|el (?:" + WEEKDAY + r")|a la (?:" + PART + r")) )?(?:te|les) (?:aviso|avisamos"
        r"|escribo|llamo"
        r"|digo|contesto|respondo|mando|cuento|hablo)\b(?: (?:manana|hoy|luego|el (?:" + WEEKDAY +
        r")|a la (?:" + PART + r")))?",
        r"\b(?:manana|luego|a la (?:" + PART + r")) te confirmo\b|\bte confirmo (?:manana|luego|hoy"
        r"|a la (?:" + PART + r"))\b",
        r"\b(?:mi |el |su )?cumple(?:anos)?\b(?: (?:es|el|de))* \d{1,2}(?:/\d{1,2}| de (?:" + MONTH + r"))",
        r"\bnac\w+ (?:el |en )?(?:\d{1,2}(?:/\d{1,2}(?:/\d{2,4})?| de (?:" + MONTH + r")(?: del? \d{4})?)?|\d{4}|(?:"
        + MONTH + r")(?: del? \d{4})?)",
        r"\b(?:hasta (?:manana|luego|el lunes) *(?:$|[.!]))",
        r"\b(?:muelas?|piezas?|dientes?|premolar(?:es)?|molar(?:es)?|incisivos?|colmillos?|implantes?)"
        r"(?: de arriba| de abajo)?(?: numero| nro\.?| n[o°]\.?)? ?(?:\d{1,2}(?:(?:,| y) ?\d{1,2})*)\b",
        HURTS + r" (?:(?:mucho|un poco|bastante|la|el|las|los|mi|en) ?)*\d{2}\b(?!/)",
        r"\b(?:hij[oa]s?|nen[ea]s?|chic[oa]s?|mellizos|gemelos|bebes?|niet[oa]s?|sobrin[oa]s?|varon|nena)(?: de"
        r"| tienen?|,)* "
        r"\d{1,2}(?:(?: ?,| y| e)+ ?\d{1,2})*\b(?! ?(?:hs|horas))",
        r"\b\d{1,3} ?(?:anitos?|anos?)\b",
        r"\b(?:cumpl\w+|tengo|tiene) \d{1,2}\b(?! (?:turno|visita))",
        r"\b(?:dni|documento|doc|d\.n\.i\.?|cedula|pasaporte|libreta|afiliad[oa]|credencial|matricula|telefono|tel"
        r"|cel\w*)"
        r"[^\d]{0,20}\d[\d. -]*\d",
        r"\b\d{1,2}\.\d{3}\.\d{3}\b",
        r"\+?\b\d{2,4}[ -]\d{3,4}[ -]\d{4}\b|\+\d[\d -]{8,}\d|\b\d{6,}\b",
        r"\$ ?\d[\d.,]*|\b\d[\d.,]* ?(?:pesos|lucas|mil|dolares|usd|%)(?!\w)",
        r"\b(?:osde|omint|galeno|medife|plan|swiss|sancor|ioma|pami|prevencion)"
        r"(?: (?!(?:el|los|dia|para|al?|del?|las?|y|o|tipo|mejor|desde|hasta|" + WEEKDAY + r")\b)[a-z]\w*)?"
        r" \d{2,4}\b(?! ?[/:-]\d| ?hs?\b| de (?:" + MONTH + r"))",
        r"\b(?:calle|av\.?|avenida|plaza|esquina|barrio|piso|depto|departamento|dto|timbre|oficina|local|manzana"
        r"|lote)(?: \w+)?"
        r" \d{1,2}(?: de (?:" + MONTH + r"))?(?: \d+)?\b",
        r"\b(?:viv\w+|queda|estoy|estan|trabajo|direccion|domicilio|casa)(?: es| por| sobre| en| calle| la"
        r"| el){0,3} \d{1,2} de (?:"
        + MONTH + r")(?: \d+)?\b",
        r"(?<!el )(?<!dia )(?<!para )\b\d{1,2} de (?:" + MONTH + r") (?:y|esquina|esq\.?) (?!si|no|el|la|los|las"
        r"|quiero|puede|que"
        r"|mi|me|a|por|de|tambien|despues|necesito|gracias|" + WEEKDAY + r"|manana)[a-z]{4,}",
        r"\b\d{1,2} de (?:" + MONTH + r") (?:al )?(?!20\d\d\b)\d{3,5}\b",
        r"\bhace (?:ya |como |mas de |casi |unos |unas |un par de )*(?:\d+|un|una)?\s*(?:y medi[oa] )?"
        r"(?:dias?|semanas?|mes(?:es)?|horas?|hs|anos?|rato)\b",
        r"\b(?:cada|durante|por) (?:\d+|un|una|unos|unas) ?(?:horas?|hs?|dias?|semanas?|mes(?:es)?)\b",
        r"\b\d+ (?:veces|vez|caries|muelas|dientes|piezas|personas?|hij[oa]s?|nen[ea]s?|chic[oa]s?|turnos?|opciones|"
        r"herman[oa]s|sesiones|cuotas|minutos|min|pastillas|comprimidos|implantes|mg)\b",
        r"\b(?:el |la |este )?(?:" + WEEKDAY + r"|semana|mes|ano|finde|fin de semana) pasad[oa]\b",
        r"\b(?:el |la )?pasad[oa] (?:" + WEEKDAY + r"|semana|mes|finde)\b",
        r"\b(?:antes de ?ayer|antier|anteayer|ayer(?: a la (?:" + PART + r"))?|anoche)\b",
        r"\b(?:las? (?:" + PART + r") )?(?:desde|del?) (?:el |la )?(?:" + WEEKDAY + r"|\d{1,2}|manana)? ?(?:que "
        r"|me |no )*" + HURTS,
        HURTS + r"[^.,;!?]{0,30}\bdesde (?:el |la )?(?:" + WEEKDAY + r"|\d{1,2}|hoy|esta manana|la manana|la noche)\b",
        HURTS + r"[^.,;!?]{0,20} (?:a|por|de|en|toda) la (?:" + PART + r")\b",
        r"\b(?:(?:a|por|de|en|toda) )?las? (?:" + PART + r")s?(?: (?:del?|el) (?:" + WEEKDAY +
        r"|ayer|hoy))? (?:me|no me|no puedo|casi no) " + HURTS,
        r"\b(?:vine|fui|fue|estuve|me atendi(?:eron)?|naci|me operaron|me sacaron|me lo hicieron)"
        r" (?:(?:el |la |un )?(?:" + WEEKDAY + r"|\d{1,2}(?:/\d{1,2}(?:/\d{2,4})?| de (?:" + MONTH +
        r"))?)|en (?:" + MONTH + r"))\b",
        r"\b(?:hoy|esta (?:" + PART + r")|el (?:" + WEEKDAY + r")) (?:ya |casi )?(?:(?:me|se me|no me|le"
        r"|se le) )+(?:\w+ ){0,2}?"
        + HURTS + r"\b",
        r"\b(?:di(?:o|eron)|hice|hizo|hicieron|puse|pusieron|saque|sacaron|opere|operaron|termine|empece|atendi\w*)"
        r" (?:\w+ ){0,3}en (?:" + MONTH + r")\b",
        r"\bsemana santa\b|\b(?:mas|muy|es|lleg\w+(?:\s+~)*|un poco|tan|hice|hizo|demasiado"
        r"|\d+ min\w*)\s+tarde\b(?! del? )|\b(?:que|muy) tarde (?:se|es|que)\b"
        r"|\bfin de ano\b",
        r"\b(?:cualquiera|ningun[oa]|algun[oa]|una?) de (?:las|los) \d\b",
        r"\b(?:dra?|doctora?|sra?|senora?|senorita|soy|llam[ao]|nombre(?: es)?|apellido(?: es)?|con|mama de|papa de"
        r"|hij[oa])[,:]? (?:domingo|abril|julio|mayo|marzo|enero|agosto)\b(?! \d)",
    )
]
# "Pasar el turno del martes al jueves": the first is what there is, the second what is asked.
_DAY_SAID = rf"(?:(?:{WEEKDAY})(?: \d{{1,2}}(?:/\d{{1,2}})?)?|\d{{1,2}}(?:/\d{{1,2}})?|manana|hoy)"
_CHANGES = r"(?:cambi\w+|pas(?:ar\w*|a(?:me)?lo|eme)|mov\w+|corr\w+|reprogram\w+|posterg\w+|adelant\w+)"
WHAT_WAS = re.compile(
    r"\b(?:tengo|tenia|teniamos|tenemos|era) (?:un |el |mi )?(?:turno|cita|visita|consulta)(?: (?:para|era|es))? "
    rf"(?:el |del |de )?{_DAY_SAID}\b(?=.*\b{_CHANGES}\b.*\b(?:al?|para)\b)"
    rf"|(?<=\bturno )del? {_DAY_SAID}(?= (?:al|para el|a|para) )"
    rf"|(?<=\bcita )del? {_DAY_SAID}(?= (?:al|para el|a|para) )"
)
AMBIGUOUS = re.compile(
    r"\b(?:(?:el|la) otr[oa] (?:" + WEEKDAY + r"|semana|mes|finde|dia)|(?:" + WEEKDAY + r"|semana) siguiente"
    r"|(?:" + WEEKDAY + r") que viene no,? el otro)\b"
)
