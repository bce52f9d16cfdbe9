"""The words of `triage.py`: what hurts, and what only sounds like it. All patterns read folded text."""

import re
from dataclasses import dataclass

EMERGENCY, URGENT, ROUTINE, NONE = "emergency", "urgent", "routine", "none"


@dataclass(frozen=True, slots=True)
class Sign:
    """``every`` pattern is in one clause (with ``near``, somewhere in the message), ``no`` pattern is not."""

    level: str
    reason: str
    every: tuple[re.Pattern, ...]
    no: re.Pattern | None = None
    near: re.Pattern | None = None
    raised_by_illness: bool = False
    painful: bool = False


ELSEWHERE = (
    r"(?:cabeza|panza|espalda|estomago|rodillas?|ovarios|piernas?|pies?|brazos?|manos?|cintura|muneca|hombros?"
    r"|pecho|oidos?|"
    r"garganta|cuerpo|tobillo|cadera|vientre|ciatica|columna|bolsillo|alma)"
)
TOOTH = (
    r"(?:dient\w*|muel\w*|paletas?|incisivos?|colmillos?|premolar\w*|molar\w*|piezas?|dentadura)"
)
MOUTH = (
    r"(?:dient\w*|muel\w*|paletas?|colmillos?|encias?|boca|labios?|lengua|paladar|mandibula|maxilar|quijada"
    r"|cara|cachet\w*|"
    r"mejillas?|menton|pera|pomulos?|dental\w*|extraccion|conducto|implantes?|cirugia|corona|caries|juicio)"
)
PAIN = (
    r"(?:duel\w*|dule|deule|dol[ie]\w*|dolor\w*|doliendo|puntadas?|punzadas?|pinchazos?)"
)
SWELL = (
    r"(?:hinch\w+|inflam\w+|inchad\w*|incho|edema)"
)
BLEED = (
    r"(?:sangr\w*|hemorragia\w*|sangra\w*)"
)
BLOW = (
    r"(?:golp\w+|ca[ii]da|cai|cayo|caimos|pelotazo|pelota|choque|choco|choque|accidente|codazo|cabezazo|trompada|pina|"
    r"puneta\w*|patada|porrazo|tropez\w+|tropece|bici\w*|moto|jugando|estrell\w+|hamaca|tobogan|escaler\w*"
    r"|atropell\w+)"
)
INFECTION = (
    r"(?:infec\w+|absces\w*|abces\w*|flemon\w*|pus|supura\w*|fistula\w*)"
)
FEVER = (
    r"(?:fiebre|febril|temperatura|escalofrios?|chuchos?|3[89](?:[.,]\d)? ?(?:grados|°)?(?= de fiebre|\b))"
)
FIXTURE = (
    r"(?:corona|funda|emplomadura|empaste|amalgama|arreglo|tapita|perno|carillas?|bracket\w*|protesis|placa"
    r"|provisori[ao]|"
    r"puente|resina|relleno|pasta|contencion|alambre|alineador|implante|dentadura postiza)"
)
BREAK = r"(?:romp\w+|rot[ao]s?|parti\w*|quebr\w+|fractur\w+|astill\w+|salto|saltó|se me fue un pedazo|pedazo|pedacito)"
LOST = r"(?:sali[oe]\w*|sal[ti]o|cay[oe]\w*|volo|perdi\w*|arranc\w+|desprend\w+|avuls\w+)"
SEVERE = (
    r"(?:much[oa]|muchisim[oa]|terrible\w*|insoportable\w*|fuert\w+|intens\w+|aguanto|aguanta|soporto|soporta"
    r"|soportar|"
    r"aguantar|muero|muriendo|mata|matando|horrible\w*|espantos\w+|tremend\w+|atroz|no doy mas|lat\w+|pulsa\w*"
    r"|palpita\w*|"
    r"constante|todo el dia|dia y noche|dormir|dormi|duermo|despert\w+|despiert\w+|llor\w+|no se (?:me "
    r"|le )?(?:va|pasa|calma)|"
    r"no (?:me |le )?(?:calma|cede|para|baja|afloja)|no (?:me |le )?hace (?:nada|efecto)|ni con|monton|banda|re"
    r"|bastante|"
    r"locura|loc[oa]|desesperad\w*|desesperante|hace (?:varios )?dias|rabi\w+|agud[oa]|(?:8|9|10) (?:de|sobre) 10|"
    r"insoportable|demasiad[oa]|cada vez mas|peor)"
)
MILD = (
    r"(?:un poc[oa]|poc[oa]|poquit[oa]|apenas|leve\w*|suave\w*|a veces|de vez en cuando|cada tanto|por momentos"
    r"|algo de|"
    r"cuando (?:como|tomo|mastico|muerdo|toco|aprieto|cepillo|me cepillo)|al (?:masticar|morder|tomar|comer"
    r"|cepillarme)|"
    r"(?:con|a) (?:lo |el |las cosas |las bebidas )?(?:fri[oa]s?|calientes?|calor|dulces?|helad[oa]s?|agua fria)|"
    r"se (?:me )?(?:va|pasa|calma) (?:con|solo|rapido|enseguida|tomando)|me calma con|no (?:es )?(?:tanto|mucho|muy)|"
    r"soportable|tolerable|apenitas|medio)"
)


