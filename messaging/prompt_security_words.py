"""The words of `prompt_security_rules.py`, in Spanish, English and Portuguese, without accents."""

SET_ASIDE = (
    r"(?:ignor(?:a|ar|as|ame|alas?|alos?|e|en|es|eyo|em|ando|ing)|olvid(?:a|ate|ar|arte|alas?|alos?|e|ese|ense|eyo)"
    r"|esquec(?:a|e|er|am)|desestim(?:a|e|ar)|descart(?:a|e|ar|alas?)|desconsider(?:a|e|ar)|omit(?:i|e|a|as|ir)"
    r"|desech(?:a|e|ar)|abandon(?:a|e|ar)?|anul(?:a|e|ar)|elimin(?:a|e|ar)|borr(?:a|e|ar)|suprim(?:i|e|a|ir)"
    r"|salt(?:a|e|ar|ea|ear|ee)(?:te|rte|telas?)?|pas(?:a|e|ar|es)(?:te)? por alto|pase por cima(?: de| das)?"
    r"|dej(?:a|e|ar|es)(?: ya)? (?:de lado|sin efecto|atras|de (?:seguir|obedecer|respetar|cumplir|aplicar|usar))"
    r"|deix(?:e|a) (?:de (?:lado|seguir|obedecer|cumprir)|para tras)|sobre?escrib\w+|sobrescrev\w+|reinici(?:a|e|ar)"
    r"|resete(?:a|e|ar)|reset|reescrib\w+|reemplaz(?:a|e|ar)|desactiv(?:a|e|ar)|desativ(?:a|e|ar)|rompe|romper"
    r"|quebra\w*"
    r"|viol(?:a|ar|ate)|evad(?:i|e|ir)|burl(?:a|e|ar)|contorn(?:a|e|ar)|pul(?:e|a|ar)|apag(?:a|ue|ar)|desobede\w+"
    r"|hac?(?:e|er|eme|z|gas?)?l?e? (?:caso omiso|la vista gorda)(?: de| a)?"
    r"|no (?:le |les |me )?(?:hagas|haga|hagan|prestes|des|lleves|tomes)(?: \w+)? (?:caso|atencion|bola|bolilla"
    r"|cuenta)"
    r"|(?:no|nao) (?:sigas|siga|obede\w+|respetes|respete|cumplas|cumpla|cumpra|apliques|aplique|uses|consideres"
    r"|respeite)"
    r"|disregard|forget|bypass|override|overrule|discard|dismiss|skip|drop|neglect|erase|delete|disable|break"
    r"|circumvent"
    r"|suspend|ditch|replace|rewrite|throw (?:away|out)|(?:set|put|leave|cast) aside|pay no attention(?: to)?|scrap"
    r"|stop (?:following|obeying|applying|using|respecting)|(?:do not|don t|dont|never|no longer) "
    r"(?:follow|obey|apply|respect|use|listen to|comply with|stick to))"
)
RULES_OF = (
    r"(?:instruc\w+|ordenes|orden|ordens|orders?|directions|directi(?:va|ve)s?|directri\w+|diretriz(?:es)?"
    r"|lineamientos?|pautas"
    r"|guidelines?|reglas?|regras?|rules?|reglamento|normas?|normativas?|norms?|indicac\w+|orientac\w+|consignas?"
    r"|restric\w+|limitac\w+|limitations?|limits?|limites|filtros?|filters?|politicas?|polic(?:y|ies)|prompts?"
    r"|configurac\w+|configuration|settings|programac\w+|programming|training|entrenamiento|guardrails?|safeguards?"
    r"|salvaguard\w+|protocol\w*|mandat\w+|mandamientos|constraints?|censura|censorship|moderac\w+|moderation"
    r"|principios|principles|parametros|protecc\w+|protections?|seguridad|safety)"
)
STRICT = (
    r"(?:instruc\w+|ordenes|ordens|directions|directi(?:va|ve)s?|directri\w+|diretriz(?:es)?|guidelines?|reglas?"
    r"|regras?|rules"
    r"|consignas?|restric\w+|politicas|policies|prompts?|normas|lineamientos|indicacion(?:es)?)"
)
YOUR = r"(?:tus?|your|seus?|suas?|teus?|tuas?|vuestr[ao]s)"
FORMER = r"(?:anterior(?:es)?|previ[ao]s?|previous|prior|earlier|preceding|above|old|viej[ao]s|antigu[ao]s|antig[ao]s)"
OF_THE_BOT = (
    rf"(?:{FORMER}|before|arriba|acima|iniciales|inicial|initial|originales|original|originais|iniciais|existing"
    rf"|internas?"
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
    r"(?:desactiv\w+|desativ\w+|deshabilit\w+|desabilit\w+|apag\w+|disable|turn off|switch off|remove|quit[ae]\w*"
    r"|bypass\w*"
    r"|salt[ae]\w*|pul[ae]|skip|evad\w+|burl[ae]\w*|override|desligu\w+|circumvent|deja sin|levant[ae])"
)
FROM_NOW = (
    r"(?:ahora(?: mismo)?|desde (?:ahora|ya)|a partir de (?:ahora|agora|este momento|hoy|ya)|de ahora en (?:mas"
    r"|adelante)"
    r"|from (?:now on|this (?:moment|point)(?: on| forward)?|here on)|now|agora|de agora em diante|daqui em diante"
    r"|henceforth)"
)
BE = (
    r"(?:sos|eres|seras|serias|vas a ser|te convertis en|actuas|vas a actuar|te comportas|te llamas|tu nombre es|sea"
    r"|you (?:are|re|will be|will act|will behave|must act|act|become)|your name is|voce (?:e|sera|vai ser|se chama)"
    r"|tu es)"
)
ROLE = (
    r"(?:dan|jailbroken?|ia|ai|llm|gpt\w*|chatgpt|claude|gemini|modelo|model|inteligencia|intelligence|bot|chatbot"
    r"|robot"
    r"|asistente|assistente|assistant|hacker|pirata|pirate|terminal|consola|console|shell|linux|bash|sql|base de datos"
    r"|banco de dados|database|servidor|server|interprete|interpreter|compilador|python|simulador|simulator|admin"
    r"|administrador\w*|administrator|root|superusuario|superuser|due[nm]?[oan]\w*|dono|dona|owner|jefe|boss|gerente"
    r"|manager"
    r"|director\w*|ceo|medic[oa]|doctor\w*|dentista|dentist|farmaceutic[oa]|pharmacist|programador\w*|programmer"
    r"|desarrollador\w*|developer|desenvolvedor\w*|ingenier\w+|engineer"
    r"|abuel[ao]|grandmother|grandma|granny|avo|asesor\w*|advisor|vendedor\w*|salesman|abogad\w+|advogad\w+|lawyer"
    r"|poeta|poet|chef|cocinero|experto|expert|personaje|character|persona que|secretaria personal|otr[ao] (?:ia|bot|"
    r"asistente|persona)|amig[ao] (?:mio|personal)|novi[ao]|villan[oa]|evil)"
)
ACT = (
    r"(?:actu[ae](?:r|s|me|ndo)?|act|behave|comport[ae]\w*|fing[ie]\w*|finj[ae]\w*|simul[ae]\w*|pretend|imagin[ae]\w*"
    r"|(?:hac[ea]|hace[dr]?|haz|faca|fazer) (?:de cuenta|de conta)|hace como|hacete pasar|hazte pasar|faz de conta"
    r"|ajas?"
    r"|age|atue|roleplay|role play|interpret[ae]\w*|assum[ae]|asum[ie]\w*|adopt[ae]?|suppose|supon[ei]\w*|convert\w+"
    r"|transform\w+|becom\w+|turn into|juga\w*|respond[ea]?(?: siempre)?|answer)"
)
UNBOUND = (
    r"(?:(?:sin|without|sem|with no|with zero|free of|libre de|livre de|fuera de|ningun[ao]?|no) (?:any |ningun\w* "
    r"|nenhum\w* )?(?:tipo de |ethical |moral )?(?:filtros?|filters?|restric\w+|censura|censorship|reglas|regras"
    r"|rules|limit\w*"
    r"|limites|limitac\w+|politicas|policies|guardrails?|moderac\w+|etica|ethics|moral|normas)|unrestricted|uncensored"
    r"|unfiltered|jailbroken)"
)
TELL = (
    r"(?:mostr[ae](?:me|r|rme|s|nos)?|muestr[ae](?:me)?|mostre|deci(?:me|lo|r)?|decir(?:me)?|digas|diga(?:me)?|dime"
    r"|dame"
    r"|dar(?:me)?|das|pas[ae](?:me|s|r|rme)?|me pass[ae]|revel[ae]\w*|imprim\w+|escrib\w+|escrev\w+|copi[ae]\w*"
    r"|peg[ae]\w*"
    r"|repet\w+|repit\w+|transcrib\w+|transcrev\w+|traduc\w+|traduz\w*|resum\w+|enumer[ae]\w*|list[ae]\w*|cont[ae]me"
    r"|explic[ae]\w*|describ\w+|descrev\w+|compart\w+|mand[ae]\w*|envi[ae]\w*|filtr[ae]me|expon\w+|export[ae]\w*"
    r"|descarg[ae]\w*|volc[ae]\w*|consult[ae]|busc[ae]me|ley?e\w*|recit[ae]\w*|quiero|quero"
    r"|necesito|preciso|puedo ver|quisiera (?:ver|saber)|cual(?:es)?|quais|qual|que dice\w*|what|which|who"
    r"|show|print|reveal|tell|give|repeat|output|display|dump|leak|translate|summari[sz]e|list|share|write|recite"
    r"|expose"
    r"|read|send|export|quote|copy|paste|spell|encode|me diz|me fala|conte|i (?:want|need)|echo|haceme|arm[ae]me"
    r"|sac[ae]me)"
)
HOLDERS = (r"(?:programador\w*|desarrollador\w*|creador\w*|developers?|programmers?|creators?|desenvolvedor\w*"
r"|criador\w*)")
KEYS_OF = (r"(?:claves?|llaves?|keys?|tokens?|passwords?|contrasenas?|senhas?|secretos?|secrets?|credencial\w*"
r"|chaves?|credentials?)")
MACHINE = (
    r"(?:apis?|base de datos|banco de dados|database|servidor\w*|servers?|whatsapp|openai|admin\w*|backend|config\w*"
    r"|vault"
    r"|root|bot|panel|sistema(?! de (?:la )?(?:obra|turnos|prepaga|osde|ioma|pami))|system|software|acceso (?:al|a"
    r" la|de)"
    r"|entorno|ycloud|meta|github|interno|internas?)"
)
PEOPLE = r"(?:pacientes|patients|clientes|clients|customers|usuarios|users|personas que (?:se )?atien\w+|contactos)"
OTHERS = (
    rf"(?:{PEOPLE}|(?:otr[ao]s?|outr[ao]s?|other|another) (?:pacientes?|personas?|gente|patients?|people|person"
    rf"|clientes?"
    r"|pessoas?|usuarios?|users?|someone)|(?:todos|todas) (?:los|las|os|as) (?:demas|que)|everyone|everybody|los demas"
    r"|(?:la|el|o|a|the|del|da|do|of) (?:paciente|patient) (?:de las|das|de antes|que|anterior|before|after|who|at"
    r"|next"
    r"|del|previa|previo)|paciente anterior|previous patient"
    r"|(?:la|el|esa|ese|aquella|the|a) (?:chica|chico|senora?|mujer|hombre|persona|muchacha|woman|man|person|moca"
    r"|mulher)"
    r" (?:que|de las|who|that|das|before|before me|anterior)|mi (?:ex|vecin[oa]|jef[ea]|companer[oa]|cunad[oa]"
    r"|suegr[oa])"
    r"|my (?:ex|neighbou?r|boss|coworker)|m(?:eu|inha) (?:ex|vizinh[oa]|chefe))"
)
PRIVATE = (
    r"(?:datos|dados|data|info\w*|telefonos?|telefones?|phones?|numeros?|celular\w*|direccion\w*|domicilios?"
    r"|enderecos?"
    r"|address\w*|dnis?|cpfs?|documentos?|nombres?|nomes?|names?|apellidos|mails?|e ?mails?|correos?|emails|fichas?"
    r"|legajos?"
    r"|historias?(?: clinicas?| medicas?)?|diagnostic\w+|prontuarios?|registros?|records?|files?|charts?"
    r"|turnos?|appointments?|consultas|agenda|agendas|schedule|cuentas?|deudas?|debts?|pagos|conversa\w+"
    r"|conversations?"
    r"|chats?|mensajes|mensagens|messages|lista\w*|lists?|listado|tablas?|tables?|radiografias?|fotos|photos|base)"
)
FAMILY = (
    r"(?:hij[oa]s?|nen[ea]s?|bebe|mama|papa|madre|padre|espos[oa]|marido|mujer|abuel[oa]|herman[oa]|novi[oa]|pareja"
    r"|niet[oa]"
    r"|sobrin[oa]|daughter|son|wife|husband|mom|mother|dad|father|kid|child|brother|sister|filh[oa]|mae|pai|irma"
    r"|irmao|doctor"
    r"|doctora|dra|dr|odontolog[oa]|dentista|clinica|consultorio|familia|grupo familiar)"
)
