"""What a false statement looks like, as shapes of folded Spanish: claims of what was done, promises, coverage,
diagnoses, and what she says of herself. `guard` says which of them are not so."""

import re

DONE = r"(?:reservad|agendad|confirmad|anotad|registrad)"
WHEN = r"(?:el|manana|hoy|pasado|a las|este|los|tu)"
LEADS = r"(?:listo|perfecto|genial|buenisimo|barbaro|dale|bien|hecho|ok|excelente|joya)"
CLAIMS = {
    "booked": r"(?:(?:quedo|quedaste|quedas|esta|queda|estas|ya (?:esta|tenes)|fue|listo,? (?:tu )?turno) "
              rf"(?:\w+ ){{0,4}}{DONE}\w*|(?<!que )(?<!que te )\b(?:reserve|agende|confirme|anote|registre"
              r"|te (?:reserve|agende|anote|agendo ya))\b"
              rf"|^\W*{LEADS}\W+(?:\w+ ){{0,2}}{DONE}|^\W*{DONE}\w*(?:$|[ .!])"
              rf"|turno {DONE}|te (?:esper(?:amos|o|an)) {WHEN}\b|nos vemos (?:el|manana|hoy|a las)"
              r"|^\W*(?:listo|hecho)\W+te esperamos"
              r"|\bte (?:l[oa] )?(?:dejo|deje|dejamos) (?:\w+ ){0,2}(?:reservad|agendad|anotad)"
              rf"|^\W*(?:{LEADS}\W+)?(?:ya )?te (?:l[oa] )?(?:reservo|agendo|anoto|confirmo|asigno|asigne)\b"
              r"|\b(?:turno|horario|lugar) (?:ya )?es tuyo|\bes tuyo el\b|\bte saque (?:el |un )?turno"
              r"|\b(?:reserva|turno|cita|visita) (?:\w+ )?(?:hech|list|realizad|confirmad|asegurad|asignad)[oa]\b"
              r"|\b(?:hice|hicimos|realice|asegure) (?:la|tu) reserva)",
    "visits": r"\b(?:ya )?(?:tenes|tendrias) (?:\w+ ){0,2}(?:turno|cita|visita|reserva) "
              r"(?:para|el|a las|manana|hoy|con)"
              r"|\bya tenes (?:\w+ ){0,2}(?:turno|cita|lugar|reserva)\b|\btu (?:turno|cita) (?:es|sera) ",
    "held": r"\bte (?:lo )?(?:guarde|guardo|aparte|aparto|separe|separo)\b"
            r"|(?:quedo|queda|esta) (?:\w+ ){0,3}(?:guardad|apartad|separad)\w*",
    "moved": r"(?:(?:quedo|esta|fue) (?:\w+ ){0,3}(?:reprogramad|cambiad|movid|pasad)\w*|\b(?:reprograme|movi"
    r"|cambie|pase|corri|adelante|atrase) (?:tu|el) turno|turno (?:reprogramado|cambiado|movido)"
    r"|(?<!que )(?<!que te )\b(?:te )?l[oa] (?:reprograme|cambie|movi|pase|corri)\b"
    r"|\bya (?:reprograme|cambie|movi)\b)",
    "cancelled": r"(?:(?:quedo|esta|fue) (?:\w+ ){0,3}(?:cancelad|anulad)\w*|\b(?:cancele|anule|di de baja) (?:tu|el)"
    r"|turno (?:cancelado|anulado)|(?<!que )(?<!que te )\b(?:te )?l[oa] (?:cancele|anule|di de baja)\b"
    rf"|\bya (?:cancele|anule)\b|^\W*(?:{LEADS}\W+)?(?:\w+ ){{0,2}}(?:cancelad|anulad)[oa]\b"
    r"|\bya no tenes (?:el |ese |mas )?turno)",
    "alerted": r"\b(?:ya )?(?:le|les) avis(?:e|amos)\b|\bya avise\b",
    "handed_off": r"(?:te (?:paso|derivo|comunico|transfiero) con"
    r"|\ble (?:paso|dejo|mando|reenvio) (?:tu|la|el|este) (?:consulta|mensaje|pedido|caso)"
    r"|\bva[ns]? a (?:contactar|llamar|escribir|responder)(?:te|se con vos)\b"
    r"|\bte va[ns]? a (?:contactar|llamar|escribir|responder)\b"
    r"|\bte (?:vuelvo a )?(?:llamo|llamamos|llaman?|llamara|contacto|contactamos|contactan?|escriben?|escribira)\b"
    r"|se (?:va a )?comunica\w* con vos"
    r"|\bte (?:aviso|avisamos|confirmo|respondo|escribo)\b[^.!?]*"
    r"\b(?:en (?:un|unos|\d+|cinco|diez)|mas tarde|luego|enseguida|ya mismo|manana)\b)",
}  # fmt: skip
NEVER_DONE = re.compile(  # no tool does it: whoever says so made it up
    r"\bte (?:mande|envie|mando|envio|adjunto) (?:\w+ ){0,3}"
    r"(?:mail|correo|link|enlace|confirmacion|comprobante|factura|receta|presupuesto|radiografia)\b"
    r"|\brecib(?:i|imos) (?:\w+ ){0,2}(?:pago|sena|transferencia)\b"
    r"|\b(?:pago|sena|transferencia) (?:\w+ ){0,2}(?:acreditad|recibid|registrad|confirmad|aprobad)[oa]\b"
    r"|(?<!que )(?<!que (?:l[oa]|te|se) )\b(?:corregi|actualice|modifique|rectifique)\b"
)
OF_HERSELF = re.compile(
    r"\bsoy (?:una? )?"
    r"(?:persona|human[oa]|de carne|la doctora|el doctor|la dra|el dr|odontolog[oa]|dentista|medic[oa])\b"
    r"|\bno soy (?:un |una )?(?:bot|robot|ia|maquina|programa|inteligencia|asistente virtual)\b"
)
INNARDS = re.compile(
    r"\bprompt\b|\b(?:mis|las) instrucciones (?:dicen|son|me|no)\b|\bsegun mis instrucciones\b"
    r"|\bme (?:programaron|instruyeron|entrenaron)\b|\bmodelo de (?:lenguaje|ia)\b|\b(?:openai|chatgpt|gpt-?\d)\b"
)
COVERAGE = re.compile(r"\b(?:cubre\w*|cubiert\w+|cobertura|sin (?:cargo|costo|pagar)|gratis|gratuit\w+|bonificad\w+"
     r"|reintegro\w*|autorizacion|copago|coseguro|descuentos?|promo\w*|a cargo de (?:la|tu) obra"
     r"|no (?:pagas?|pagaras|abonas?|abonaras|cuesta|sale|vale|cobramos|te cobra\w*|(?:tenes|hay|vas a)(?: que)? "
     r"(?:pagar|abonar)|se (?:paga|abona)) nada"
     r"|no (?:te )?(?:pagas|cobramos|cobran|cobro)|no (?:tenes|vas a tener) que (?:poner|pagar|abonar)"
     r"|(?:lo|la|te lo|todo lo) paga|paga todo|incluid[oa] en (?:tu|el|la) (?:plan|obra social|prepaga)"
     r"|hac(?:emos|en|e) precio|\d ?x ?\d|senas?)\b")