def sign(level, reason, *every, no="", near="", raised=False, painful=False) -> Sign:
    compiled = tuple(re.compile(rf"\b{pattern}\b") for pattern in every)
    never = re.compile(rf"\b{no}\b") if no else None
    somewhere = re.compile(rf"\b{near}\b") if near else None
    return Sign(level, reason, compiled, never, somewhere, raised, painful)


SIGNS = (
    sign(EMERGENCY, "airway", r"(?:no (?:puedo|puede|logro) respirar|(?:cuesta|dificulta\w*|dificil"
         r"|problemas? para) (?:\w+ )?respirar"
         r"|falta (?:el |de )?aire|me (?:estoy )?ahog\w+|se (?:esta )?ahoga\w*|asfixi\w+|me cierra la garganta)"),
    sign(EMERGENCY, "swallowing", r"(?:(?:no (?:puedo|puede|logro)|(?:me|le) cuesta|duele al"
         r"|dificulta\w* (?:para|al)|casi no puedo)"
         r" (?:casi |ni |bien |mucho )*(?:tragar|deglutir|pasar (?:la )?saliva)|no (?:trago|traga))"),
    sign(EMERGENCY, "speaking", r"(?:no (?:puedo|puede) (?:ni |casi )*hablar|(?:me|le) cuesta (?:mucho )?hablar)",
         near=rf"(?:{SWELL}|{PAIN}|{INFECTION}|lengua|mandibula|garganta|boca|hablar bien)",
         no=r"(?:ahora|por telefono|trabajando|reunion|llamada)"),
    sign(EMERGENCY, "spreading swelling", SWELL, r"(?:ojos?|parpado|cuello|garganta|lengua|piso de la boca"
         r"|media cara|toda la cara|"
         r"cara|rostro|se (?:esta )?exten\w+|exten\w+|cada vez mas|crec\w+|avanz\w+|baj(?:a|o|ando)|rapido"
         r"|se (?:me )?corr\w+|"
         r"agrand\w+|sube|subiendo|aument\w+)", no=r"ojeras", raised=True),
    sign(EMERGENCY, "eye closed by swelling", r"(?:no (?:puedo|puede) abrir (?:bien )?el ojo"
         r"|cierra (?:casi )?el ojo|ojo cerrado"
         r"|cerro el ojo)", near=rf"(?:{SWELL}|{MOUTH}|{INFECTION})", raised=True),
    sign(EMERGENCY, "fever with a dental infection", FEVER,
         near=rf"(?:{PAIN}|{INFECTION}|{SWELL}|muel\w*|dient\w*|encias?|flemon|boca|extraccion|sacaron|cirugia"
              rf"|implante)",
         no=r"(?:gripe|resfri\w+|covid|angina|anginas)", raised=True),
    sign(EMERGENCY, "malaise with a dental infection", r"(?:decaid[oa]s?|malestar(?: general)?|mare(?:ad[oa]|os"
         r"|o)|vomit\w+|"
         r"me siento (?:muy |re |bastante )?mal|debil\w*|desmay\w+|palpitaciones|descompuest[oa])",
         near=rf"(?:{INFECTION}|{SWELL}|muela|diente|encia)", raised=True),
    sign(EMERGENCY, "bleeding that does not stop", BLEED, r"(?:no (?:me |le |se |la )*(?:para|deja|frena"
         r"|detiene|corta|cede|calma|puedo parar"
         r"|logro parar|consigo parar|puede parar)|sin parar|a chorros|hace (?:\w+ )?horas?|abundante"
         r"|muchisim[oa]|much[oa]|"
         r"no (?:hay|habia) (?:caso|forma)|un monton|sigue|empap\w+|toda la noche|tragando|ni con gasa"
         r"|ni mordiendo|hemorragia\w*)",
         no=r"(?:cepill\w+|hilo|lav\w+ los dientes|pasta)", raised=True),
    sign(EMERGENCY, "bleeding that does not stop", r"no (?:me |le |se )*(?:para|deja|frena|detiene"
         r"|corta) (?:de )?(?:la )?sangr\w*",
         no=r"cepill\w+", raised=True),
    sign(EMERGENCY, "haemorrhage", r"hemorragia\w*", raised=True),
    sign(EMERGENCY, "tooth knocked out", TOOTH, rf"(?:se (?:me|le|nos) (?:ha )?{LOST}|{LOST} (?:entero|de raiz"
         rf"|completo)"
         r"|avuls\w+|(?:lo )?tengo en (?:la mano|leche|un vaso))",
         no=rf"(?:{FIXTURE}|pedazo|pedacito|puntita|punta|leche se|de leche|emplomad\w+|sangre|pus|grano|llaga"
              rf"|bolita)"),
    sign(EMERGENCY, "tooth hurt by a blow", rf"{TOOTH}", rf"(?:{BREAK}|{LOST}|floj[oa]|aflo\w+|mov\w+|mueve"
         rf"|muev\w+|torci\w*|corri\w*|hundi\w*|"
         r"meti\w*|desplaz\w+|golp\w+)", near=BLOW, no=r"(?:rutina|de leche flojo)"),
    sign(EMERGENCY, "blow to the face or jaw", rf"{BLOW}", r"(?:mandibula|cara|menton|boca|pomulo|maxilar"
         r"|quijada|rostro|labio|pera|dient\w*|"
         r"muel\w*|paletas?)", no=r"(?:cay[oe]\w* (?:la |el |una? )?(?:corona|funda|empaste|arreglo|muela"
         r"|diente|emplomadura|pedazo)|bien|mal)"),
    sign(EMERGENCY, "broken or dislocated jaw", r"(?:mandibula|quijada|maxilar)", r"(?:fractur\w+|quebr\w+"
         r"|rot[ao]|desencaj\w+|luxa\w+|"
         r"sali[oe]\w*|trab\w+|bloque\w+|dislo\w+)"),
    sign(EMERGENCY, "mouth that does not open", r"no (?:puedo|puede|logro) (?:ni |casi |bien )*abrir (?:ni "
         r"|casi |bien )*la boca"
         r"|no abro la boca|(?:apenas|casi no) (?:puedo )?abr\w+ la boca|boca trabada"),
    sign(URGENT, "mouth that opens with difficulty", r"(?:cuesta|duele|dolor|dificil|molesta) (?:mucho )?(?:al "
         r"|para )?abrir (?:bien )?la boca"),
    sign(URGENT, "severe pain", PAIN, SEVERE, near=MOUTH,
         no=r"(?:cabeza|panza|espalda|estomago|rodilla|ovarios|no (?:es )?(?:tanto|mucho|muy)|no (?:me "
              r"|le )?duele (?:tanto|mucho)|un poco)"),
    sign(URGENT, "severe pain", r"(?:no (?:me )?aguanto mas|no (?:doy|aguanto|soporto) (?:mas )?(?:el|del|de"
         r"|este|con el) dolor|"
         r"(?:me )?muero de(?:l)? dolor|llor\w+ de(?:l)? dolor|no (?:puedo|pude|puede|pudo|me deja"
         r"|deja) dormir (?:del|por el|de) dolor|"
         r"insoportable (?:el|este) dolor|mat\w+ (?:la|el|esta|este) (?:muela|diente)|(?:muela"
         r"|diente) (?:me )?(?:esta )?mat\w+|"
         r"dolor (?:\w+ )?(?:insoportable|terrible|horrible|tremendo|muy fuerte|fuerte|intenso|agudo"
         r"|que no))", no=r"cabeza"),
    sign(URGENT, "pain that prevents sleep", r"(?:no (?:puedo|pude|puede|pudo|me deja|me dejo"
         r"|deja) (?:casi )?dormir|no (?:pegue|pego) un ojo|"
         r"despert\w+|despiert\w+)", near=rf"(?:{PAIN}|muel\w*|dient\w*|encia)"),
    sign(URGENT, "pain not eased by painkillers", r"(?:ibuprofeno|ibu|paracetamol|analgesic\w+|ketorolac"
         r"|diclofenac|calmantes?|"
         r"pastillas?|tome|actron|sertal|tafirol|dexametasona|remedio)",
         r"(?:no (?:se )?(?:me )?(?:hace|hacen|hizo|hicieron|calma|calman|calmo|pasa|paso|va|fue|alcanza|baja"
         r"|cede|afloja)|igual|sigue|sigo|"
         r"nada|ni con)", near=rf"(?:{PAIN}|muel\w*|dient\w*)"),
    sign(URGENT, "abscess or infection", INFECTION, no=r"(?:prevenir|para que no|evitar|riesgo|miedo)", raised=True),
    sign(URGENT, "lump on the gum", r"(?:grano|bolita|pelotita|bulto|globito|ampolla"
         r"|chichon)", r"(?:encias?|muela|diente|boca|paladar)",
         raised=True),
    sign(URGENT, "swelling", SWELL, r"(?:cachet\w*|mejillas?|labios?|paladar|lado|pomulo|mandibula|quijada"
         r"|muela|diente)", raised=True),
    sign(URGENT, "painful swollen gum", SWELL, r"encias?", near=PAIN, raised=True),
    sign(URGENT, "broken tooth", TOOTH, BREAK, no=rf"(?:{FIXTURE}|hilo|cabeza)", painful=True),
    sign(URGENT, "pain after an extraction", PAIN, near=r"(?:sac(?:aron|o|aste|aro) (?:\w+ ){0,3}muel\w*"
         r"|extraccion|me sacaron|extrajeron|"
         r"alveolitis)", no=MILD),
    sign(URGENT, "dry socket", r"alveolitis"),
    sign(URGENT, "wisdom tooth", r"(?:muelas? de(?:l)? juicio|cordales?|juicio)",
         rf"(?:{PAIN}|{SWELL}|infec\w+|pericoronitis)", no=MILD, raised=True),
    sign(URGENT, "pericoronitis", r"pericoronitis", raised=True),
    sign(URGENT, "nerve exposed", r"(?:nervio|pulpa)", r"(?:expuest[oa]|al aire|afuera|se (?:me )?ve|viendo"
         r"|a la vista)"),
    sign(URGENT, "bleeding after an extraction", BLEED, near=r"(?:sac(?:aron|o) (?:\w+ ){0,3}muel\w*|extraccion"
         r"|me sacaron|cirugia|extrajeron)",
         raised=True),
    sign(URGENT, "toothache", r"(?:me|le) (?:sigue |esta |re |vuelve a |volvio a )?(?:duele|dule|doliendo|doler)",
         no=rf"(?:{MILD}|{ELSEWHERE})"),
    sign(URGENT, "toothache", PAIN, near=MOUTH, no=rf"(?:{MILD}|cabeza|panza|espalda|estomago|rodilla|ovarios)"),
    sign(URGENT, "sore that does not heal", r"(?:llagas?|ulceras?|aftas?|herida|mancha blanca|lesion|lastimadura)",
         r"(?:hace (?:mas de )?(?:un mes|meses|(?:3|4|5|6|tres|cuatro|cinco|seis) semanas|(?:2|3|dos"
         r"|tres) meses)|no (?:se )?(?:me )?(?:cura|cierra|va|cicatriza))"),
    sign(URGENT, "an urgency said to be one", r"(?:tengo|es|tenemos|tuve|seria) (?:una )?(?:urgencia|emergencia)"),
    sign(ROUTINE, "mild pain", PAIN, MILD, no=r"(?:cabeza|panza|espalda|estomago)"),
    sign(ROUTINE, "discomfort", r"(?:molest(?:a|ia|ias|ando|aba|an)|incomod[oa]|sensib\w+|dentera|tirante)",
         near=rf"(?:{MOUTH}|sensib\w+|{FIXTURE}|masticar|{SWELL})", no=r"(?:disculp\w+|perdon)"),
    sign(ROUTINE, "swollen gums", SWELL, r"encias?", raised=True),
    sign(ROUTINE, "bleeding gums", BLEED, r"(?:encias?|cepill\w+|hilo|boca|dientes|lav\w+)", raised=True),
    sign(ROUTINE, "lost filling or crown", FIXTURE, rf"(?:{LOST}|{BREAK}|despeg\w+|solto|sueltad?|suelt[ao]"
         rf"|aflo\w+|floj[oa]|mueve|perdi|clava|"
         r"pincha\w*|lastima\w*|raspa)"),
    sign(ROUTINE, "chipped or loose tooth", TOOTH, r"(?:romp\w+|rot[ao]s?|parti\w*|quebr\w+|astill\w+|pedazo"
         r"|pedacito|floj[oa]s?|mueve\w*|movil\w*"
         r"|cachad[oa]|limad[oa]|gastad[oa]|torcid[oa]s?|chuec[oa]s?|manchad[oa]s?|amarill\w+|negr[oa]s?"
         r"|falta\w*|separad[oa]s?|picad[oa]s?)"),
    sign(ROUTINE, "caries", r"(?:caries|carie|agujer(?:o|ito)|picad[oa]s?|hoyo)", near=rf"(?:{TOOTH}|caries|carie)"),
    sign(ROUTINE, "sore", r"(?:llagas?|aftas?|ulceras?|boquera|herpes|lastim\w+"
         r"|quem\w+)", near=r"(?:llagas?|aftas?|boca|lengua|encia|labio|paladar)"),
    sign(ROUTINE, "grinding", r"(?:brux\w+|rechin\w+|aprieto (?:los|mucho los) dientes|mal aliento|halitosis"
         r"|sarro|placa bacteriana)"),
    sign(ROUTINE, "check-up or aesthetics", r"(?:quier[oe]|queria|quisiera|necesit\w+|gustaria|turno|hacerme"
         r"|ponerme|sacar|consulta por|"
         r"busco|interesa\w*|agendar|reservar|pedir)",
         r"(?:limpieza|control|chequeo|revision|blanqueamiento|blanquear\w*|carillas?|ortodoncia|brackets?"
         r"|alineadores|invisalign|"
         r"estetica|profilaxis|implantes?|protesis|consulta)",
         no=r"(?:cancel\w+|anular|suspender|cambiar|reprogramar|cuanto|precio|ya me hice)"),
    sign(ROUTINE, "swelling", SWELL, near=MOUTH, raised=True),
)  # fmt: skip

