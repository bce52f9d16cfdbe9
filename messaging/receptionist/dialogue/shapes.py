"""How people say what turns a dialogue: wishes, answers and questions, as shapes over folded words."""

import re

from messaging.receptionist import understanding
from messaging.receptionist.naming import RELATIVES

RELATIVE = re.compile(rf"\bmi {RELATIVES}\b")
CARER = re.compile(r"\bsoy (?:la |el )?(?:mam[ai]|madre|pap[ai]|padre|abuel[oa]|tutora?) de \w+")  # "la mamá de Juan"
SEVERAL = re.compile(
    rf"\b(?:mis|los) (?:(?:dos|tres|2|3) )?(?:hij[oa]s|nen[ea]s|chic[oa]s|mellizos|gemel[oa]s|niet[oa]s|padres)\b"
    rf"|\bpara mi(?: {RELATIVES})? y (?:para )?mi\b|\bpara (?:l[oa]s|nosotr[oa]s) (?:dos|2)\b"
)
FOR_ME = re.compile(rf"\bpara mi\b(?! (?:\w+ )?{RELATIVES}\b)")
WISHES = re.compile(
    r"\b(?:quiero|necesito|quisiera|queria|quisieramos|me gustaria|dame|haceme|hay|tenes|tienen|busco|puedo|podria"
    r"|me das)(?! (?:saber|consultar|averiguar|preguntar))(?: \w+){0,3} (?:turnos?|cita|hora|lugar|reserv\w+|agend\w+"
    r"|sacar|atenderme|ir|verme)\b|\b(?:reservame|agendame|anotame)\b"
)
WANTS = re.compile(
    r"\b(?:quiero|necesito|quisiera|queria|quisieramos|me gustaria|busco)"
    r"(?! (?:saber|consultar|averiguar|preguntar|info\w*|que me (?:digas|pases)))"
)
INSISTS = re.compile(r"\b(?:ten(?:ia|go|iamos) (?:un |mi )?turno|si tengo|me (?:lo )?dieron|lo saque"
     r"|saque turno|esta a nombre)\b")
