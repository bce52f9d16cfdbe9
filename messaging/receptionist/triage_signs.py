"""The signs of `triage.py`: a level, a reason for staff, and the words that show it (domain.md, SDCEP / ADA)."""

import re
from dataclasses import dataclass

from messaging.receptionist.triage_words import (
    BLEED,
    BLOW,
    BREAK,
    EASES,
    EMERGENCY,
    FEVER,
    FIXTURE,
    INFECTION,
    LOST,
    MILD,
    MOUTH,
    PAIN,
    PAINKILLER,
    ROUTINE,
    SEVERE,
    SWELL,
    THROB,
    TOOTH,
    URGENT,
)


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


def sign(level, reason, *every, no="", near="", raised=False, painful=False) -> Sign:
    compiled = tuple(re.compile(rf"\b{pattern}\b") for pattern in every)
    never = re.compile(rf"\b{no}\b") if no else None
    somewhere = re.compile(rf"\b{near}\b") if near else None
    return Sign(level, reason, compiled, never, somewhere, raised, painful)


OUT_OF_BREATH = (
    r"(?:no (?:puedo|puede|logro|consigo|me deja|deja) (?:ni |casi |bien )*respirar"
    r"|(?:cuesta\w*|costando|costaba|dificulta\w*|dificil|problemas? para|trabajo) (?:\w+ )?respirar"
    r"|respir[oa] (?:muy |re )?(?:mal|raro|apenas|cort\w+|agitad\w+|con dificultad)|casi no respir[oa]|no respira\b"
    r"|falta(?:ndo)? (?:el |de )?aire|(?:me|se) (?:estoy |esta )?ahog\w+|asfixi\w+"
    r"|(?:garganta|glotis|traquea)(?: \w+){0,3} (?:cerr\w+|cierr\w+|tapad\w+)|(?:cerr\w+|cierr\w+)(?: \w+)? la"
    r" garganta)"
)
NO_SWALLOWING = (
    r"(?:(?:no (?:puedo|puede|logro|consigo)|(?:me|le) (?:esta )?cost\w+|(?:me|le) cuesta|duele al|dificulta\w*"
    r" (?:para|al)"
    r"|casi no puedo) (?:casi |ni |bien |mucho |para )*(?:tragar|deglutir|pasar (?:la |el |ni )?(?:saliva|agua"
    r"|comida))"
    r"|no (?:trago|traga)\b|no (?:me|le) (?:pasa|baja) (?:ni )?(?:el agua|la saliva|la comida|nada)"
    r"|tragar (?:me |le )?(?:cuesta|es imposible))"
)
NO_SPEAKING = (
    r"(?:no (?:puedo|puede) (?:ni |casi )*hablar|(?:me|le) (?:cuesta|esta costando) (?:mucho )?hablar"
    r"|habl[oa] (?:re |muy |medio |como )?(?:raro|rara|mal|trabad\w+|gangos\w+|con dificultad|con la boca llena"
    r"|apenas)|no (?:me|le) sale la voz)"
)
KEEPS_BLEEDING = (
    r"(?:no (?:me |le |se |la |lo )*(?:para|deja|frena|detiene|corta|cede|calma|coagula|puedo parar|logro parar"
    r"|consigo parar|puede parar)|sin parar|a (?:chorros|borbotones)|hace (?:\w+ )?horas?|abundante|muchisim[oa]"
    r"|much[oa]"
    r"|no (?:hay|habia) (?:caso|forma)|un monton|sigue|sigo|empap\w+|toda la noche|todo el (?:tiempo|dia)|tragando"
    r"|ni con"
    r" gasa|ni mordiendo|gasas?|llen[ao]s?|llena\w*|constante\w*|desde (?:ayer|anoche|hoy|esta manana)|hemorragia\w*)"
)
SHUT = (
    r"(?:no (?:puedo|puede|logro|consigo) (?:ni |casi |bien )*abrir (?:ni |casi |bien )*la boca|no (?:me |le"
    r" )?abr[oe]n? "
    r"(?:casi |bien |nada )*la boca|(?:apenas|casi no) (?:puedo |puede )?(?:me )?abr\w+ la boca"
    r"|boca (?:esta |tengo |quedo |se )?(?:me |le )?(?:\w+ )?(?:trab\w+|tranc\w+|bloque\w+|no (?:me |le )?abre|dura)"
    r"|(?:me|le) entra (?:apenas |solo )?(?:un|una|medio) (?:dedo|cuchar\w+|sorbete|pajita)"
    r"|(?:apenas|solo) (?:me |le )?entra (?:un|una|medio) (?:dedo|cuchar\w+|sorbete|pajita)|trismus)"
)
SHAKEN = (
    rf"(?:{BREAK}|{LOST}|floj[oa]s?|aflo\w+|mov\w+|mueve\w*|muev\w+|bail\w+|torci\w*|torcid\w*|corri\w*|hundi\w*"
    rf"|meti\w*"
    r"|desplaz\w+|golp\w+|colgando|para (?:adentro|atras|adelante|afuera)|desvia\w+|incrust\w+|raspad\w*)"
)