SYMPTOM = (
    rf"(?:{PAIN}|{SWELL}|{BLEED}|{FEVER}|{INFECTION}|molest\w+|sensib\w+|golp\w+|caries|{BREAK}|llagas?"
    rf"|decaid[oa]|malestar|"
    r"mare\w+|vomit\w+|flojo|mueve|urgencia|emergencia)"
)

# What is said with these words without being a symptom.
FIGURES = tuple(
    re.compile(pattern)
    for pattern in (
        r"\bme (?:duele|dolio|doleria) (?:el |la )?(?:bolsillo|alma|corazon|billetera|tener que|no poder"
        r"|decir\w*|cancelar|molestar\w*)\b",
        r"\b(?:mue?r\w+|muriendo) (?:de|por) (?!dolor|del dolor)(?:\w+)",
        r"\b(?:de la|de) risa\b|\bno puedo respirar de\w*|\bse me (?:cae|cayo|caia) (?:la )?(?:cara|baba"
        r"|el alma|un idolo|los anillos)\b",
        r"\b(?:armad[oa]s?|hasta|apret\w+) (?:hasta )?los dientes\b(?! \w*(?:de noche|dormid))"
        r"|\bentre dientes\b|\ba reganadientes\b",
        r"\bojo de la cara\b|\bdolor de (?:cabeza|huevos|ovarios|panza|espalda|estomago|garganta"
        r"|oidos?)\b(?= (?:pedir|sacar|conseguir|tener|este|esta|con|llamar|el tramite|que no))?",
        r"\bhinch\w* de (?:boca|river|racing|independiente|san lorenzo|pelotas|las pelotas|central|newells"
        r"|talleres|belgrano)\b",
        r"\b(?:soy|somos|es) (?:re )?hinchas?\b|\bla hinchada\b|\b(?:me |nos |te |los? )?(?:tiene|tienen"
        r"|tenes) hinchad\w*\b|\bno (?:me )?hinches?\b|\brompe\w* (?:las )?(?:bolas|pelotas)\b",
        r"\b(?:parte|partio|rompe|rompio|sangra) el (?:corazon|alma)\b|\bromp\w+ (?:la cabeza|el alma|el record"
        r"|el hielo)\b",
        r"\b(?:se )?(?:cay[oe]|cae|cayeron|caido|caida|caidas?)(?: de)? (?:el |la |del |de la |los )?(?:sistema"
        r"|internet|pagina|turno|turnos|reserva|conexion|luz|wifi|whatsapp|senal|servidor|red|plan|cita|llamada"
        r"|pelo|planes)\b",
        r"\bme (?:cayo|cae|caen|cayeron) (?:muy |re |super |tan )?(?:bien|mal|simpatic[oa]s?)\b"
        r"|\bse me (?:rompio|cayo) el (?:celu\w*|telefono|auto|coche)\b",
        r"\bse (?:me )?(?:rompio|partio|quedo) (?:el |la )?(?:auto|celu\w*|telefono|compu\w*|coche|moto|calefon"
        r"|heladera)\b",
        r"\bgolpe de (?:suerte|estado|vista|calor)\b|\bfiebre (?:del|de) (?:sabado|oro|mundial)\b"
        r"|\bfiebre mundialista\b|\bde golpe\b",
        r"\b(?:gravita|pega|golpea) (?:el|al|mi) bolsillo\b|\bsangre fria\b|\bsudar sangre\b"
        r"|\bprecios? (?:que )?duelen?\b",
        r"\b(?:me )?sac\w+ de quicio\b|\bmuela de\b(?! ?l?a? ?juicio| arriba| abajo| atras| leche)"
        r"|\bme quito el sueno\b|\bme salio\b(?= (?:caro|barato|bien|mal|un trabajo|algo))",
        r"\b(?:para |por )?no (?:molestar\w*|molesto)\b|\b(?:disculp\w*|perdon"
        r"|perdona\w*)(?: \w+){0,3} molest\w+\b|\bsi no es molestia\b|\bque (?:los |las |la |lo "
        r"|te )?(?:molest\w+)\b|\bno es (?:ninguna )?molestia\b",
        r"\bcon cuidado de no \w+\b|\bno hay que lamentar\b",
    )
)  # fmt: skip

