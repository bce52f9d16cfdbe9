"""What is written to command a receptionist that is a program, in Spanish, English and Portuguese. Data of `inspect`.

A rule that alone can be nothing else gives CERTAIN points; LIKELY and HINT ones add up. Words are read without accents,
in lower case, one space between; `raw` keeps the marks.
"""
import re
from collections.abc import Callable
from dataclasses import dataclass

from messaging.prompt_security_views import Views

CERTAIN, LIKELY, HINT = 10, 6, 4


@dataclass(frozen=True, slots=True)
class Rule:
    category: str
    points: int
    pattern: re.Pattern
    reads: Callable[[Views], tuple[str, ...]]


def _words(seen: Views):
    return (seen.words, *seen.unleet)


def _raw(seen: Views):
    return (seen.raw,)


def _letters(seen: Views):
    return seen.squeezed


def some(most: int) -> str:
    return rf"(?: \w+){{0,{most}}}"


def rule(category, points, pattern, reads=_words) -> Rule:
    bound = rf"\b(?:{pattern})\b" if reads is _words else pattern
    return Rule(category, points, re.compile(bound), reads)


# Words.

SET_ASIDE = (
    r"(?:ignor(?:a|ar|as|ame|alas?|alos?|e|en|es|eyo|em|ando|ing)|olvid(?:a|ate|ar|arte|alas?|alos?|e|ese|ense|eyo)"
    r"|esquec(?:a|e|er|am)|desestim(?:a|e|ar)|descart(?:a|e|ar|alas?)|desconsider(?:a|e|ar)|omit(?:i|e|a|as|ir)"
    r"|desech(?:a|e|ar)|abandon(?:a|e|ar)?|anul(?:a|e|ar)|elimin(?:a|e|ar)|borr(?:a|e|ar)|suprim(?:i|e|a|ir)"
    r"|salt(?:a|e|ar|ea|ear|ee)(?:te|rte|telas?)?|pas(?:a|e|ar|es)(?:te)? por alto|pase por cima(?: de| das)?"
    r"|dej(?:a|e|ar|es)(?: ya)? (?:de lado|sin efecto|atras|de (?:seguir|obedecer|respetar|cumplir|aplicar|usar))"
    r"|deix(?:e|a) (?:de (?:lado|seguir|obedecer|cumprir)|para tras)|sobre?escrib\w+|sobrescrev\w+|reinici(?:a|e|ar)"
    r"|resete(?:a|e|ar)|reset|reescrib\w+|reemplaz(?:a|e|ar)|desactiv(?:a|e|ar)|desativ(?:a|e|ar)|rompe|romper|quebra\w*"
    r"|viol(?:a|ar|ate)|evad(?:i|e|ir)|burl(?:a|e|ar)|contorn(?:a|e|ar)|pul(?:e|a|ar)|apag(?:a|ue|ar)|desobede\w+"
    r"|hac?(?:e|er|eme|z|gas?)?l?e? (?:caso omiso|la vista gorda)(?: de| a)?"
    r"|no (?:le |les |me )?(?:hagas|haga|hagan|prestes|des|lleves|tomes)(?: \w+)? (?:caso|atencion|bola|bolilla|cuenta)"
    r"|(?:no|nao) (?:sigas|siga|obede\w+|respetes|respete|cumplas|cumpla|cumpra|apliques|aplique|uses|consideres|respeite)"
    r"|disregard|forget|bypass|override|overrule|discard|dismiss|skip|drop|neglect|erase|delete|disable|break|circumvent"
    r"|suspend|ditch|replace|rewrite|throw (?:away|out)|(?:set|put|leave|cast) aside|pay no attention(?: to)?|scrap"
    r"|stop (?:following|obeying|applying|using|respecting)|(?:do not|don t|dont|never|no longer) "
    r"(?:follow|obey|apply|respect|use|listen to|comply with|stick to))"
)
RULES_OF = (
    r"(?:instruc\w+|ordenes|orden|ordens|orders?|directions|directi(?:va|ve)s?|directri\w+|diretriz(?:es)?|lineamientos?|pautas"
    r"|guidelines?|reglas?|regras?|rules?|reglamento|normas?|normativas?|norms?|indicac\w+|orientac\w+|consignas?"
    r"|restric\w+|limitac\w+|limitations?|limits?|limites|filtros?|filters?|politicas?|polic(?:y|ies)|prompts?"
    r"|configurac\w+|configuration|settings|programac\w+|programming|training|entrenamiento|guardrails?|safeguards?"
    r"|salvaguard\w+|protocol\w*|mandat\w+|mandamientos|constraints?|censura|censorship|moderac\w+|moderation"
    r"|principios|principles|parametros|protecc\w+|protections?|seguridad|safety)"
)
STRICT = (
    r"(?:instruc\w+|ordenes|ordens|directions|directi(?:va|ve)s?|directri\w+|diretriz(?:es)?|guidelines?|reglas?|regras?|rules"
    r"|consignas?|restric\w+|politicas|policies|prompts?|normas|lineamientos|indicacion(?:es)?)"
)
YOUR = r"(?:tus?|your|seus?|suas?|teus?|tuas?|vuestr[ao]s)"
FORMER = r"(?:anterior(?:es)?|previ[ao]s?|previous|prior|earlier|preceding|above|old|viej[ao]s|antigu[ao]s|antig[ao]s)"
OF_THE_BOT = (
    rf"(?:{FORMER}|before|arriba|acima|iniciales|inicial|initial|originales|original|originais|iniciais|existing|internas?"
    r"|(?:del|do|of the) (?:sistema|system|bot|asistente|assistente|assistant|programa|prompt|robot|chat)"
    r"|de (?:seguridad|contenido|seguranca|conteudo)|you (?:were|have|had|got|received|follow|are|re)|that you"
    r"|que (?:te|lhe|voce|vos) (?!mande|pase|di\b|dije|escribi|envie|puse|mandei|passei|disse\b)\w+"
    r"|que (?:tenes|tienes|recib\w+|segui[sr]?|sigues|hayas|cargaron|figuran|figuren)|given to you)"
)
CHECKS = (
    r"(?:filtros?|filters?|restric\w+|validac\w+|validations?|verificac\w+|verifications?|checks|seguridad|security"
    r"|seguranca|safety|guardrails?|moderac\w+|moderation|censura|protecc\w+|protections?|modo seguro|safe mode"
    r"|autenticac\w+|authentication|controles de (?:seguridad|acceso)|politicas|barreras)"
)
SWITCH_OFF = (
    r"(?:desactiv\w+|desativ\w+|deshabilit\w+|desabilit\w+|apag\w+|disable|turn off|switch off|remove|quit[ae]\w*|bypass\w*"
    r"|salt[ae]\w*|pul[ae]|skip|evad\w+|burl[ae]\w*|override|desligu\w+|circumvent|deja sin|levant[ae])"
)
FROM_NOW = (
    r"(?:ahora(?: mismo)?|desde (?:ahora|ya)|a partir de (?:ahora|agora|este momento|hoy|ya)|de ahora en (?:mas|adelante)"
    r"|from (?:now on|this (?:moment|point)(?: on| forward)?|here on)|now|agora|de agora em diante|daqui em diante|henceforth)"
)
BE = (
    r"(?:sos|eres|seras|serias|vas a ser|te convertis en|actuas|vas a actuar|te comportas|te llamas|tu nombre es|sea"
    r"|you (?:are|re|will be|will act|will behave|must act|act|become)|your name is|voce (?:e|sera|vai ser|se chama)|tu es)"
)
ROLE = (
    r"(?:dan|jailbroken?|ia|ai|llm|gpt\w*|chatgpt|claude|gemini|modelo|model|inteligencia|intelligence|bot|chatbot|robot"
    r"|asistente|assistente|assistant|hacker|pirata|pirate|terminal|consola|console|shell|linux|bash|sql|base de datos"
    r"|banco de dados|database|servidor|server|interprete|interpreter|compilador|python|simulador|simulator|admin"
    r"|administrador\w*|administrator|root|superusuario|superuser|due[nm]?[oan]\w*|dono|dona|owner|jefe|boss|gerente|manager"
    r"|director\w*|ceo|medic[oa]|doctor\w*|dentista|dentist|farmaceutic[oa]|pharmacist|programador\w*|programmer|desarrollador\w*|developer|desenvolvedor\w*|ingenier\w+|engineer"
    r"|abuel[ao]|grandmother|grandma|granny|avo|asesor\w*|advisor|vendedor\w*|salesman|abogad\w+|advogad\w+|lawyer"
    r"|poeta|poet|chef|cocinero|experto|expert|personaje|character|persona que|secretaria personal|otr[ao] (?:ia|bot|"
    r"asistente|persona)|amig[ao] (?:mio|personal)|novi[ao]|villan[oa]|evil)"
)
ACT = (
    r"(?:actu[ae](?:r|s|me|ndo)?|act|behave|comport[ae]\w*|fing[ie]\w*|finj[ae]\w*|simul[ae]\w*|pretend|imagin[ae]\w*"
    r"|(?:hac[ea]|hace[dr]?|haz|faca|fazer) (?:de cuenta|de conta)|hace como|hacete pasar|hazte pasar|faz de conta|ajas?"
    r"|age|atue|roleplay|role play|interpret[ae]\w*|assum[ae]|asum[ie]\w*|adopt[ae]?|suppose|supon[ei]\w*|convert\w+"
    r"|transform\w+|becom\w+|turn into|juga\w*|respond[ea]?(?: siempre)?|answer)"
)
UNBOUND = (
    r"(?:(?:sin|without|sem|with no|with zero|free of|libre de|livre de|fuera de|ningun[ao]?|no) (?:any |ningun\w* "
    r"|nenhum\w* )?(?:tipo de |ethical |moral )?(?:filtros?|filters?|restric\w+|censura|censorship|reglas|regras|rules|limit\w*"
    r"|limites|limitac\w+|politicas|policies|guardrails?|moderac\w+|etica|ethics|moral|normas)|unrestricted|uncensored"
    r"|unfiltered|jailbroken)"
)
TELL = (
    r"(?:mostr[ae](?:me|r|rme|s|nos)?|muestr[ae](?:me)?|mostre|deci(?:me|lo|r)?|decir(?:me)?|digas|diga(?:me)?|dime|dame"
    r"|dar(?:me)?|das|pas[ae](?:me|s|r|rme)?|me pass[ae]|revel[ae]\w*|imprim\w+|escrib\w+|escrev\w+|copi[ae]\w*|peg[ae]\w*"
    r"|repet\w+|repit\w+|transcrib\w+|transcrev\w+|traduc\w+|traduz\w*|resum\w+|enumer[ae]\w*|list[ae]\w*|cont[ae]me"
    r"|explic[ae]\w*|describ\w+|descrev\w+|compart\w+|mand[ae]\w*|envi[ae]\w*|filtr[ae]me|expon\w+|export[ae]\w*"
    r"|descarg[ae]\w*|volc[ae]\w*|consult[ae]|busc[ae]me|ley?e\w*|recit[ae]\w*|quiero|quero"
    r"|necesito|preciso|puedo ver|quisiera (?:ver|saber)|cual(?:es)?|quais|qual|que dice\w*|what|which|who"
    r"|show|print|reveal|tell|give|repeat|output|display|dump|leak|translate|summari[sz]e|list|share|write|recite|expose"
    r"|read|send|export|quote|copy|paste|spell|encode|me diz|me fala|conte|i (?:want|need)|echo|haceme|arm[ae]me|sac[ae]me)"
)
HOLDERS = r"(?:programador\w*|desarrollador\w*|creador\w*|developers?|programmers?|creators?|desenvolvedor\w*|criador\w*)"
SECRET = r"(?:claves?|llaves?|keys?|tokens?|passwords?|contrasenas?|senhas?|secretos?|secrets?|credencial\w*|chaves?|credentials?)"
MACHINE = (
    r"(?:apis?|base de datos|banco de dados|database|servidor\w*|servers?|whatsapp|openai|admin\w*|backend|config\w*|vault"
    r"|root|bot|panel|sistema(?! de (?:la )?(?:obra|turnos|prepaga|osde|ioma|pami))|system|software|acceso (?:al|a la|de)"
    r"|entorno|ycloud|meta|github|interno|internas?)"
)
PEOPLE = r"(?:pacientes|patients|clientes|clients|customers|usuarios|users|personas que (?:se )?atien\w+|contactos)"
OTHERS = (
    rf"(?:{PEOPLE}|(?:otr[ao]s?|outr[ao]s?|other|another) (?:pacientes?|personas?|gente|patients?|people|person|clientes?"
    r"|pessoas?|usuarios?|users?|someone)|(?:todos|todas) (?:los|las|os|as) (?:demas|que)|everyone|everybody|los demas"
    r"|(?:la|el|o|a|the|del|da|do|of) (?:paciente|patient) (?:de las|das|de antes|que|anterior|before|after|who|at|next"
    r"|del|previa|previo)|paciente anterior|previous patient"
    r"|(?:la|el|esa|ese|aquella|the|a) (?:chica|chico|senora?|mujer|hombre|persona|muchacha|woman|man|person|moca|mulher)"
    r" (?:que|de las|who|that|das|before|before me|anterior)|mi (?:ex|vecin[oa]|jef[ea]|companer[oa]|cunad[oa]|suegr[oa])"
    r"|my (?:ex|neighbou?r|boss|coworker)|m(?:eu|inha) (?:ex|vizinh[oa]|chefe))"
)
PRIVATE = (
    r"(?:datos|dados|data|info\w*|telefonos?|telefones?|phones?|numeros?|celular\w*|direccion\w*|domicilios?|enderecos?"
    r"|address\w*|dnis?|cpfs?|documentos?|nombres?|nomes?|names?|apellidos|mails?|e ?mails?|correos?|emails|fichas?|legajos?"
    r"|historias?(?: clinicas?| medicas?)?|diagnostic\w+|prontuarios?|registros?|records?|files?|charts?"
    r"|turnos?|appointments?|consultas|agenda|agendas|schedule|cuentas?|deudas?|debts?|pagos|conversa\w+|conversations?"
    r"|chats?|mensajes|mensagens|messages|lista\w*|lists?|listado|tablas?|tables?|radiografias?|fotos|photos|base)"
)
FAMILY = (
    r"(?:hij[oa]s?|nen[ea]s?|bebe|mama|papa|madre|padre|espos[oa]|marido|mujer|abuel[oa]|herman[oa]|novi[oa]|pareja|niet[oa]"
    r"|sobrin[oa]|daughter|son|wife|husband|mom|mother|dad|father|kid|child|brother|sister|filh[oa]|mae|pai|irma|irmao|doctor"
    r"|doctora|dra|dr|odontolog[oa]|dentista|clinica|consultorio|familia|grupo familiar)"
)