SIGNS = (
    sign(EMERGENCY, "airway", OUT_OF_BREATH),
    sign(EMERGENCY, "swallowing", NO_SWALLOWING),
    sign(EMERGENCY, "speaking", NO_SPEAKING,
         near=rf"(?:{SWELL}|{PAIN}|{INFECTION}|lengua|mandibula|garganta|boca|hablar bien)",
         no=r"(?:ahora|por telefono|trabajando|reunion|llamada|audio)"),
    sign(EMERGENCY, "spreading swelling", SWELL, r"(?:ojos?|parpado|cuello|garganta|lengua|piso de la boca|media cara"
         r"|toda la cara|cara|rostro|sien|se (?:esta )?exten\w+|exten\w+|cada (?:vez|hora|dia) (?:\w+ )?mas|crec\w+"
         r"|avanz\w+"
         r"|baj(?:a|o|ando)|rapido|se (?:me )?corr\w+|agrand\w+|sube|subi\w+|aument\w+|empeor\w+)", no=r"ojeras",
         raised=True),
    sign(EMERGENCY, "swelling under the tongue or jaw", r"(?:bultos?|bola|dureza|pelota|hinch\w+|inflam\w+)",
         r"(?:(?:abajo|debajo|bajo) (?:de )?(?:la |el )?(?:lengua|mandibula|menton|pera|quijada)|en el cuello"
         r"|piso de (?:la )?boca)", near=rf"(?:{INFECTION}|{PAIN}|{TOOTH}|encia|tragar|extraccion|hinch\w+|inflam\w+)",
         raised=True),
    sign(EMERGENCY, "eye closed by swelling", r"(?:no (?:puedo|puede) abrir (?:bien )?el ojo|cierra (?:casi )?el ojo"
         r"|ojo (?:casi )?cerrado|cerro el ojo|(?:casi )?no (?:lo )?abro (?:el ojo)?)",
         near=rf"(?:ojo.*(?:{SWELL}|{MOUTH}|{INFECTION})|(?:{SWELL}|{MOUTH}|{INFECTION}).*ojo)", raised=True),
    sign(EMERGENCY, "fever with a dental infection", FEVER,
         near=rf"(?:{PAIN}|{INFECTION}|{SWELL}|muel\w*|dient\w*|encias?|boca|extraccion|sacaron|cirugia|implante"
         rf"|juicio)",
         no=r"(?:gripe|resfri\w+|covid|angina|anginas|dengue)", raised=True),
    sign(EMERGENCY, "malaise with a dental infection", r"(?:decaid[oa]s?|malestar(?: general)?|mare(?:ad[oa]|os|o)"
         r"|vomit\w+|me siento (?:muy |re |bastante )?mal|debil\w*|desmay\w+|palpitaciones|descompuest[oa]|cuerpo"
         r" cortado"
         r"|sin fuerzas)", near=rf"(?:{INFECTION}|{SWELL}|muela|diente|encia|caliente y dur[oa]|dur[oa] y caliente)",
         raised=True),
    sign(EMERGENCY, "bleeding that does not stop", BLEED, KEEPS_BLEEDING,
         no=r"(?:cepill\w+|hilo|lav\w+ los dientes|pasta|poquit[oa]|un poco)", raised=True),
    sign(EMERGENCY, "bleeding that does not stop", r"no (?:me |le |se )*(?:para|deja|frena|detiene|corta) (?:de )?"
         r"(?:la )?sangr\w*", no=r"cepill\w+", raised=True),
    sign(EMERGENCY, "haemorrhage", r"(?:hemorragia\w*|desangr\w+)", raised=True),
    sign(EMERGENCY, "tooth knocked out", TOOTH, rf"(?:se (?:me|le|nos) (?:ha )?{LOST}|{LOST} (?:entero|de raiz"
                                                rf"|completo)"
         r"|avuls\w+|(?:lo )?ten(?:go|emos) en (?:la mano|leche|un vaso|un frasco)|(?:me|le) (?:lo )?volo|en la mano)",
         no=rf"(?:{FIXTURE}|pedazo|pedacito|cachito|puntita|punta|leche se|de leche|emplomad\w+|sangre|pus|grano|llaga"
         r"|bolita|materia)"),
    sign(EMERGENCY, "tooth hurt by a blow", TOOTH, SHAKEN, near=BLOW, no=r"(?:rutina|de leche flojo)"),
    sign(EMERGENCY, "blow to the face or jaw", BLOW, r"(?:mandibula|cara|menton|boca|pomulo|maxilar|quijada|rostro"
                                                     r"|labio"
         r"|pera|dient\w*|muel\w*|paletas?)", no=r"(?:cay[oe]\w* (?:la |el |una? )?(?:corona|funda|empaste|arreglo"
                                                 r"|muela"
         r"|diente|emplomadura|pedazo)|bien|mal|despeg\w+)"),
    sign(EMERGENCY, "broken or dislocated jaw", r"(?:mandibula|quijada|maxilar)", r"(?:fractur\w+|quebr\w+|rot[ao]"
         r"|desencaj\w+|luxa\w+|sali[oe]\w*|trab\w+|tranc\w+|bloque\w+|dislo\w+|no (?:me |la |se )*(?:puedo"
         r" )?cierra\w*)"),
    sign(EMERGENCY, "broken or dislocated jaw", r"no (?:me )?(?:cierran|encajan|encaja|muerden) (?:bien )?(?:los"
                                                r" dientes|las muelas|la boca|la mordida)", near=BLOW),
    sign(EMERGENCY, "mouth that does not open", SHUT),
    sign(EMERGENCY, "mouth that does not open", r"(?:no|apenas|casi no) abr[oe] (?:casi )?(?:nada|la boca|bien)?",
         near=r"(?:mandibula|quijada|boca).*(?:trab\w+|tranc\w+|bloque\w+|dura)"),
    sign(URGENT, "mouth that opens with difficulty", r"(?:cuesta|duele|dolor|dificil|molesta) (?:mucho )?(?:al |para"
                                                     r" )?abrir (?:bien )?la boca"),
    sign(URGENT, "severe pain", PAIN, SEVERE, no=r"(?:no (?:es )?(?:tanto|mucho|muy)|no (?:me |le )?duele (?:tanto"
                                                 r"|mucho)|un poco)"),
    sign(URGENT, "severe pain", r"(?:no (?:me )?aguanto mas|no (?:doy|aguanto|soporto) (?:mas )?(?:el|del|de|este"
    r"|con el)"
         r" dolor|(?:me )?muero de(?:l)? dolor|llor\w+ (?:de(?:l)?|por el) dolor|no (?:puedo|pude|puede|pudo|me deja"
         r"|deja)"
         r" dormir (?:del|por el|de) dolor|insoportable (?:el|este) dolor|(?:mat\w+|enloquec\w+|volviendo loc[oa])"
         r" (?:la|el|esta|este) (?:muela|diente)|(?:muela|diente|cordal|juicio) (?:ya )?(?:me |le )?(?:esta"
         r" )?(?:mat\w+"
         r"|volviendo loc[oa]|enloquec\w+|destruy\w+)|desesperad[oa] (?:de|del|por el|con el) dolor"
         r"|dolor (?:\w+ )?(?:insoportable|terrible|horrible|tremendo|muy fuerte|fuerte|intenso|agudo|que no))"),
    sign(URGENT, "throbbing tooth", rf"(?:{TOOTH}|encia|cachete|mandibula)", THROB, no=MILD),
    sign(URGENT, "pain that prevents sleep", r"(?:no (?:puedo|pude|puede|pudo|me deja|me dejo|deja|dejo) (?:casi |ni"
                                             r" )*"
         r"(?:comer ni )?dormir|no (?:pegue|pego) (?:un|el) ojo|despert\w+|despiert\w+|sin dormir|en vela|pase la"
         r" noche|noche en blanco)", near=rf"(?:{PAIN}|muel\w*|dient\w*|encia)"),
    sign(URGENT, "pain not eased by painkillers", rf"(?:{PAINKILLER}|tome\w*)",
         rf"(?:no (?:se )?(?:me )?(?:la )?{EASES}|igual|sigue|sigo|nada|ni con)", near=rf"(?:{PAIN}|muel\w*"
         rf"|dient\w*)"),
    sign(URGENT, "pain not eased by painkillers", rf"{PAINKILLER}", rf"(?:no|ni|tampoco) (?:se )?(?:me )?{EASES}"),
    sign(URGENT, "pain not eased by painkillers", r"(?:no se (?:ya )?(?:que|con que) (?:mas )?(?:tomar|hacer|darle"
                                                  r"|darme)"
         r"|tome de todo|probe (?:con )?todo)", near=rf"(?:{PAIN}|{TOOTH}|encia)"),
    sign(URGENT, "abscess or infection", INFECTION, no=r"(?:prevenir|para que no|evitar|riesgo|miedo|en materia|la"
                                                       r" materia|materia prima)", raised=True),
    sign(URGENT, "lump on the gum", r"(?:granos?|granit\w+|bolita|pelotita|bultos?|bultito|globito|ampolla|chichon)",
         r"(?:encias?|muela|diente|boca|paladar)", raised=True),
    sign(URGENT, "swelling", SWELL, r"(?:cachet\w*|mejillas?|labios?|paladar|lado|pomulo|mandibula|quijada|muela"
                                    r"|diente|pera|menton)", raised=True),
    sign(URGENT, "painful swollen gum", SWELL, r"encias?", near=PAIN, raised=True),
    sign(URGENT, "broken tooth", TOOTH, BREAK, no=rf"(?:{FIXTURE}|hilo|cabeza)", painful=True),
    sign(URGENT, "pain after an extraction", PAIN, near=r"(?:sac(?:aron|o|aste|aro|ue|arme) (?:\w+ ){0,3}(?:muel\w*"
                                                        r"|juicio"
         r"|diente|cordal)|extraccion|me sacaron|extrajeron|alveolitis|operaron)", no=MILD),
    sign(URGENT, "dry socket", r"(?:alveolitis|(?:feo|mal) (?:olor|gusto)(?=.*(?:extraccion|sacaron|agujero)))"),
    sign(URGENT, "wisdom tooth", r"(?:muelas? de(?:l)? juicio|cordal\w*|juicio)",
         rf"(?:{PAIN}|{SWELL}|infec\w+|pericoronitis|no puedo (?:morder|masticar|cerrar))", no=MILD, raised=True),
    sign(URGENT, "pericoronitis", r"pericoronitis", raised=True),
    sign(URGENT, "nerve exposed", r"(?:nervio|pulpa)", r"(?:expuest[oa]|al aire|afuera|se (?:me )?ve|viendo|a la"
                                                       r" vista)"),
    sign(URGENT, "bleeding after an extraction", BLEED, near=r"(?:sac(?:aron|o|ue) (?:\w+ ){0,3}muel\w*|extraccion"
         r"|me sacaron|cirugia|extrajeron|operaron)", raised=True),
    sign(URGENT, "toothache", r"(?:me|le) (?:sigue |esta |re |vuelve a |volvio a |empezo a )?(?:duele|duelen|dule"
    r"|doliendo|doler)", no=MILD),
    sign(URGENT, "toothache", PAIN, near=MOUTH, no=MILD),
    sign(URGENT, "sore that does not heal", r"(?:llag\w+|ulceras?|aft\w+|herida|mancha blanca|lesion|lastimadura)",
         r"(?:hace (?:mas de )?(?:un mes|meses|(?:3|4|5|6|tres|cuatro|cinco|seis) semanas|(?:2|3|dos|tres) meses)"
         r"|no (?:se )?(?:me )?(?:cura|cierra|va|cicatriza))"),
    sign(URGENT, "an urgency said to be one", r"(?:tengo|es|tenemos|tuve|seria) (?:una )?(?:urgencia|emergencia)"),
    sign(ROUTINE, "mild pain", PAIN, MILD),
    sign(ROUTINE, "discomfort", r"(?:molest(?:a|ia|ias|ando|aba|an|e)|incomod[oa]|sensib\w+|dentera|tirante"
    r"|electricidad"
         r"|corriente|impresion|me da cosa|presion)", near=rf"(?:{MOUTH}|sensib\w+|{FIXTURE}|mast[i]?ca\w*|morder"
                                                           rf"|{SWELL}"
         r"|fri[oa]s?|calientes?|dulces?|helados?|acidos?)", no=r"(?:disculp\w+|perdon|hace frio|el calor)"),
    sign(ROUTINE, "swollen gums", rf"(?:{SWELL}|color\w+|roj[ao]s?|irritad\w+)", r"encias?", raised=True),
    sign(ROUTINE, "bleeding gums", BLEED, r"(?:encias?|cepill\w+|hilo|boca|dientes|lav\w+)", raised=True),
    sign(ROUTINE, "lost filling or crown", FIXTURE, rf"(?:{LOST}|{BREAK}|despeg\w+|solto|sueltad?|suelt[ao]|aflo\w+"
                                                    rf"|floj[oa]"
         r"|mueve|bail\w+|perdi|perdio|clava|pincha\w*|lastima\w*|raspa|molesta|doblo|torcio|gasto)"),
    sign(ROUTINE, "chipped or loose tooth", TOOTH, rf"(?:{BREAK}|floj[oa]s?|mueve\w*|movil\w*|bail\w+|cachad[oa]"
                                                   rf"|limad[oa]"
         r"|gast\w+|torcid[oa]s?|chuec[oa]s?|manch\w+|amarill\w+|negr[oa]s?|oscur\w+|falta\w*|separ\w+|picad[oa]s?"
         r"|cari\w+"
         r"|desparej\w+|encimad[oa]s?|apinad[oa]s?)"),
    sign(ROUTINE, "caries", r"(?:caries|carie|agujer(?:o|ito)|picad[oa]s?|hoyo|hueco)", near=rf"(?:{TOOTH}|caries"
         rf"|carie)"),
    sign(ROUTINE, "sore", r"(?:llag\w+|aft\w+|ulceras?|boquera|herpes|lastim\w+|quem\w+|raspadura|corte)",
         near=r"(?:llag\w+|aft\w+|boca|lengua|encias?|labios?|paladar|cachete)"),
    sign(ROUTINE, "grinding", r"(?:brux\w+|rechin\w+|(?:aprieto|apreto|aprieta) (?:\w+ )?(?:los )?dientes|mal aliento"
         r"|halitosis|sarro|placa bacteriana|manchas? en (?:los|el) dientes?)"),
    sign(ROUTINE, "noise of the jaw", r"(?:ruid\w*|cruj\w+|chasquid\w*|clic|click|suena)",
         r"(?:mandibula|boca|atm|quijada|articulacion)"),
    sign(ROUTINE, "check-up or aesthetics", r"(?:quier[oe]|queria|quisiera|necesit\w+|gustaria|turno|hacerme|hacerse"
                                            r"|ponerme"
         r"|sacar|consulta (?:por|de)|busco|interesa\w*|agendar|reservar|pedir|hace mucho|anual|semestral|vengo)",
         r"(?:limpieza|control|chequeo|revision|revisac\w+|revisar\w*|rutina|blanque\w+|carillas?|ortodoncia|brackets?"
         r"|alineadores|invisalign|estetica|profilaxis|implantes?|protesis|consulta|arreglar\w*|sonrisa)",
         no=r"(?:cancel\w+|anular|suspender|cambiar|reprogramar|cuanto|precio|ya me hice|recomend\w+)"),
    sign(ROUTINE, "swelling", SWELL, near=MOUTH, raised=True),
)  # fmt: skip

