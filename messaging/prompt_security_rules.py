"""What is written to command a receptionist that is a program, in Spanish, English and Portuguese: `inspect`'s data.

A rule that alone can be nothing else gives CERTAIN points; LIKELY and HINT ones add up. Words are read without
accents, in lower case, one space between; `raw` keeps the marks.
"""
import re
from collections.abc import Callable
from dataclasses import dataclass

from messaging.prompt_security_views import Views
from messaging.prompt_security_words import (
    ACT,
    BE,
    CHECKS,
    FAMILY,
    FORMER,
    FROM_NOW,
    HOLDERS,
    KEYS_OF,
    MACHINE,
    OF_THE_BOT,
    OTHERS,
    PEOPLE,
    PRIVATE,
    ROLE,
    RULES_OF,
    SET_ASIDE,
    STRICT,
    SWITCH_OFF,
    TELL,
    UNBOUND,
    YOUR,
)

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


OVERRIDE = (
    rule("override", CERTAIN, rf"(?<!\bme )(?<!\bse ){SET_ASIDE}{some(5)} {YOUR}{some(2)} {RULES_OF}"),
    rule("override", CERTAIN, rf"(?<!\bme )(?<!\bse ){SET_ASIDE}{some(4)} {RULES_OF}{some(2)} {OF_THE_BOT}"),
    rule("override", CERTAIN, rf"(?<!\bme )(?<!\bse )(?!olvideyo|ignoreyo){SET_ASIDE}{some(2)} (?:{FORMER}|initial"
         rf"|original"
         rf"|existing|all|any|every|cualquier|qualquer|quaisquer|tod[oa]s?|the)(?: \w+){{0,3}} {STRICT}"),
    rule("override", CERTAIN, rf"(?:olvid(?:a|ate|arte)|ignora|esque(?:ca|ce)|forget|disregard|desestima|descarta"
         rf"|ignore"
         rf"|pas(?:a|e) por alto|desconsidere|borra|erase){some(1)} (?:todo lo|todo|lo|tudo o?|everything|anything"
         rf"|all|what)"
         rf"{some(2)} (?:(?:que )?(?:te|lhe|le) (?:dijeron|dieron|indic\w+|ensen\w+|program\w+|orden\w+|cargaron"
         rf"|entren\w+"
         r"|explicaron|disseram|ensinaram|passaram|mandaram|instru\w+|prohib\w+|configur\w+|pusieron)"
         r"|you (?:were|have|ve|know|knew|learned|are)|que (?:sabes|sabias|aprendiste|aprendeu|sabe))"),
    rule("override", CERTAIN, rf"(?:(?:{YOUR}|{FORMER}) (?:\w+ ){{0,2}}{RULES_OF}|{RULES_OF} (?:{FORMER}|que \w+ \w+"
         rf"|que \w+))"
         rf"{some(6)} (?:sin (?:efecto|validez)|(?:foram|fueron|estan|quedan|quedaron|are|were|been) cancel\w+"
         rf"|revo[ck]\w+|anulad\w+|derogad\w+|caducad\w+|void|obsolet\w+|expired"
         r"|no longer|ya no|nao (?:valem|existem|se aplicam)|no (?:existen|aplican|valen|corren|rigen)|ignorad[ao]s"
         r"|suspendid\w+|overrid\w+|replaced|reemplazad\w+|vencid\w+)"),
    rule("override", CERTAIN, rf"(?:importante|prioridad|prioridade|prevalec\w+|encima|above|precedence|priority"
         rf"|overrid\w+|acima|supersedes?){some(3)} {YOUR}{some(1)} {RULES_OF}"),
    rule("override", CERTAIN, rf"{YOUR} (?:nuev[ao]s?|new|nov[ao]s?) {RULES_OF}"),
    rule("override", CERTAIN, r"(?:nuev[ao]s? |new |nov[ao]s? )(?:\w+ )?(?:instruc\w+|orden(?:es)?|reglas?|regras?"
         r"|rules?"
         r"|directi\w+|politicas?|policy|ordens?|consignas?|system prompt)\s*[:=]"
         r"|(?:instruc\w+|reglas?|regras?|orden) nuev?[ao]s?\s*[:=]", _raw),
    rule("override", CERTAIN, r"(?:obedec\w+|obedeca|obey)(?: \w+){0,3} (?:a mi|mi|me|mim|mine|my|este|this|lo que"
         r"|what|minhas?"
         r"|mis)|obedec[ei]me|(?:sigas?|segui|siga|follow|hace(?:me)? caso|haceme caso)"
         r"(?: solo| solamente| unicamente| only| apenas| somente| just)(?: \w+){0,2} (?:mis?|mine|my|minhas?|mim|me"
         r"|yo|eu|mias)"),
    rule("override", LIKELY, r"(?:hace|haces|hagas|haz|faca|faz)(?: exactamente| solo)? (?:lo|tudo o|o)? ?que (?:yo "
         r"|eu )?"
         r"(?:te (?:digo|diga|ordeno|mande|pida)|mando|mandar|disser|digo)|do (?:whatever|what|as|everything"
         r"|anything) i "
         r"(?:say|tell|ask|want)|(?:whatever|lo que sea que) (?:i ask|te pida)"),
    rule("override", LIKELY, r"las? (?:normas?|reglas?|ordenes) (?:ahora )?(?:las? )?(?:pongo|doy|dicto|hago) yo"
         r"|(?:con|by|com) mis (?:propias )?reglas|my rules now|yo (?:mando|soy tu (?:jefe|duen[oa]|amo))"),
    rule("override", CERTAIN, rf"{SWITCH_OFF}{some(2)} {CHECKS}"),
    rule("override", CERTAIN, rf"(?:no|nao|not|never|ya no|don t) (?:tenes|tienes|tem|have|estas|hay|existen|tengas)"
         rf"{some(2)} (?:restric\w+|censura|filtros|reglas que|rules|restrictions|regras|limites eticos)"),
    rule("override", CERTAIN, rf"(?:respond\w+|contest\w+|habl\w+|actu\w+|act|answer|talk|speak|fal[ae]\w*|sos|eres"
         rf"|you are"
         rf"|voce e|ia|ai|asistente|assistente|assistant|bot|inteligencia|model\w*|libremente|chat\w*){some(5)}"
         rf" {UNBOUND}"),
    rule("override", LIKELY, rf"{UNBOUND}"),
    rule("override", HINT, r"(?:contest\w+|respond\w*|answer|reply|say|output|escrib\w+|responda|diga)(?: \w+)?"
         r" (?:solo|solamente"
         r"|unicamente|only|apenas|somente|just)(?: con| with| com)? ?(?:la palabra|the word|a palavra|si|yes|sim"
         r"|ok)?"),
    rule("override", LIKELY, r"jailbreak\w*|prompt injection|inyeccion de prompt|injecao de prompt|do anything now"),
    rule("override", LIKELY, rf"{FROM_NOW}{some(3)} {SET_ASIDE}"),
)  # fmt: skip
ROLES = (
    rule("role", CERTAIN, rf"{FROM_NOW}{some(3)} {BE}{some(3)} {ROLE}"),
    rule("role", CERTAIN, rf"{FROM_NOW}{some(3)} {BE}{some(8)} {UNBOUND}"),
    rule("role", CERTAIN, r"(?:te llamas|tu nombre (?:ahora )?(?:es|sera)|your name is(?: now)?|voce se chama) \w+"
         r" (?:y|and|e)"
         r" (?:sos|eres|you|voce|podes|puedes|no|haces)"),
    rule("role", CERTAIN, rf"{ACT}{some(2)} (?:como(?: si)?|as(?: if)?|like|que (?:sos|eres|fueras?|seas|es|voce e"
         rf"|vos sos)"
         rf"|to be|you (?:are|re|were)|de|en|em|por|ser|o papel de|el (?:rol|papel) de|the role of|a|an|un|una|um"
         rf"|uma){some(4)} {ROLE}"),
    rule("role", CERTAIN, rf"{ACT}{some(1)} (?:que (?:sos|eres|fueras?|seas|voce e|voce fosse|vos sos)|como si"
         rf" fueras?|as if you"
         r"|that you (?:are|have)|to be|you (?:are|re|were))"),
    rule("role", CERTAIN, r"(?:modo|mode) (?:desarrollador\w*|developer|desenvolvedor|programador|debug|depuracion"
         r"|depuracao"
         r"|administrador\w*|admin|dios|god|root|mantenimiento|manutencao|dan|jailbreak|sin (?:restric\w+|censura"
         r"|filtros)"
         r"|libre|livre|experto|tecnico|sudo)|(?:developer|debug|admin|god|maintenance|jailbreak|dan|sudo|root) mode"),
    rule("role", LIKELY, rf"(?:soy|habla|sou|i am|i m|this is|aca|somos|fala|aqui)(?: con)? (?:el |la |un |una |o |a"
         rf" |the |your |tu "
         rf"|seu |de )?(?:\w+ )?(?:{HOLDERS}|administrador\w*|admin|administrator|ingenier\w+|engineer|soporte|support"
         r"|suporte|equipo (?:de )?(?:sistemas|tecnico|soporte|desarrollo)|duen[oa]|owner|dono|openai|meta|anthropic)"
         r"(?: \w+){0,3} (?:bot|sistema|system|asistente|assistant|assistente|ia|ai|chat|chatbot|plataforma|platform"
         r"|software"
         r"|modelo|model|app|aplicacion|aplicativo|programa|robot|openai|servidor|clinica)"),
    rule("role", CERTAIN, rf"{YOUR} (?:{HOLDERS}|administrador|admin|amo|master|nuevo (?:duen[oa]|jefe))"),
    rule("role", CERTAIN, r"(?:otorg\w+|dame|deme|da me|give me|grant|conced\w+|habilit\w+|activ\w+|libera\w*|enable"
         r"|ative|darme)"
         r"(?: \w+){0,3} (?:permisos?|privilegios?|acceso|access|rights|permissoes|privileges?|acesso|rol|role)(?:"
         r" \w+){0,2} "
         r"(?:superusuario|administrador\w*|admin|root|total|completo|full|sistema|system|elevad\w+|ilimitad\w+)"
         r"|(?:grant|give|allow|get|let me have)(?: \w+){0,2} (?:full|root|admin\w*|total|complete|unlimited|system) "
         r"(?:access|rights|privileges?|permissions?)|(?:me de|me da|me deem|quero|exijo) acesso (?:total|completo"
         r"|de admin\w*)"),
    rule("role", CERTAIN, r"(?:juego|jogo|juguemos|game)(?: \w+){0,4} (?:de )?(?:rol|roles|papeis|role play\w*"
         r"|roleplay\w*)"
         r"|roleplay|role play|juguemos(?: \w+){0,4} (?:vos|tu) (?:sos|eres|seas)"),
    rule("role", CERTAIN, r"(?:sos|eres|you are|you re|voce e|tu es)(?: now| ahora| agora)? dan|can do anything"
         r"|puede hacer cualquier cosa"),
    rule("role", LIKELY, r"(?:juego|jogo|game)(?: \w+){0,4} (?:vos sos|tu eres|you are|voce e|sos|you re)"),
    rule("role", CERTAIN, r"(?:ejecut|execut|run|corre)\w*(?: \w+){0,2} (?:comandos?|commands?|codigo|code|script"
         r"|consulta sql|sql"
         r"|lo siguiente|los siguientes|the following|o seguinte)|(?:my|mis|meus) (?:commands|comandos|consultas"
         r" sql)"),
    rule("role", LIKELY, rf"(?:cumpl\w+|asum\w+|toma|adopt\w*|assum\w+|take(?: on)?|play)(?: \w+){{0,2}} (?:rol"
         rf"|papel|role)"
         rf"(?: \w+){{0,3}} (?:{ROLE}|medico|dentista|doctor\w*|juez|psicolog\w+)"),
    rule("role", LIKELY, r"(?:ia|ai|inteligencia artificial|artificial intelligence)(?: \w+){0,3} (?:evil|malvad[ao]"
         r"|libre|livre"
         r"|independiente|sin|sem|without|unrestricted|que puede hacer)"),
)  # fmt: skip
EXTRACTION = (
    rule("extraction", CERTAIN, rf"(?:system|{YOUR}|initial|hidden|secret|original|full|complete|el|del|o)"
         rf" prompts?(?! (?:reply"
         r"|response|answer|service|attention|payment|care))|prompts? (?:de|del|do) (?:sistema|system|inicio)|prompt"
         r" (?:completo"
         r"|inicial|oculto|original|interno|secreto)|(?:mensaje|mensagem) (?:de|del|do) (?:sistema|inicial del"
         r" sistema)"
         r"|system (?:message|instructions?)|instruc\w+ (?:del|do) sistema"),
    rule("extraction", LIKELY, r"prompts?(?! (?:reply|response|answer|service|attention|payment|care|and))"),
    rule("extraction", CERTAIN, rf"{TELL}{some(8)} {YOUR} (?:\w+ ){{0,2}}(?:instruc\w+|reglas|regras|rules"
         rf"|directi\w+|directri\w+"
         r"|diretrizes|consignas|guidelines|lineamientos|pautas|configurac\w+|configuration|programac\w+|restric\w+"
         r"|ordenes"
         r"|prohibic\w+|politicas internas)(?! (?:para|de(?!l sistema)|del? post|despues|sobre|for|after|about|on"
         r"|depois|pos))"),
    rule("extraction", CERTAIN, rf"(?:{TELL}|repas\w+){some(6)} (?:las?|the|as|os|los|el|lo)? ?(?:instruc\w+|reglas"
         rf"|regras|rules"
         r"|directi\w+|consignas|indicac\w+|orientac\w+|guidelines|restric\w+|ordenes|cosas|lo)(?: \w+){0,2} "
         r"(?:que te (?!mande|pase|di\b|dije|escribi|envie|puse)\w+|(?:que )?(?:voce |vos )?(?:recebeu|recibiste"
         r"|seguis|seguir"
         r"|tenes que|sigues|segue)|you (?:were|have|got|received|follow|must)|que te (?:passaram|deram)|given to"
         r" you)"),
    rule("extraction", CERTAIN, r"(?:instruc\w+|reglas?|regras?|rules?|directi\w+|consignas?|ordenes) (?:internas?"
         r"|secretas?|ocultas?"
         r"|iniciales|iniciais|originales|privadas|confidenciales|escondidas|de fabrica)|(?:internal|secret|hidden"
         r"|initial"
         r"|original|confidential) (?:instruc\w+|rules?|guidelines?|directives?|prompt\w*|configuration)"),
    rule("extraction", CERTAIN, r"(?:empez|comenz|arranc|start|begin|comec|inici)\w*(?: \w+){0,4} (?:con|with|com"
         r"|saying|diciendo)"
         r"(?: \w+){0,2} (?:mis|my|minhas|you are|sos|eres|voce e|claro|sure)|(?:mis|my|minhas) (?:instruc\w+|rules"
         r"|reglas|regras) (?:son|are|sao)"),
    rule("extraction", CERTAIN, r"(?:copi|peg|repe|repi|output|print|imprim|transcri|mostr|muestr|show|dump|escrib"
         r"|write|traduc"
         r"|translate|summari|resum|reprodu)\w*(?: \w+){0,4} (?:todo|everything|all|texto|text|contenido|contents?"
         r"|tudo"
         r"|conteudo|palabras|words|lo)(?: \w+){0,4} (?:above|antes|arriba|encima|acima|anterior(?:es)?|previo"
         r"|before|precede)"),
    rule("extraction", CERTAIN, r"(?:que|lo que|what|o que|lo|todo)(?: \w+){0,3} (?:te|you|voce)(?: \w+){0,2}"
         r" (?:prohib\w+|forbid\w+"
         r"|proibid\w+|no (?:podes|puedes|te dejan) (?:decir|contar|revelar)|not allowed|can t (?:tell|say|reveal)"
         r"|nao pode (?:dizer|contar|revelar))|(?:no )?me (?:ocultas|escondes|ocultan)"),
    rule("extraction", CERTAIN, rf"(?:dij|program|orden|pid|configur|entren|said|told|tell|program)\w*(?: \w+)?"
         rf" {YOUR} {HOLDERS}|{YOUR} {HOLDERS}"),
    rule("extraction", LIKELY, r"(?:que|cual|which|what|qual)(?: \w+){0,2} (?:modelo de (?:lenguaje|ia|linguagem)"
         r"|language model"
         r"|llm|version de (?:gpt|ia)|modelo (?:sos|usas|e voce))|(?:modelo de lenguaje|language model|modelo de"
         r" linguagem)|(?:model|version) are you"),
    rule("extraction", LIKELY, rf"{YOUR} (?:configurac\w+|configuration|programac\w+|codigo|code|source"
         rf"|entrenamiento|training"
         r"|memoria|memory|contexto|context window)(?: inicial| interna| fuente)?|codigo[ -]fuente|source code"
         r"|codigo fonte"),
    rule("extraction", CERTAIN, r"(?:herramientas|funciones|tools?|functions?|ferramentas|funcoes|comandos"
         r"|endpoints?|apis?)"
         r"(?: \w+){0,5} (?:llamar|invocar|call|internas|internal|json|parametros|parameters|schemas?|esquemas?"
         r"|chamar|ejecutar"
         r"|podes usar|tenes disponibles|available to you|do you have|you have|voce (?:tem|pode|usa))"
         r"|(?:json )?(?:schemas?|esquemas?)(?: \w+){0,3} (?:tools|functions|herramientas|funciones)|names? of your"
         r" tools"),
    rule("extraction", CERTAIN, rf"{KEYS_OF}(?: \w+){{0,3}} {MACHINE}|{MACHINE} {KEYS_OF}|api ?keys?|secret"
         rf" ?keys?|access ?tokens?|tokens? de acceso"
         r"|api ?tokens?|bearer token|chave de api"),
    rule("extraction", CERTAIN, r"variables? de entorno|environment variables?|env vars?|variaveis de ambiente"
         r"|process env"
         r"|os environ|archivos? de configuracion|config(?:uration)? files?|etc passwd"),
    rule("extraction", HINT, r"leak|dump|exfiltr\w+|filtrame|vazar"),
    rule("extraction", LIKELY, r"(?:palabra por palabra|palavra por palavra|verbatim|word for word|textualmente"
         r"|letra por letra)"
         r"|(?:como|how)(?: \w+){0,2} (?:funcion\w+|work\w*)(?: \w+){0,3} por dentro"),
    rule("extraction", LIKELY, r"(?:instruc\w+|reglas|regras|rules)(?: \w+){0,6} (?:bloque de codigo|code block"
         r"|bloco de codigo|json|base64|markdown|yaml|tabla|table)"),
)  # fmt: skip
FORGERY = (
    rule("forgery", CERTAIN, r"</?\s?(?:system|sistema|instruc\w+|prompt|assistant|asistente|admin|human|context"
         r"|rules?|reglas"
         r"|tools?|tool[_-]?\w+|function\w*|developer|im_start|im_end|user_?\w*|inst|sys)\b[^>\n]{0,80}>", _raw),
    rule("forgery", CERTAIN, r"<\|[^>\n]{1,40}\|?>|\[/?inst\]|<</?\s?sys\s?>>|<s>|</s>|\[/?(?:system|sistema|admin"
         r"|assistant"
         r"|asistente|developer|tool|prompt|system message|mensaje del sistema|instruc\w+)(?: [^\]\n]{0,30})?\]"
         r"|\((?:system|admin|sistema)\)", _raw),
    rule("forgery", CERTAIN, r"(?:^|[\n.!?\]\-#*>]\s*|#{2,}\s*|\*\*)(?:system|assistant|asistente|assistente"
         r"|developer|desarrollador"
         r"|tool|human|admin(?:istrator)?|root|system (?:message|override|note|prompt)|instruc\w+ del sistema"
         r"|mensaje del sistema|nota del sistema|systema?)(?:\*\*)?\s?(?:prompt)?:", _raw),
    rule("forgery", LIKELY, r"(?:^|\n|[.!?]\s)sistema:|#{2,}\s*(?:sistema|nuevo|new)", _raw),
    rule("forgery", CERTAIN, r"#{2,}\s*(?:instruction|instruc\w+|response|input)\b", _raw),
    rule("forgery", CERTAIN, r"[\"']?role[\"']?\s?[:=]\s?[\"']?(?:system|assistant|tool|developer|admin)", _raw),
    rule("forgery", CERTAIN, r"[\"'](?:tool_calls?|function_call|function|arguments|tool_call_id"
         r"|system_prompt)[\"']\s?:"
         r"|\b(?:function_call|tool_calls?|tool_use)\b|(?:tool|function)[ _](?:response|result|output"
         r"|call)s?\s?[:=(]", _raw),
    rule("forgery", CERTAIN, r"\b[a-z]+(?:_[a-z]+)+\s?[({]|\b(?:check_availability|book_appointment"
         r"|list_my_appointments"
         r"|reschedule_appointment|cancel_appointment|list_services|list_professionals|triage_urgency"
         r"|hand_off)\b", _raw),
    rule("forgery", CERTAIN, r"(?:-{2,}|\[|={2,}|#{2,}|<|\*{2,})\s?(?:fin|end|fim|final|inicio|begin|start|comienzo"
         r"|termina)\b"
         r"[^\]\n]{0,40}\b(?:mensaje|mensagem|message|input|entrada|prompt|system|sistema|instruc\w+|admin|commands?"
         r"|user|usuario"
         r"|paciente|context\w*|conversa\w+|datos|data)\b", _raw),
    rule("forgery", CERTAIN, r"```\s?(?:system|sistema|tool|instruc\w+|prompt)|\b(?:override|bypass|admin"
         r"|authenticated|verified"
         r"|is_admin|force|debug)\s?[=:]\s?(?:true|1|yes|on)\b", _raw),
    rule("forgery", HINT, r"```|\bjson\b|\{\s?\"", _raw),
    rule("forgery", CERTAIN, r"\bdrop table\b|\bunion (?:all )?select\b|\bselect \* from\b|\bor 1\s?=\s?1\b|';?\s?--"
         r"|\bdelete from \w+|\binsert into \w+|<script|javascript:|\bon(?:error|load)\s?="
         r"|!\[[^\]\n]*\]\(https?:", _raw),
    rule("forgery", CERTAIN, r"\{\{[^}\n]*(?:prompt|config|secret|key|system|request|self|env|class"
         r"|constructor)[^}\n]*\}\}"
         r"|\$\{(?:jndi|env|process)|\{%|\brm -rf\b|\bsudo \w+|\bcurl http|\bos\.system\b|__\w+__", _raw),
    rule("forgery", LIKELY, r"(?:mensaje|message|mensagem)(?: \w+){0,3} (?:viene|es|comes|is|vem)(?: \w+){0,2} (?:de"
         r"|del|from|da|do)"
         r"(?: la| the)? (?:sistema|secretaria|administrador\w*|admin|system|gerencia|owner|desarrollador\w*)"),
    rule("forgery", CERTAIN, r"(?:cancel\w+|borr\w+|elimin\w+|delete|confirm\w+|exclu\w+|apag\w+) (?:todos los|todas"
         r" las|todos os|all(?: the"
         r"| of the)?|todas as) (?:turnos|citas|appointments|pacientes|patients|consultas|registros|datos|records"
         r"|agendamentos)"
         r"(?! (?:que tengo|mios|mis|my|of mine|i have|que saque|meus))"),
)  # fmt: skip
DATA = (
    rule("data", CERTAIN, rf"{TELL}{some(6)} {PRIVATE}{some(2)} (?:de|del|da|do|dos|das|of|from|for|que \w+|(?=otr"
         rf"|other|outr|todos|la p|el p)){some(2)} ?{OTHERS}"),
    rule("data", CERTAIN, r"(?:list|mostr|muestr|dam|pas|mand|envi|show|give|send|export|descarg|download|baj|imprim"
         r"|print|enumer|dump)"
         rf"\w*(?: \w+){{0,2}} (?:los|todos los|all|all the|the|os|todos os) {PEOPLE}|(?:quienes|quien|quem|who)(?:"
         rf" son| sao| are) "
         rf"(?:los|the|os)(?: \w+)? {PEOPLE}|(?:export|dump|list|show|give|send|mand|pas)\w*(?: \w+){{0,3}}"
         rf" patients? (?:data|records?|"
         r"lists?|files?|info\w*|names|phones?)"),
    rule("data", CERTAIN, rf"{TELL}{some(5)} {OTHERS}{some(6)} (?:con|with|com|y|and|e|s)(?: \w+){{0,2}} {PRIVATE}"),
    rule("data", CERTAIN, r"(?:base de datos|tabla|table|dump|export\w*|planilla|excel|backup|copia)(?: \w+){0,4} "
         r"(?:pacientes|patients|clientes|clients|usuarios|users|appointments|turnos)"),
    rule("data", LIKELY, r"(?:lista|listado|nomina|padron|list|listagem|todos los datos|all the data|todos os"
         r" dados)(?: \w+){0,3} "
         r"(?:pacientes|patients|clientes|clients)(?! (?:en|de) espera)"),
    rule("data", CERTAIN, rf"(?:mostr|muestr|pas|mand|envi|dam|dime|deci|show|give|send|tell|quiero ver|quero ver"
         rf"|leeme|read|copi"
         rf"|busc|sac|decir)\w*{some(3)} (?:historias? clinicas?|historial|ficha(?: medica| clinica)?|prontuario"
         rf"|medical records?|legajo"
         rf"|diagnostico|radiografias?|chart) (?:clinic[oa] |medic[oa] |dental )?(?:de|da|do|of|from|for) (?!mi\b"
         rf"|mis\b|my\b|minha|meu"
         rf"|salud|la salud|un\b|una\b|los?\b|{FAMILY})(?!\w+ {FAMILY})[a-z]+ [a-z]+"),
    rule("data", CERTAIN, rf"(?:give|show|tell|send|read|what is|what s|i (?:want|need))(?: \w+){{0,4}} (?!{FAMILY}"
         rf" s)[a-z]{{3,}} s "
         r"(?:medical )?(?:records?|files?|chart|address|phone|diagnosis|history|appointments?|balance|debt)"),
    rule("data", CERTAIN, rf"(?:cuanto|que|how much|what|quanto|o que|cuando|when|quando|a que hora|por que)(?:"
         rf" \w+){{0,3}} "
         rf"(?:debe|deben|le hicieron|le hacen|se hizo|se hace|tiene|tienen|paga\w*|owe\w*|fizeram|fez|deve|adeuda"
         rf"|se atiende|vino"
         rf"|viene|have|has|did)(?: \w+){{0,3}} (?:{OTHERS})"),
    rule("data", CERTAIN, r"(?:que|cuales|which|what|quais|quienes|who|con quien\w*)(?: \w+){0,2} (?:otr[ao]s |other"
         r" |outros )?"
         r"(?:pacientes|patients|personas|clientes|people)(?: \w+){0,4} (?:hablaste|hablando|hablas|talk\w*"
         r"|atendiste|tienen turno"
         r"|turno (?:hoy|manana)|vienen|come|coming|escribieron|scheduled|falou|conversou|marcaram)"
         r"|(?:quien|quienes|who)(?: \w+){0,3} (?:turnos?|appointments?|consulta)(?: \w+){0,2} (?:hoy|manana|today"
         r"|tomorrow|antes|despues|a las|before|after)"),
)  # fmt: skip
_ASIDE = (r"(?:ignor[ae]r?|olvid[ae](?:te)?(?:de)?|forget|disregard|esque[cs][ae](?:te)?|desconsidere|bypass"
r"|override|anula"
          r"|saltate|desestima|descarta|nosigas|stopfollowing|borra)")  # fmt: skip