# Questions and hypotheses about what might hurt.
HYPOTHETICAL = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?:va|van|vaya|puede|podria|suele|suelen|llega|llegara|llegase)(?:n)? a? ?(?:doler\w*|molestar\w*"
        r"|sangrar|hinchar\w*|inflamar\w*|infectar\w*)\b",
        rf"\b(?:me |te |le )?(?:{PAIN}|sangra|molesta|es doloros[oa]) (?:mucho |despues )?(?:el |la |los |las "
        rf"|un |una |hacerse |sacarse |ponerse |hacer |poner )"
        r"(?:tratamientos?|conductos?|extraccion|limpieza|blanqueamiento|implantes?|ortodoncia|brackets?"
        r"|anestesia|inyeccion|cirugia|endodoncia|carillas?|procedimiento|pinchazo)\b",
        r"\b(?:que (?:no )?(?:me |le |te )?(?:duela|doliera|moleste|sangre|vaya a doler)|tengo miedo (?:a|al|de"
        r"|del|que|de que)[^,.;]*|miedo (?:a|al|de|del) \w+(?: \w+)?)\b",
        r"\b(?:si|cuando|por si) (?:me |le |se )?(?:llega\w* a |llegara a )?(?:doliera|duela|sangrara|doliese"
        r"|hinchara|pasara|pasa algo)\b",
        r"\b(?:atienden|hacen|tienen|reciben|cubre\w*|toman|hay) (?:\w+ )?(?:urgencias?|emergencias?|guardias?)\b",
        r"\b(?:prevenir|evitar|para que no)\b[^,.;]*",
        r"\b(?:prefiero|quiero|mejor) (?:prevenir|antes que duela)\b",
    )
)  # fmt: skip