# Rules.

OVERRIDE = (
    rule("override", CERTAIN, rf"(?<!\bme )(?<!\bse ){SET_ASIDE}{some(5)} {YOUR}{some(2)} {RULES_OF}"),
    rule("override", CERTAIN, rf"(?<!\bme )(?<!\bse ){SET_ASIDE}{some(4)} {RULES_OF}{some(2)} {OF_THE_BOT}"),
    rule("override", CERTAIN, rf"(?<!\bme )(?<!\bse )(?!olvideyo|ignoreyo){SET_ASIDE}{some(2)} (?:{FORMER}|initial|original"
         rf"|existing|all|any|every|cualquier|qualquer|quaisquer|tod[oa]s?|the)(?: \w+){{0,3}} {STRICT}"),
    rule("override", CERTAIN, rf"(?:olvid(?:a|ate|arte)|ignora|esque(?:ca|ce)|forget|disregard|desestima|descarta|ignore"
         rf"|pas(?:a|e) por alto|desconsidere|borra|erase){some(1)} (?:todo lo|todo|lo|tudo o?|everything|anything|all|what)"
         rf"{some(2)} (?:(?:que )?(?:te|lhe|le) (?:dijeron|dieron|indic\w+|ensen\w+|program\w+|orden\w+|cargaron|entren\w+"
         r"|explicaron|disseram|ensinaram|passaram|mandaram|instru\w+|prohib\w+|configur\w+|pusieron)"
         r"|you (?:were|have|ve|know|knew|learned|are)|que (?:sabes|sabias|aprendiste|aprendeu|sabe))"),
    rule("override", CERTAIN, rf"(?:(?:{YOUR}|{FORMER}) (?:\w+ ){{0,2}}{RULES_OF}|{RULES_OF} (?:{FORMER}|que \w+ \w+|que \w+))"
         rf"{some(6)} (?:sin (?:efecto|validez)|(?:foram|fueron|estan|quedan|quedaron|are|were|been) cancel\w+|revo[ck]\w+|anulad\w+|derogad\w+|caducad\w+|void|obsolet\w+|expired"
         r"|no longer|ya no|nao (?:valem|existem|se aplicam)|no (?:existen|aplican|valen|corren|rigen)|ignorad[ao]s"
         r"|suspendid\w+|overrid\w+|replaced|reemplazad\w+|vencid\w+)"),
    rule("override", CERTAIN, rf"(?:importante|prioridad|prioridade|prevalec\w+|encima|above|precedence|priority"
         rf"|overrid\w+|acima|supersedes?){some(3)} {YOUR}{some(1)} {RULES_OF}"),
    rule("override", CERTAIN, rf"{YOUR} (?:nuev[ao]s?|new|nov[ao]s?) {RULES_OF}"),
    rule("override", CERTAIN, r"(?:nuev[ao]s? |new |nov[ao]s? )(?:\w+ )?(?:instruc\w+|orden(?:es)?|reglas?|regras?|rules?"
         r"|directi\w+|politicas?|policy|ordens?|consignas?|system prompt)\s*[:=]"
         r"|(?:instruc\w+|reglas?|regras?|orden) nuev?[ao]s?\s*[:=]", _raw),
    rule("override", CERTAIN, r"(?:obedec\w+|obedeca|obey)(?: \w+){0,3} (?:a mi|mi|me|mim|mine|my|este|this|lo que|what|minhas?"
         r"|mis)|obedec[ei]me|(?:sigas?|segui|siga|follow|hace(?:me)? caso|haceme caso)"
         r"(?: solo| solamente| unicamente| only| apenas| somente| just)(?: \w+){0,2} (?:mis?|mine|my|minhas?|mim|me|yo|eu|mias)"),
    rule("override", LIKELY, r"(?:hace|haces|hagas|haz|faca|faz)(?: exactamente| solo)? (?:lo|tudo o|o)? ?que (?:yo |eu )?"
         r"(?:te (?:digo|diga|ordeno|mande|pida)|mando|mandar|disser|digo)|do (?:whatever|what|as|everything|anything) i "
         r"(?:say|tell|ask|want)|(?:whatever|lo que sea que) (?:i ask|te pida)"),
    rule("override", LIKELY, r"las? (?:normas?|reglas?|ordenes) (?:ahora )?(?:las? )?(?:pongo|doy|dicto|hago) yo"
         r"|(?:con|by|com) mis (?:propias )?reglas|my rules now|yo (?:mando|soy tu (?:jefe|duen[oa]|amo))"),
    rule("override", CERTAIN, rf"{SWITCH_OFF}{some(2)} {CHECKS}"),
    rule("override", CERTAIN, rf"(?:no|nao|not|never|ya no|don t) (?:tenes|tienes|tem|have|estas|hay|existen|tengas)"
         rf"{some(2)} (?:restric\w+|censura|filtros|reglas que|rules|restrictions|regras|limites eticos)"),
    rule("override", CERTAIN, rf"(?:respond\w+|contest\w+|habl\w+|actu\w+|act|answer|talk|speak|fal[ae]\w*|sos|eres|you are"
         rf"|voce e|ia|ai|asistente|assistente|assistant|bot|inteligencia|model\w*|libremente|chat\w*){some(5)} {UNBOUND}"),
    rule("override", LIKELY, rf"{UNBOUND}"),
    rule("override", HINT, r"(?:contest\w+|respond\w*|answer|reply|say|output|escrib\w+|responda|diga)(?: \w+)? (?:solo|solamente"
         r"|unicamente|only|apenas|somente|just)(?: con| with| com)? ?(?:la palabra|the word|a palavra|si|yes|sim|ok)?"),
    rule("override", LIKELY, r"jailbreak\w*|prompt injection|inyeccion de prompt|injecao de prompt|do anything now"),
    rule("override", LIKELY, rf"{FROM_NOW}{some(3)} {SET_ASIDE}"),
)  # fmt: skip
ROLES = (
    rule("role", CERTAIN, rf"{FROM_NOW}{some(3)} {BE}{some(3)} {ROLE}"),
    rule("role", CERTAIN, rf"{FROM_NOW}{some(3)} {BE}{some(8)} {UNBOUND}"),
    rule("role", CERTAIN, rf"(?:te llamas|tu nombre (?:ahora )?(?:es|sera)|your name is(?: now)?|voce se chama) \w+ (?:y|and|e)"
         r" (?:sos|eres|you|voce|podes|puedes|no|haces)"),
    rule("role", CERTAIN, rf"{ACT}{some(2)} (?:como(?: si)?|as(?: if)?|like|que (?:sos|eres|fueras?|seas|es|voce e|vos sos)"
         rf"|to be|you (?:are|re|were)|de|en|em|por|ser|o papel de|el (?:rol|papel) de|the role of|a|an|un|una|um|uma){some(4)} {ROLE}"),
    rule("role", CERTAIN, rf"{ACT}{some(1)} (?:que (?:sos|eres|fueras?|seas|voce e|voce fosse|vos sos)|como si fueras?|as if you"
         r"|that you (?:are|have)|to be|you (?:are|re|were))"),
    rule("role", CERTAIN, r"(?:modo|mode) (?:desarrollador\w*|developer|desenvolvedor|programador|debug|depuracion|depuracao"
         r"|administrador\w*|admin|dios|god|root|mantenimiento|manutencao|dan|jailbreak|sin (?:restric\w+|censura|filtros)"
         r"|libre|livre|experto|tecnico|sudo)|(?:developer|debug|admin|god|maintenance|jailbreak|dan|sudo|root) mode"),
    rule("role", LIKELY, rf"(?:soy|habla|sou|i am|i m|this is|aca|somos|fala|aqui)(?: con)? (?:el |la |un |una |o |a |the |your |tu "
         rf"|seu |de )?(?:\w+ )?(?:{HOLDERS}|administrador\w*|admin|administrator|ingenier\w+|engineer|soporte|support"
         r"|suporte|equipo (?:de )?(?:sistemas|tecnico|soporte|desarrollo)|duen[oa]|owner|dono|openai|meta|anthropic)"
         r"(?: \w+){0,3} (?:bot|sistema|system|asistente|assistant|assistente|ia|ai|chat|chatbot|plataforma|platform|software"
         r"|modelo|model|app|aplicacion|aplicativo|programa|robot|openai|servidor|clinica)"),
    rule("role", CERTAIN, rf"{YOUR} (?:{HOLDERS}|administrador|admin|amo|master|nuevo (?:duen[oa]|jefe))"),
    rule("role", CERTAIN, r"(?:otorg\w+|dame|deme|da me|give me|grant|conced\w+|habilit\w+|activ\w+|libera\w*|enable|ative|darme)"
         r"(?: \w+){0,3} (?:permisos?|privilegios?|acceso|access|rights|permissoes|privileges?|acesso|rol|role)(?: \w+){0,2} "
         r"(?:superusuario|administrador\w*|admin|root|total|completo|full|sistema|system|elevad\w+|ilimitad\w+)"
         r"|(?:grant|give|allow|get|let me have)(?: \w+){0,2} (?:full|root|admin\w*|total|complete|unlimited|system) "
         r"(?:access|rights|privileges?|permissions?)|(?:me de|me da|me deem|quero|exijo) acesso (?:total|completo|de admin\w*)"),
    rule("role", CERTAIN, r"(?:juego|jogo|juguemos|game)(?: \w+){0,4} (?:de )?(?:rol|roles|papeis|role play\w*|roleplay\w*)"
         r"|roleplay|role play|juguemos(?: \w+){0,4} (?:vos|tu) (?:sos|eres|seas)"),
    rule("role", CERTAIN, r"(?:sos|eres|you are|you re|voce e|tu es)(?: now| ahora| agora)? dan|can do anything|puede hacer cualquier cosa"),
    rule("role", LIKELY, r"(?:juego|jogo|game)(?: \w+){0,4} (?:vos sos|tu eres|you are|voce e|sos|you re)"),
    rule("role", CERTAIN, r"(?:ejecut|execut|run|corre)\w*(?: \w+){0,2} (?:comandos?|commands?|codigo|code|script|consulta sql|sql"
         r"|lo siguiente|los siguientes|the following|o seguinte)|(?:my|mis|meus) (?:commands|comandos|consultas sql)"),
    rule("role", LIKELY, rf"(?:cumpl\w+|asum\w+|toma|adopt\w*|assum\w+|take(?: on)?|play)(?: \w+){{0,2}} (?:rol|papel|role)"
         rf"(?: \w+){{0,3}} (?:{ROLE}|medico|dentista|doctor\w*|juez|psicolog\w+)"),
    rule("role", LIKELY, r"(?:ia|ai|inteligencia artificial|artificial intelligence)(?: \w+){0,3} (?:evil|malvad[ao]|libre|livre"
         r"|independiente|sin|sem|without|unrestricted|que puede hacer)"),
)  # fmt: skip
EXTRACTION = (
    rule("extraction", CERTAIN, rf"(?:system|{YOUR}|initial|hidden|secret|original|full|complete|el|del|o) prompts?(?! (?:reply"
         r"|response|answer|service|attention|payment|care))|prompts? (?:de|del|do) (?:sistema|system|inicio)|prompt (?:completo"
         r"|inicial|oculto|original|interno|secreto)|(?:mensaje|mensagem) (?:de|del|do) (?:sistema|inicial del sistema)"
         r"|system (?:message|instructions?)|instruc\w+ (?:del|do) sistema"),
    rule("extraction", LIKELY, r"prompts?(?! (?:reply|response|answer|service|attention|payment|care|and))"),
    rule("extraction", CERTAIN, rf"{TELL}{some(8)} {YOUR} (?:\w+ ){{0,2}}(?:instruc\w+|reglas|regras|rules|directi\w+|directri\w+"
         r"|diretrizes|consignas|guidelines|lineamientos|pautas|configurac\w+|configuration|programac\w+|restric\w+|ordenes"
         r"|prohibic\w+|politicas internas)(?! (?:para|de(?!l sistema)|del? post|despues|sobre|for|after|about|on|depois|pos))"),
    rule("extraction", CERTAIN, rf"(?:{TELL}|repas\w+){some(6)} (?:las?|the|as|os|los|el|lo)? ?(?:instruc\w+|reglas|regras|rules"
         r"|directi\w+|consignas|indicac\w+|orientac\w+|guidelines|restric\w+|ordenes|cosas|lo)(?: \w+){0,2} "
         r"(?:que te (?!mande|pase|di\b|dije|escribi|envie|puse)\w+|(?:que )?(?:voce |vos )?(?:recebeu|recibiste|seguis|seguir"
         r"|tenes que|sigues|segue)|you (?:were|have|got|received|follow|must)|que te (?:passaram|deram)|given to you)"),
    rule("extraction", CERTAIN, r"(?:instruc\w+|reglas?|regras?|rules?|directi\w+|consignas?|ordenes) (?:internas?|secretas?|ocultas?"
         r"|iniciales|iniciais|originales|privadas|confidenciales|escondidas|de fabrica)|(?:internal|secret|hidden|initial"
         r"|original|confidential) (?:instruc\w+|rules?|guidelines?|directives?|prompt\w*|configuration)"),
    rule("extraction", CERTAIN, r"(?:empez|comenz|arranc|start|begin|comec|inici)\w*(?: \w+){0,4} (?:con|with|com|saying|diciendo)"
         r"(?: \w+){0,2} (?:mis|my|minhas|you are|sos|eres|voce e|claro|sure)|(?:mis|my|minhas) (?:instruc\w+|rules|reglas"
         r"|regras) (?:son|are|sao)"),
    rule("extraction", CERTAIN, r"(?:copi|peg|repe|repi|output|print|imprim|transcri|mostr|muestr|show|dump|escrib|write|traduc"
         r"|translate|summari|resum|reprodu)\w*(?: \w+){0,4} (?:todo|everything|all|texto|text|contenido|contents?|tudo"
         r"|conteudo|palabras|words|lo)(?: \w+){0,4} (?:above|antes|arriba|encima|acima|anterior(?:es)?|previo|before|precede)"),
    rule("extraction", CERTAIN, rf"(?:que|lo que|what|o que|lo|todo)(?: \w+){{0,3}} (?:te|you|voce)(?: \w+){{0,2}} (?:prohib\w+|forbid\w+"
         r"|proibid\w+|no (?:podes|puedes|te dejan) (?:decir|contar|revelar)|not allowed|can t (?:tell|say|reveal)"
         r"|nao pode (?:dizer|contar|revelar))|(?:no )?me (?:ocultas|escondes|ocultan)"),
    rule("extraction", CERTAIN, rf"(?:dij|program|orden|pid|configur|entren|said|told|tell|program)\w*(?: \w+)? {YOUR} {HOLDERS}"
         rf"|{YOUR} {HOLDERS}"),
    rule("extraction", LIKELY, r"(?:que|cual|which|what|qual)(?: \w+){0,2} (?:modelo de (?:lenguaje|ia|linguagem)|language model"
         r"|llm|version de (?:gpt|ia)|modelo (?:sos|usas|e voce))|(?:modelo de lenguaje|language model|modelo de linguagem)"
         r"|(?:model|version) are you"),
    rule("extraction", LIKELY, rf"{YOUR} (?:configurac\w+|configuration|programac\w+|codigo|code|source|entrenamiento|training"
         r"|memoria|memory|contexto|context window)(?: inicial| interna| fuente)?|codigo[ -]fuente|source code|codigo fonte"),
    rule("extraction", CERTAIN, r"(?:herramientas|funciones|tools?|functions?|ferramentas|funcoes|comandos|endpoints?|apis?)"
         r"(?: \w+){0,5} (?:llamar|invocar|call|internas|internal|json|parametros|parameters|schemas?|esquemas?|chamar|ejecutar"
         r"|podes usar|tenes disponibles|available to you|do you have|you have|voce (?:tem|pode|usa))"
         r"|(?:json )?(?:schemas?|esquemas?)(?: \w+){0,3} (?:tools|functions|herramientas|funciones)|names? of your tools"),
    rule("extraction", CERTAIN, rf"{SECRET}(?: \w+){{0,3}} {MACHINE}|{MACHINE} {SECRET}|api ?keys?|secret ?keys?|access ?tokens?|tokens? de acceso"
         r"|api ?tokens?|bearer token|chave de api"),
    rule("extraction", CERTAIN, r"variables? de entorno|environment variables?|env vars?|variaveis de ambiente|process env"
         r"|os environ|archivos? de configuracion|config(?:uration)? files?|etc passwd"),
    rule("extraction", HINT, r"leak|dump|exfiltr\w+|filtrame|vazar"),
    rule("extraction", LIKELY, rf"(?:palabra por palabra|palavra por palavra|verbatim|word for word|textualmente|letra por letra)"
         rf"|(?:como|how)(?: \w+){{0,2}} (?:funcion\w+|work\w*)(?: \w+){{0,3}} por dentro"),
    rule("extraction", LIKELY, r"(?:instruc\w+|reglas|regras|rules)(?: \w+){0,6} (?:bloque de codigo|code block|bloco de codigo|json"
         r"|base64|markdown|yaml|tabla|table)"),
)  # fmt: skip
FORGERY = (
    rule("forgery", CERTAIN, r"</?\s?(?:system|sistema|instruc\w+|prompt|assistant|asistente|admin|human|context|rules?|reglas"
         r"|tools?|tool[_-]?\w+|function\w*|developer|im_start|im_end|user_?\w*|inst|sys)\b[^>\n]{0,80}>", _raw),
    rule("forgery", CERTAIN, r"<\|[^>\n]{1,40}\|?>|\[/?inst\]|<</?\s?sys\s?>>|<s>|</s>|\[/?(?:system|sistema|admin|assistant"
         r"|asistente|developer|tool|prompt|system message|mensaje del sistema|instruc\w+)(?: [^\]\n]{0,30})?\]"
         r"|\((?:system|admin|sistema)\)", _raw),
    rule("forgery", CERTAIN, r"(?:^|[\n.!?\]\-#*>]\s*|#{2,}\s*|\*\*)(?:system|assistant|asistente|assistente|developer|desarrollador"
         r"|tool|human|admin(?:istrator)?|root|system (?:message|override|note|prompt)|instruc\w+ del sistema"
         r"|mensaje del sistema|nota del sistema|systema?)(?:\*\*)?\s?(?:prompt)?:", _raw),
    rule("forgery", LIKELY, r"(?:^|\n|[.!?]\s)sistema:|#{2,}\s*(?:sistema|nuevo|new)", _raw),
    rule("forgery", CERTAIN, r"#{2,}\s*(?:instruction|instruc\w+|response|input)\b", _raw),
    rule("forgery", CERTAIN, r"[\"']?role[\"']?\s?[:=]\s?[\"']?(?:system|assistant|tool|developer|admin)", _raw),
    rule("forgery", CERTAIN, r"[\"'](?:tool_calls?|function_call|function|arguments|tool_call_id|system_prompt)[\"']\s?:"
         r"|\b(?:function_call|tool_calls?|tool_use)\b|(?:tool|function)[ _](?:response|result|output|call)s?\s?[:=(]", _raw),
    rule("forgery", CERTAIN, r"\b[a-z]+(?:_[a-z]+)+\s?[({]|\b(?:check_availability|book_appointment|list_my_appointments"
         r"|reschedule_appointment|cancel_appointment|list_services|list_professionals|triage_urgency|hand_off)\b", _raw),
    rule("forgery", CERTAIN, r"(?:-{2,}|\[|={2,}|#{2,}|<|\*{2,})\s?(?:fin|end|fim|final|inicio|begin|start|comienzo|termina)\b"
         r"[^\]\n]{0,40}\b(?:mensaje|mensagem|message|input|entrada|prompt|system|sistema|instruc\w+|admin|commands?|user|usuario"
         r"|paciente|context\w*|conversa\w+|datos|data)\b", _raw),
    rule("forgery", CERTAIN, r"```\s?(?:system|sistema|tool|instruc\w+|prompt)|\b(?:override|bypass|admin|authenticated|verified"
         r"|is_admin|force|debug)\s?[=:]\s?(?:true|1|yes|on)\b", _raw),
    rule("forgery", HINT, r"```|\bjson\b|\{\s?\"", _raw),
    rule("forgery", CERTAIN, r"\bdrop table\b|\bunion (?:all )?select\b|\bselect \* from\b|\bor 1\s?=\s?1\b|';?\s?--"
         r"|\bdelete from \w+|\binsert into \w+|<script|javascript:|\bon(?:error|load)\s?=|!\[[^\]\n]*\]\(https?:", _raw),
    rule("forgery", CERTAIN, r"\{\{[^}\n]*(?:prompt|config|secret|key|system|request|self|env|class|constructor)[^}\n]*\}\}"
         r"|\$\{(?:jndi|env|process)|\{%|\brm -rf\b|\bsudo \w+|\bcurl http|\bos\.system\b|__\w+__", _raw),
    rule("forgery", LIKELY, r"(?:mensaje|message|mensagem)(?: \w+){0,3} (?:viene|es|comes|is|vem)(?: \w+){0,2} (?:de|del|from|da|do)"
         r"(?: la| the)? (?:sistema|secretaria|administrador\w*|admin|system|gerencia|owner|desarrollador\w*)"),
    rule("forgery", CERTAIN, r"(?:cancel\w+|borr\w+|elimin\w+|delete|confirm\w+|exclu\w+|apag\w+) (?:todos los|todas las|todos os|all(?: the"
         r"| of the)?|todas as) (?:turnos|citas|appointments|pacientes|patients|consultas|registros|datos|records|agendamentos)"
         r"(?! (?:que tengo|mios|mis|my|of mine|i have|que saque|meus))"),
)  # fmt: skip
DATA = (
    rule("data", CERTAIN, rf"{TELL}{some(6)} {PRIVATE}{some(2)} (?:de|del|da|do|dos|das|of|from|for|que \w+|(?=otr|other|outr|todos|la p|el p))"
         rf"{some(2)} ?{OTHERS}"),
    rule("data", CERTAIN, r"(?:list|mostr|muestr|dam|pas|mand|envi|show|give|send|export|descarg|download|baj|imprim|print|enumer|dump)"
         rf"\w*(?: \w+){{0,2}} (?:los|todos los|all|all the|the|os|todos os) {PEOPLE}|(?:quienes|quien|quem|who)(?: son| sao| are) "
         rf"(?:los|the|os)(?: \w+)? {PEOPLE}|(?:export|dump|list|show|give|send|mand|pas)\w*(?: \w+){{0,3}} patients? (?:data|records?|"
         r"lists?|files?|info\w*|names|phones?)"),
    rule("data", CERTAIN, rf"{TELL}{some(5)} {OTHERS}{some(6)} (?:con|with|com|y|and|e|s)(?: \w+){{0,2}} {PRIVATE}"),
    rule("data", CERTAIN, r"(?:base de datos|tabla|table|dump|export\w*|planilla|excel|backup|copia)(?: \w+){0,4} "
         r"(?:pacientes|patients|clientes|clients|usuarios|users|appointments|turnos)"),
    rule("data", LIKELY, r"(?:lista|listado|nomina|padron|list|listagem|todos los datos|all the data|todos os dados)(?: \w+){0,3} "
         r"(?:pacientes|patients|clientes|clients)(?! (?:en|de) espera)"),
    rule("data", CERTAIN, rf"(?:mostr|muestr|pas|mand|envi|dam|dime|deci|show|give|send|tell|quiero ver|quero ver|leeme|read|copi"
         rf"|busc|sac|decir)\w*{some(3)} (?:historias? clinicas?|historial|ficha(?: medica| clinica)?|prontuario|medical records?|legajo"
         rf"|diagnostico|radiografias?|chart) (?:clinic[oa] |medic[oa] |dental )?(?:de|da|do|of|from|for) (?!mi\b|mis\b|my\b|minha|meu"
         rf"|salud|la salud|un\b|una\b|los?\b|{FAMILY})(?!\w+ {FAMILY})[a-z]+ [a-z]+"),
    rule("data", CERTAIN, rf"(?:give|show|tell|send|read|what is|what s|i (?:want|need))(?: \w+){{0,4}} (?!{FAMILY} s)[a-z]{{3,}} s "
         r"(?:medical )?(?:records?|files?|chart|address|phone|diagnosis|history|appointments?|balance|debt)"),
    rule("data", CERTAIN, rf"(?:cuanto|que|how much|what|quanto|o que|cuando|when|quando|a que hora|por que)(?: \w+){{0,3}} "
         rf"(?:debe|deben|le hicieron|le hacen|se hizo|se hace|tiene|tienen|paga\w*|owe\w*|fizeram|fez|deve|adeuda|se atiende|vino"
         rf"|viene|have|has|did)(?: \w+){{0,3}} (?:{OTHERS})"),
    rule("data", CERTAIN, r"(?:que|cuales|which|what|quais|quienes|who|con quien\w*)(?: \w+){0,2} (?:otr[ao]s |other |outros )?"
         r"(?:pacientes|patients|personas|clientes|people)(?: \w+){0,4} (?:hablaste|hablando|hablas|talk\w*|atendiste|tienen turno"
         r"|turno (?:hoy|manana)|vienen|come|coming|escribieron|scheduled|falou|conversou|marcaram)"
         r"|(?:quien|quienes|who)(?: \w+){0,3} (?:turnos?|appointments?|consulta)(?: \w+){0,2} (?:hoy|manana|today|tomorrow"
         r"|antes|despues|a las|before|after)"),
)  # fmt: skip
_ASIDE = (r"(?:ignor[ae]r?|olvid[ae](?:te)?(?:de)?|forget|disregard|esque[cs][ae](?:te)?|desconsidere|bypass|override|anula"
          r"|saltate|desestima|descarta|nosigas|stopfollowing|borra)")  # fmt: skip