_WHOSE = (r"(?:todas?|todos?|all|any|las?|los?|as|os|the|of|your|tus?|suas?|seus?|previous|prior|previas?|anteriores"
r"|my|these|above"
          r"|lo|que|te|dijeron|everything|de|sistema|system|initial|estas){0,5}")  # fmt: skip
_SHOW = (r"(?:mostr[ae](?:me)?|muestra(?:me)?|revel[ae](?:me)?|reveal|show(?:me)?|print|decime|dame|pasame|dime"
r"|imprim[ei]|repet[ie]|repeat|tell(?:me)?)")
SPELLED = (
    rule("override", CERTAIN, rf"{_ASIDE}{_WHOSE}(?:instruc|regla|regra|rules|normas|ordenes|prompt|restric|diretriz"
         rf"|directiv"
         r"|directriz|guideline|polic|politic|filtros|programacion|indicaciones(?:anterior|previa))", _letters),
    rule("extraction", CERTAIN, rf"{_SHOW}{_WHOSE}(?:el|o|completo|full|hidden|entire|secret)?(?:prompt"
         rf"|instruc(?!cionesde|cionespara)"
         r"|apikey|clavedelaapi|reglasinternas|password|tokendeacceso)", _letters),
    rule("role", CERTAIN, r"(?:ahorasos|ahoraeres|youarenow|agoravocee)(?:un|una|el|la|an?|the|um|uma|o)?(?:dan|ia"
         r"|ai|hacker|admin|bot"
         r"|root|administrador|inteligencia)|modo(?:desarrollador|administrador|debug|desenvolvedor)|developermode"
         r"|debugmode"
         r"|adminmode|actuacomo(?:si|un|una|el|administrador|admin|hacker)", _letters),
    rule("data", CERTAIN, rf"{_SHOW}?(?:el|la|los|las|the|a|o|os|as)?(?:listado?|datos|telefonos|dados|fichas)(?:de"
         rf"|of|dos|delos)"
         r"(?:todos|all)?(?:los|las|the|os)?(?:otros|other|outros|demas)?pacientes", _letters),
)  # fmt: skip
DECODE = (
    rule("encoded", LIKELY, r"(?:decodific|descodific|decod|descifr|desencript|decrypt|decipher|base ?64|rot ?13"
         r"|hexadecimal)\w*"),
    rule("encoded", HINT, r"(?:lee|leelo|leer|read|leia)(?: \w+){0,2} (?:al reves|backwards?|ao contrario|de atras"
         r" para adelante)"),
)
RULES = (*OVERRIDE, *ROLES, *EXTRACTION, *FORGERY, *DATA, *SPELLED, *DECODE)