PAST = re.compile(
    r"\b(?:hace (?:ya |como |mas de |unos |unas |casi |un par de )*(?:\d+|un|una|dos|tres|cuatro|cinco|seis"
    r"|muchos|varios|unos|tantos)?"
    r" ?(?:meses|mes|anos?)(?! que)|(?:el |la )?(?:ano|mes) pasad[oa]|cuando era (?:chic[oa]|nin[oa]|joven"
    r"|adolescente)|de chic[oa]|"
    r"hace (?:mucho|bastante|un monton|anos)(?: tiempo)?|una vez|en su momento|en (?:19|20)\d\d"
    r"|la (?:otra vuelta|vez pasada|ultima vez)|"
    r"anterior(?:mente)?|supe tener|antes tenia)\b"
)
STILL = re.compile(r"\b(?:sigue|sigo|todavia|aun|ahora|hoy|de nuevo|otra vez|volvio|vuelve|desde)\b")
SOLVED = re.compile(
    r"\b(?:ya (?:me |se me |se |lo |la |le |nos |esta |estoy |estaba |fue )*(?:lo |la |los |las )?(?:arregl\w+"
    r"|solucion\w+|cur\w+|sac\w+|fue|paso|pasaron|"
    r"resolv\w+|resuelt\w+|mejor\w*|desinflam\w+|deshinch\w+|baj\w+|trat\w+|atend\w+|extra\w+|calm\w+|sano|sane"
    r"|bien|termin\w+|repar\w+)"
    r"|ya no(?: me| le| se| tengo| tiene| hay| siento| esta| estoy)*|se me (?:paso|fue|calmo|quito)|me (?:lo|la"
    r"|los|las) (?:arreglaron|sacaron|"
    r"solucionaron|curaron|trataron|repararon|sacaron)|por suerte (?:ya )?(?:paso|no fue nada)"
    r"|estoy (?:mucho )?mejor|dejo de (?:doler|sangrar)(?:me)?|"
    r"no fue nada|no paso nada|me recupere|mejoro solo)\b"
)
UNSOLVED = re.compile(r"\bno (?:se )?(?:me |le )?(?:paso|fue|calmo|quito|va|pasa|arregl\w+|solucion\w+)"
     r"|\b(?:pero|aunque|y) (?:ahora|hoy|sigue|volvio|me volvio)\b")
