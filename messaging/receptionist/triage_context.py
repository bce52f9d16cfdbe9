"""What is said with the words of a symptom without being one: figures, questions, the past, others. Folded text."""

import re

from messaging.receptionist.triage_words import BLEED, PAIN, SWELL

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
        r"\bahogad[oa]s? (?:de|en|con) \w+|\b(?:sin|falta\w* (?:de )?|el|un poco de) aire(?: acondicionado| libre)\b"
        r"|\b(?:sin|me falta el) aire (?:corriendo|por correr|subiendo|de correr|de subir)\b",
        r"\b(?:golp\w+|patada|pina|puntada|hachazo|infarto|dolor) (?:\w+ ){0,2}(?:el |al |de |los )?(?:precios?"
        r"|presupuesto"
        r"|bolsillo|cuenta|factura|billetera)\b|\b(?:precios?|presupuesto) (?:\w+ ){0,2}(?:mata|duele|golpea)\w*",
        r"\bhinch\w* (?:mucho )?(?:las |la )?(?:pelotas|bolas|paciencia)\b|\bhincha ?pelotas\b|\bhinchabolas\b",
        r"\b(?:se (?:me |le |nos )?)?(?:cay[oe]|cai|cayeron|rompi\w*|rompieron|perdi\w*|salto|quedo) (?:al |a la |en"
        r" el |el "
        r"|la |las |los |un |una |mi |por el )?(?:agua|piso|celu\w*|telefono|auto|coche|llaves?|arbol|portero|link"
        r"|enlace"
        r"|audio|termica|alarma|mensaje|paraguas|anteojos|lentes|colectivo|bondi|tren|mate|cafe|pantalla|cable|caneria"
        r"|inodoro|heladera|termo|mochila|billetera)\b",
        r"\bsangre de la nariz\b|\b(?:me |se |le )?(?:cai|cayo|muero|muere) (?:rendid[oa]|de (?:sueno|cansancio"
        r"|maduro))"
        r"\b|\btemperatura (?:ambiente|del agua|de afuera)\b|\ben materia de\b",
        r"\b(?:llamo|soy|nombre es|nombre de|senora|sra|doctora|dra|nombre) dolores(?: \w+)?"
        r"|\bdolores \w+ (?:\w+ )?\d{7}",
        r"\bdolor(?:es)? de cabeza\b|\bme sacas? un dolor\b",
    )
)  # fmt: skip

# Questions and hypotheses about what might hurt.
HYPOTHETICAL = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?:va|van|vaya|puede|podria|suele|suelen|llega|llegara|llegase)(?:n)? a? ?(?:doler\w*|molestar\w*"
        r"|sangrar|hinchar\w*|inflamar\w*|infectar\w*)\b",
        rf"\b(?<!me )(?<!le )(?<!re )(?:{PAIN}|sangra|molesta|es doloros[oa]) (?:mucho |despues )?(?:el |la |los |las "
        rf"|un |una |hacerse |sacarse |ponerse |hacer |poner )"
        r"(?:tratamientos?|conductos?|extraccion|limpieza|blanqueamiento|implantes?|ortodoncia|brackets?"
        r"|anestesia|inyeccion|cirugia|endodoncia|carillas?|procedimiento|pinchazo)\b",
        r"\b(?:que (?:no )?(?:me |le |te )?(?:duela|doliera|moleste|sangre|vaya a doler)|tengo miedo (?:a|al|de"
        r"|del|que|de que)[^,.;]*|miedo (?:a|al|de|del) \w+(?: \w+)?)\b",
        r"\b(?:si|cuando|por si) (?:me |le |se )?(?:llega\w* a |llegara a )?(?:doliera|duela|sangrara|doliese"
        r"|hinchara|pasara|pasa algo)\b",
        r"\b(?:atienden|hacen|tienen|reciben|cubre\w*|toman|hay) (?:\w+ )?(?:urgencias?|emergencias?|guardias?)\b",
        r"\b(?:prevenir|evitar|para que no)\b[^,.;]*",
        r"\b(?:tratamientos?|conductos?|extraccion|limpieza|blanqueamiento|implantes?|ortodoncia|brackets?|anestesia"
        r"|inyeccion|cirugia|endodoncia|carillas?|procedimiento|sacar\w*|poner\w*|hacer\w*)(?: \w+){0,2} (?:me |te "
        r"|les? )?"
        rf"(?:va a |puede )?(?:{PAIN}|molesta|sangra)(?: mucho| bastante)?(?= ?[?]|$)",
        rf"\bsi (?:despues|luego|mas tarde|en algun momento|llegara|llega)(?: \w+){{0,3}} (?:{PAIN}|{SWELL}|{BLEED}"
        r"|molest\w+)[^,.;]*",
        rf"\bsi (?:me |se me |le |se le )?(?:{PAIN}|{SWELL}|{BLEED}|molest\w+)(?: \w+){{0,2}} (?:despues de|luego de"
        rf"|tras)"
        r" (?:la|una|el|un|lo)\b[^,.;]*",
        r"\bes normal (?:que )?(?:sangre|duela|moleste|sangrar|que se hinche|que se inflame)\b[^,.;]*",
        r"\banestesia (?:\w+ ){0,2}puede\b[^,.;]*|\b(?:puede|podria) (?:cerrar|hinchar|cortar)\w* la (?:garganta|cara)"
        r"\b",
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
    r"|ya no\b(?! (?:me |se |lo |la |le )*(?:calma|hace|alivia|alcanza|pasa\b|se que|se como|aguanto|puedo|doy"
    r"|soporto|abre"
    r"|abro|cierra|para\b|funciona|resisto|tolero|sirve|baja|deja))(?: me| le| se| tengo| tiene| hay| siento| esta"
    r"| estoy)*"
    r"|se me (?:paso|fue|calmo|quito)|me (?:lo|la|los|las) (?:arreglaron|sacaron|"
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
    r"profe\w*|tocay[oa]|socio|socia|chofer|cunad[oa]|suegr[oa]|prim[oa]|ti[oa])|en (?:la tele|las noticias|una"
    r" pelicula|un video|tiktok|internet)|lei que|vi un|"
    r"a (?:alguien|una persona|un senor|una senora|uno|una chica|un chico)|que (?:vive|esta) en (?!casa\b|mi\b)\w+)\b"
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