FOLLOWS = re.compile(
    r"\btambien\b|\b(?:otr[oa]|un[oa]?)(?: turno)? para (?:mi|el|ella)\b|"
    r"^\W*(?:ah |bueno |ok |dale |perfecto )*(?:y|e|tambien)\b|^\W*(?:a|en|con|los|las|el|la) [^?]*\?\W*$"
)
CORRECTS = re.compile(
    r"\b(?:me (?:equivoque|confundi)|perdon|disculp\w+|quise (?:decir|poner)|en realidad|corri[jg]\w+|correccion"
    r"|(?:escribi|puse|pase|di|dije) mal|esta mal|mal (?:escrito|puesto)|no,? es|digo"
    r"|(?:con|sin) (?:[a-z]|doble [a-z]|dos [a-z]|tilde|acento|hache|zeta))\b"
)
_NO_VISIT = (
    r"(?! (?:\w+ ){0,2}(?:cbu|alias|link|fotos?|direccion|numero|telefono|precios?|info\w*|presupuesto|datos|ubicacion"
    r"|radiografias?|estudios?|receta|certificado|comprobante|factura)\b)"
)
SAYS = {
    name: re.compile(pattern)
    for name, pattern in {
        "greets": r"\b(?:hola+|holis|buen(?:as|os)?|buen dia|que tal|saludos)\b",
        "thanks": r"\b(?:mil |muchas |muchisimas )?gracias+\b|\bagradec\w+|\bte pasaste\b",
        "bye": r"\b(?:chau|chao|adios|hasta (?:luego|manana|pronto|el)|nos vemos|saludos|buen finde|abrazo)\b",
        "yes": understanding.YES,
        "puzzled": r"\bno (?:te |lo |les |le )?(?:entiendo|entendi|comprendo)\b|^\W*(?:como|que|eh)\W*$",
        "no": r"^\W*(?:no+|nop|nah|ninguno|ninguna|tampoco|para nada|mejor no)\b|\bningun[oa] (?:me|de)\b",
        "declines": r"\bno,? gracias\b|\b(?:dejalo|(?<!me )(?<!nos )(?<!l[aeo] )deja(?! de\b| \w+[aei]r\b)|olvidate"
        r"|olvidalo|no importa|ya no (?:quiero|necesito|hace falta)"
        r"|no (?:quiero|necesito)(?: mas| ya)? (?:(?:el|un|otro|ningun) )?turnos?\b(?! (?:con|para|al?|el"
        r"|las?|los|del?|por|en|tan|que|hoy|manana|es[ea]|temprano|tarde)\b)|despues veo|"
        r"ya (?:consegui|saque|me dieron|tengo) (?:\w+ ){0,2}(?:en|con) (?:otr[oa]|otra clinica)\b"
        r"|lo pienso|te aviso|mas adelante te|por ahora no|otro dia te)\b",
        "books": r"\b(?:turnos?|cita|hora|reserv\w+|agend\w+|sacar|atenderme|me atiendan|quiero ir|verme"
        r"|me vean|"
        r"disponib\w+|lugar|(?:que|q|k) (?:dias?|horarios?|turnos?) (?:tenes|tienen|hay|tendrias|manejan)"
        r"|tenes (?:algo|libre)|hay (?:algo|lugar|turno))\b",
        "cancels": r"\b(?:cancel\w+|anul\w+|dar de baja|dejar sin efecto|suspend\w+|borr(?:ar|ame|a) (?:el"
        r"|mi) turno|eliminar)\b",
        "moves": r"\b(?:reprogram\w+|reagend\w+|posterg\w+|adelantar|correr(?:lo)?|atrasar|mov(?:er|erlo|elo"
        r"|eme)|(?:cambi(?:ar|arlo|o|ame|alo|armelo|emos)"
        rf"|pas(?:ar|arlo|ame|armelo|alo|emos|as|an){_NO_VISIT})"
        r"(?: \w+){0,4} (?:turno|dia|fecha|hora|horario|cita|para|al|a la)"
        r"|cambi(?:ar|arlo|alo|ame|arme) (?:el|mi|de) \w+|(?<!que )(?:pasa|cambia|corre|move) (?:el|mi) turno)\b",
        "cannot_come": r"\b(?:no (?:voy a |vamos a )?(?:poder |puedo |podre |podria |llego a )(?:ir|asistir"
        r"|llegar|venir)|no llego|no voy a (?:ir|llegar)|"
        r"no puedo ir|se me complico|me surgio algo|surgio un|tuve un (?:imprevisto|problema))\b",
        "lists": r"\b(?:que turnos? tengo|tengo (?:algun )?turno|mi turno (?:es|era|cuando|sigue|esta|quedo)|"
        r"cuando (?:es|era"
        r"|tengo|me toca)(?: (?:el|mi))?(?: turno| cita)?|"
        r"a que hora (?:es|era|tengo|tenia)(?: (?:el|mi))?(?: turno)?|mis turnos|recorda\w+ (?:el|mi|cuando)"
        r"|^\W*(?:y )?con (?:quien|que (?:doctor|doctora|profesional))(?: (?:es|era|tengo|me toca|seria))?(?=\W*$)"
        r"|turnos que tengo|ver mi turno|consultar mi turno)\b",
        "other_time": r"^\W*otr[oa]s?\W*$|"
        r"\b(?:es[eoa] no\W+(?:(?:dame|quiero|mejor|busca\w*) )?otr[oa]|otro (?:dia|horario|turno|momento)"
        r"|otra (?:fecha|hora|opcion)"
        r"|otros (?:horarios"
        r"|dias)|otras (?:opciones|fechas)|mas (?:opciones|horarios)|"
        r"algo (?:mas )?(?:antes|tarde|temprano)|no (?:me )?(?:sirven?|quedan?|va|van|puedo|vienen?)"
        r"|no hay otr\w+|no puedo es[eo]s? dias?|ningun[oa]|mas tarde|mas temprano)\b",
        "other_person": r"\b(?:(?:turno|es|sacar|pedir|reservar|seria|quiero)(?: \w+){0,4} para (?:mi|un|una|el"
        r"|la) |(?:es )?para (?:mis?|el|ella)(?: otr[oa]| dos| tres)? )" + RELATIVES + r"\b",
        "any_doctor": r"\b(?:cualquier(?:a)? (?:doctor\w*|dr|dra|profesional|odontolog[oa])|con (?:cualquiera"
        r"|el que sea|quien sea)|me da igual (?:quien|con quien))\b",
        "waits": r"\b(?:dejame (?:ver|pensar\w*|consultar\w*|fijarme|chequear\w*)"
        r"|(?:lo|la) (?:veo|consulto|charlo) con|"
        r"ahora (?:te )?l[oa] \w+|ya te (?:l[oa] )?(?:paso|mando|digo)|esper(?:a|ame|en)"
        r"|l[oa] busco|bancame|"
        r"(?:dame )?un (?:minut\w*|segund\w*|moment\w*|rat\w+|toque)|no (?:me )?(?:acuerdo|recuerdo)|en un rato te)\b",
        "wrong_number": r"\b(?:me (?:equivoque|confundi) de (?:numero|chat|contacto|conversacion)|numero equivocado"
        r"|no era para (?:vos|ustedes|aca)|perdon,? era para otr[oa])\b",
        "confirms": r"\bconfirm(?:o|amos|ad[oa])\b"
        r"|\bsi,? (?:voy|asisto|vamos)\b|\bahi (?:estare|estaremos|voy a estar)\b",
        "any_option": understanding.ANY,
    }.items()
}  # fmt: skip
ASKS = {
    name: re.compile(pattern)
    for name, pattern in {
        "address": r"\b(?:donde (?:quedan?|estan?|es|era|seria|hay que ir|atienden|tengo que ir|se encuentran|queda)"
        r"|direccion"
        r"|ubica\w+|como llego|por donde|en que (?:calle|zona|barrio))\b",
        "hours": r"\b(?:horarios? de (?:atencion|la clinica)|(?:a )?que (?:hora|horario|dias) (?:abren|cierran"
        r"|atienden|trabajan|estan)|(?:abren|atienden|estan|trabajan|abierto)"
        r"(?: \w+){0,2} (?:los )?(?:sabados?|domingos?|feriados?|fines? de semana|lunes|a la (?:tarde|noche"
        r"|manana))|(?<!me )(?<!nos )\b(?:abren|atienden|trabajan)(?: \w+)? el (?:lunes|martes|miercoles|jueves"
        r"|viernes|sabado|domingo|feriado|\d)|(?:los )?(?:sabados?|domingos?|feriados?|fines? de semana)"
        r"(?: si| no| tambien)? (?:abren|atienden|trabajan|estan)"
        r"|que (?:dias|horarios?) (?:tienen|manejan|hacen)(?=\W*$)|hasta que hora|desde que hora"
        r"|en que horarios? atienden|cuando atienden)\b",
        "services": r"\b(?:que (?:tratamientos|servicios|cosas)(?: \w+)? (?:hacen|tienen|ofrecen|realizan)"
        r"|que hacen|servicios|lista de tratamientos|que tratamientos)\b",
        "does": r"\b(?:hacen|realizan|colocan|ponen|ofrecen)\b(?! (?:turnos?|lugar|horario"
        r"|algo|hora|precio|disponib\w*|para|estacionamiento|obra|urgencia|factura|recibo|descuento|receta))",
        "duration": r"\b(?:cuanto (?:tarda\w*|dura\w*|tiempo (?:lleva|es|dura|tarda|toma)|lleva)|que duracion)\b",
        "price": r"\b(?:cuanto (?:sale|cuesta|vale|cobran|es|seria|esta|estan|salen|me sale)|precios?"
        r"|valor(?:es)?|costos?|arancel\w*|presupuesto|tarifas?|que sale|cuanta plata"
        r"|cuanto (?:hay que|tengo que|tendria que|se|voy a) (?:pag\w+|abon\w+)|a cuanto)\b",
        "payment": r"\b(?:tarjetas?|efectivo|transferencia|mercado ?pago|cuotas|formas? de pago|medios? de pago"
        r"|debito|credito|factura|cbu|transferir|alias (?:de|para))\b",
        "parking": r"\b(?:(?:atienden|trabajan con|atiende)(?: a)? (?:ninos|ninas|nenes|chicos|bebes)"
        r"|estacionamiento|estacionar|cochera|garage|rampa|ascensor|silla de ruedas|accesib\w+)\b",
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
        "covers": r"\b(?:cubr\w+|cobertura|copagos?|coseguro|autorizacion|autorizad\w+)\b",
        "fear": r"\b(?:tengo (?:mucho |un poco de )?(?:miedo|panico|terror|fobia)|me da (?:mucho )?(?:miedo"
        r"|impresion|panico)|duele (?:mucho )?(?:hacerse|sacarse|ponerse|el (?:conducto"
        r"|tratamiento|implante|blanqueamiento)|la (?:extraccion|limpieza|anestesia|endodoncia))|va a doler)\b"
        r"|^\W*(?:y )?(?:va a doler|duele)(?: mucho)? ?\?+\W*$",
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
ENGLISH = re.compile(
    r"\b(?:do you|i (?:need|want|would|have|am)|i'd|can i|could i|please|speak english|appointment|my tooth"
    r"|tomorrow|hello)\b")
PORTUGUESE = re.compile(
    r"\b(?:voces?|gostaria|marcar|tudo bem|ola|obrigad[oa]|nao|preciso|uma consulta|amanha|bom dia|boa (?:tarde|noite)"
    r"|dente|dor de)\b")
POLITE = re.compile(
    r"\b(?:gracias|dale|ok|okey|listo|bueno|hola|perfecto|joya|genial|si|no|claro|por favor|porfa|chau"
    r"|buen[oa]s|dias?|tardes|noches|ah|"
    r"barbaro|excelente|quiero|necesito|turno|eso|esa|ese|nada|prepaga|mutual|privada|social)\b"
)
FILLER = re.compile(
    r"\b(?:si|tengo|soy|de|la|el|mi|es|por|obra|social|prepaga|con|hola|gracias|una|un|afiliad[oa]|a|dale|ok"
    r"|bueno|plan|del|los|socio|estoy|en|y|me|llama|ya te (?:lo )?dije|te (?:lo )?dije|ya (?:lo )?dije|dije)\b"
)