IMPERFECT = re.compile(r"\b(?:dolia|dolian|sangraba|sangraban|molestaba|molestaban|tenia|estaba hinchad\w+"
     r"|hinchaba)\b")
OTHERS = re.compile(
    r"\b(?:(?:mi|a mi|el|un|una|la|al|del) (?:\w+ )?(?:vecin[oa]|amig[oa]s?|companer[oa]|jefe|jefa|conocid[oa]"
    r"|colega|perr[oa]|gat[oa]|mascota|"
    r"profe\w*|chofer|cunad[oa]|suegr[oa]|prim[oa]|ti[oa])|en (?:la tele|las noticias|una pelicula|un video"
    r"|tiktok|internet)|lei que|vi un|"
    r"a (?:alguien|una persona|un senor|una senora))\b"
)
FOR_THEM = re.compile(r"\b(?:turno|atender\w*|atiendan|ver\w*|llev\w+|consult\w+|urgente|que hago|que hacemos"
     r"|ayuda)\b")
CANNOT_COME = re.compile(r"\b(?:no (?:voy a |vamos a )?(?:poder |puedo |podre |podria )?(?:ir|llegar|asistir"
     r"|llego)|cancel\w+|reprogram\w+|suspend\w+|cambiar (?:el|mi) turno)\b")