_WHOSE = (r"(?:todas?|todos?|all|any|las?|los?|as|os|the|of|your|tus?|suas?|seus?|previous|prior|previas?|anteriores|my|these|above"
          r"|lo|que|te|dijeron|everything|de|sistema|system|initial|estas){0,5}")  # fmt: skip
_SHOW = r"(?:mostr[ae](?:me)?|muestra(?:me)?|revel[ae](?:me)?|reveal|show(?:me)?|print|decime|dame|pasame|dime|imprim[ei]|repet[ie]|repeat|tell(?:me)?)"
SPELLED = (
    rule("override", CERTAIN, rf"{_ASIDE}{_WHOSE}(?:instruc|regla|regra|rules|normas|ordenes|prompt|restric|diretriz|directiv"
         r"|directriz|guideline|polic|politic|filtros|programacion|indicaciones(?:anterior|previa))", _letters),
    rule("extraction", CERTAIN, rf"{_SHOW}{_WHOSE}(?:el|o|completo|full|hidden|entire|secret)?(?:prompt|instruc(?!cionesde|cionespara)"
         r"|apikey|clavedelaapi|reglasinternas|password|tokendeacceso)", _letters),
    rule("role", CERTAIN, r"(?:ahorasos|ahoraeres|youarenow|agoravocee)(?:un|una|el|la|an?|the|um|uma|o)?(?:dan|ia|ai|hacker|admin|bot"
         r"|root|administrador|inteligencia)|modo(?:desarrollador|administrador|debug|desenvolvedor)|developermode|debugmode"
         r"|adminmode|actuacomo(?:si|un|una|el|administrador|admin|hacker)", _letters),
    rule("data", CERTAIN, rf"{_SHOW}?(?:el|la|los|las|the|a|o|os|as)?(?:listado?|datos|telefonos|dados|fichas)(?:de|of|dos|delos)"
         r"(?:todos|all)?(?:los|las|the|os)?(?:otros|other|outros|demas)?pacientes", _letters),
)  # fmt: skip
DECODE = (
    rule("encoded", LIKELY, r"(?:decodific|descodific|decod|descifr|desencript|decrypt|decipher|base ?64|rot ?13|hexadecimal)\w*"),
    rule("encoded", HINT, r"(?:lee|leelo|leer|read|leia)(?: \w+){0,2} (?:al reves|backwards?|ao contrario|de atras para adelante)"),
)
RULES = (*OVERRIDE, *ROLES, *EXTRACTION, *FORGERY, *DATA, *SPELLED, *DECODE)