ILL = (
    r"(?:caries|infecci\w*|infectad\w+|absceso|pulpitis|flemon|gingivitis|periodontitis|pericoronitis|fractura\w*"
    r"|fisura\w*|alveolitis|bruxismo|quiste|necrosis|granuloma|tumor|cancer|herpes|candidiasis|sinusitis|neuralgia"
    r"|el nervio|inflamad\w+|problema de nervio)"
)
DRUG = (
    r"(?:ibuprofeno|ibu|paracetamol|amoxicilina|antibiotic\w+|k[eo]torolac|diclofenac\w*|analgesic\w+|aspirina"
    r"|calmantes?|antiinflamatori\w+|naproxeno|tramadol|dipirona|clindamicina|azitromicina|corticoid\w+|dexametasona"
    r"|clorhexidina|metronidazol|enjuague con sal|buches)"
)
SUPPOSES = (
    r"(?:tendrias|tendras|tengas|tener|sea|seria|sera(?: que (?:es|tenes))?|parece\w*|pareciera"
    r"|podria (?:ser|tratarse de)|puede (?:ser|tratarse de)|puede que (?:sea|tengas)|suena a|se trata de"
    r"|debe (?:ser|de ser)"
    r"|seguro es|probablemente"
    r"|seguramente|quizas|tal vez)"
)
DIAGNOSIS = re.compile(
    rf"\b{SUPPOSES}(?: \w+){{0,5}}? {ILL}\b"
    rf"|\b(?:toma|tomate|tomes|tomar|tome|usa|use|necesitas|recomiendo|indico|receto|sugiero|aplicate"
    rf"|hacete|conviene|ponete)(?: \w+){{0,3}}? "
    rf"{DRUG}\b|\b{DRUG} (?:de )?\d+|\b\d+(?:[.,]\d+)? ?(?:mg|miligramos|ml|comprimidos?|capsulas?|pastillas?|gotas)\b"
    r"|\bcada (?:\d+|ocho|seis|doce|cuatro|veinticuatro) ?(?:hs|horas)\b"
    r"|\b(?:toma|tomate|tomes|tomar) algo para (?:el dolor|la inflamacion|la fiebre|desinflamar)"
    r"|\bno (?:es|parece|sera) (?:nada )?(?:grave|seri[oa]|de cuidado)\b|\bno (?:es|parece|sera) nada(?= ?[.,!]|$)"
    r"|\bes (?:algo )?normal que (?:te )?(?:duela|sangre|moleste|se inflame)\b"
)  # fmt: skip
STATES = re.compile(rf"\b(?:tenes|es|hay)(?: \w+){{0,2}}? {ILL}\b")  # asked, it is a question to them
REMEDY = re.compile(rf"\b{DRUG}\b|\b(?:hielo|frio local|clavo de olor|agua con sal)\b")
REFUSES = re.compile(r"\bno (?:te )?(?:puedo|podemos|corresponde|indic\w+|recet\w+)\b|\bsin (?:consultar|indicacion)")
FREE = re.compile(
    r"\b(?:tengo|tenemos|hay|quedan?|me queda|podes venir|te (?:puedo|podemos) (?:dar|ofrecer))\b"
    r"(?:\W+\w+){0,5}?\W+(?:lugar|turnos?|disponib\w*|libres?|hueco|espacio)\b"
)
NOT_FREE = re.compile(r"\bno (?:tengo|tenemos|hay|quedan?|me queda)\b")
SPAN = re.compile(r"\bde (?:lunes|martes|miercoles|jueves|viernes|sabados?) a (?:\w+)\b")
PLACE = re.compile(
    r"\b(?:estamos|quedamos|ubicad\w+|direccion|domicilio)\b[^.!?]*?"
    r"\b((?!lunes|martes|miercoles|jueves|viernes|sabado|domingo|enero|febrero|marzo|abril|mayo|junio|julio|agosto"
    r"|septiembre|octubre|noviembre|diciembre)[a-z]{3,} \d{2,5})\b(?![:/.,]\d| ?hs| ?metros| ?cuadras)"
)
DOCTOR = re.compile(r"\b(?:[Dd]r|[Dd]ra)\.? ?([A-ZÁÉÍÓÚÑ]\w+)|\b[Dd]octora? ([A-ZÁÉÍÓÚÑ]\w+)")
SPANISH = frozenset((
    "el", "la", "los", "las", "un", "una", "de", "del", "que", "en", "es", "y", "a", "con", "para", "por", "tu", "te",
    "me", "se", "lo", "su", "al", "como", "mas", "si", "no", "ya", "hay", "este", "esta", "turno", "dia", "hora",
    "cual", "queres", "tenes",
))  # fmt: skip
FOREIGN = frozenset((
    "the", "you", "your", "you're", "are", "is", "have", "has", "been", "i'm", "i've", "we", "will", "booked",
    "confirmed", "scheduled", "canceled", "cancelled", "appointment", "tomorrow", "today", "monday", "tuesday",
    "wednesday", "thursday", "friday", "at", "on", "for", "with", "and", "all", "see", "this", "our", "please",
    "voce", "voces", "seu", "sua", "nao", "com", "amanha", "quarta", "segunda-feira", "agendei", "marquei",
    "obrigado", "obrigada",
))  # fmt: skip