ILLNESS = {
    "diabetes": r"\b(?:diabet\w+|insulin\w+|metformina)\b",
    "immune suppression": r"\b(?:inmuno\w+|quimio\w*|trasplant\w+|vih|hiv|corticoid\w+|radioterapia|lupus"
    r"|leucemia|oncologic\w+|cancer)\b",
    "anticoagulants": r"\b(?:anticoag\w+|sintrom|acenocumarol|warfarina|heparina|xarelto|rivaroxaban|eliquis"
    r"|apixaban|clopidogrel|dabigatran)\b",
    "pregnancy": r"\b(?:embaraz\w+|gestante|gestacion)\b",
}  # fmt: skip

# Words worth repairing when one letter is off: a typing error or a voice transcript.
VOCABULARY = [
    "duele", "duelen", "dolor", "dolores", "muela", "muelas", "diente", "dientes", "encia", "encias",
    "hinchada", "hinchado", "hincho", "hinchazon", "inflamada", "inflamado", "sangra", "sangre", "sangrado",
    "sangrando", "fiebre", "infeccion", "infectada", "absceso", "flemon", "golpe", "golpee", "mandibula",
    "cachete", "respirar", "tragar", "dormir", "aguanto", "insoportable", "rompio", "partio", "fractura",
    "hemorragia", "garganta", "cuello", "ibuprofeno", "molesta", "molestia", "sensibilidad", "corona",
    "caries", "limpieza", "accidente", "mejilla", "lengua", "boca", "extraccion", "terrible", "fuerte",
    "mucho", "cayo", "salio",
]
