"""The words of `triage.py`: what hurts, and where. All patterns read folded text."""

EMERGENCY, URGENT, ROUTINE, NONE = "emergency", "urgent", "routine", "none"

ELSEWHERE = (
    r"(?:cabeza|panza|espalda|estomago|rodillas?|ovarios|piernas?|pies?|brazos?|manos?|cintura|muneca|hombros?|pecho"
    r"|oidos?|garganta|cuerpo|tobillo|cadera|vientre|ciatica|columna|bolsillo|alma|dedos?|nuca|rinon(?:es)?|musculos?)"
)
TOOTH = (
    r"(?:dient\w*|muel\w*|paletas?|incisivos?|colmillos?|caninos?|premolar\w*|molar\w*|piezas?|dentadura|cordal\w*)"
)
MOUTH = (
    r"(?:dient\w*|muel\w*|paletas?|colmillos?|encias?|boca|labios?|lengua|paladar|mandibula|maxilar|quijada|cara"
    r"|cachet\w*|mejillas?|menton|pera|pomulos?|dental\w*|extraccion|conducto|implantes?|cirugia|corona|caries|juicio"
    r"|cordal\w*|ferula|arreglo|perno|alveolo)"
)
PAIN = (
    r"(?:duel\w*|dule|deule|dol[ie]\w*|dolor\w*|doliendo|puntadas?|punzadas?|pinchazos?|ador?lorid\w+|molido de dolor"
    r"|tortur\w+|ardor|sufriendo)"
)
THROB = r"(?:lat[ei]\w*|palpit\w+|puls\w+|explot\w+|estall\w+|punz\w+)"
SWELL = (
    r"(?:hinch\w+|inflam\w+|inchad\w*|incho|edema|deform\w+|desfigurad\w+|abultad\w+"
    r"|como (?:un|una) (?:globo|pelota|sapo|monstruo|melon|sandia|papa))"
)
BLEED = r"(?:sangr\w*|hemorragia\w*|desangr\w+)"
BLOW = (
    r"(?:golp\w+|ca[ii]da|cai|caigo|cayo|caimos|pelotazo|pelota|choque|choco|accidente|codazo|rodillazo|cabezazo"
    r"|trompada"
    r"|trompazo|trompis|pinas?|puneta\w*|patada|patear\w*|pateo|porrazo|tropez\w+|tropece|bici\w*|moto|monopatin"
    r"|patin\w*"
    r"|skate|jugando|rugby|hockey|boxeo|estrell\w+|hamaca|tobogan|escaler\w*|atropell\w+|pegaron|pego|pegue|manotazo"
    r"|empuj\w+|piedrazo|ladrillazo|botellazo|me di (?:contra|con)|se dio (?:contra|con)|resbal\w+|desmay\w+ y)"
)
INFECTION = (
    r"(?:infec\w+|absces\w*|abces\w*|flemon\w*|pus|supura\w*|fistula\w*|postem\w+|purulent\w+|materia|septic\w+"
    r"|celulitis)"
)
FEVER = (
    r"(?:fiebre|febril|febricula|temperatura|calentura|escalofrios?|chuchos?|tiritando|(?:tembl\w+|tiembl\w+) de frio"
    r"|(?:3[89]|40)(?:[.,]\d| y (?:medio|pico))|(?:3[89]|40) ?(?:grados|°|de (?:fiebre|temperatura))"
    r"|(?:tengo|tiene|con|levante|levanto|marca|marco|llegue a|llego a) (?:3[89]|40)\b(?! ?(?:anos|semanas|dias"
    r"|cuotas)))"
)
FIXTURE = (
    r"(?:corona|funda|emplomadura|empaste|amalgama|arreglo|tapita|perno|carillas?|bracket\w*|protesis|placa"
    r"|provisori[ao]"
    r"|puente|resina|relleno|pasta|contencion|retenedor\w*|alambre|arco|alineador\w*|invisalign|implante|tornillo"
    r"|ferula"
    r"|dentadura(?: postiza)?|postizos?|aparato|aparatito|banda|gomita|boton(?:cito)?|incrustacion|sellador)"
)
BREAK = (
    r"(?:romp\w+|rot[ao]s?|parti\w*|quebr\w+|fractur\w+|astill\w+|rajad\w+|rajo|salto|salteo|se me fue un pedazo"
    r"|pedazo|pedacito|pedacitos|cachito|puntita)"
)
LOST = r"(?:sali[oe]\w*|sal[ti]o|cay[oe]\w*|volo|volaron|perdi\w*|arranc\w+|desprend\w+|avuls\w+|baj(?:o|aron))"
SEVERE = (
    r"(?:much[oa]|muchisim[oa]|terrible\w*|insoportable\w*|fuert\w+|intens\w+|aguanto|aguanta|soporto|soporta|soportar"
    r"|aguantar|muero|muriendo|mata|matando|horrible\w*|horrores|espantos\w+|tremend\w+|atroz|no doy mas|lat\w+"
    r"|pulsa\w*"
    r"|palpita\w*|constante|todo el dia|dia y noche|dormir|dormi|duermo|despert\w+|despiert\w+|llor\w+|no se (?:me "
    r"|le )?"
    r"(?:va|pasa|calma)|no (?:me |le )?(?:calma|cede|para|baja|afloja|pasa)|no (?:me |le )?hace (?:nada|efecto)|ni con"
    r"|monton|banda|re|bastante|locura|loc[oa]|desesperad\w*|desesperante|hace (?:varios )?dias|rabi\w+|agud[oa]"
    r"|(?:8|9|10|ocho|nueve|diez) (?:de|sobre) (?:10|diez)|demasiad[oa]|cada vez mas|peor|bestial|animal|infernal"
    r"|imposible|no (?:puedo|podia|pude) mas|me parte)"
)
MILD = (
    r"(?:un poc[oa]|poc[oa]|poquit[oa]|poquitin|apenas|leve\w*|suave\w*|a veces|de vez en cuando|cada tanto|por"
    r" momentos"
    r"|algo de|dolorcit\w+|va y viene|cuando (?:como|tomo|mastico|muerdo|toco|aprieto|cepillo|me cepillo)"
    r"|al (?:masticar|morder|tomar|comer|cepillarme)"
    r"|(?:con|a|al|por) (?:lo |el |las cosas |las bebidas )?(?:fri[oa]s?|calientes?|calor|dulces?|helad[oa]s?|agua"
    r" fria)"
    r"|(?<!no )se (?:me )?(?:va|pasa|calma|fue|paso|calmo) (?:con|solo|rapido|enseguida|tomando)|(?<!no )(?:se"
    r"|me) calma|no (?:es )?"
    r"(?:tanto|mucho|muy)|soportable|tolerable|apenitas|medio)"
)
PAINKILLER = (
    r"(?:ibuprofeno|ibu|ibupirac|paracetamol|analgesic\w+|k[eo]torol\w+|keterol\w+|diclofenac\w*|calmantes?"
    r"|pastillas?|actron"
    r"|sertal|tafirol|novalgina|dipirona|aspirina|naproxeno|tramadol|dexametasona|remedios?|antiinflamatorios?"
    r"|geniol|migral"
    r"|amoxicilina|antibiotic\w+|dolofrix|klosidol|supragesic|toradol|sinalgico)"
)
EASES = (
    r"(?:hace|hacen|hizo|hicieron|calma|calman|calmo|pasa|paso|va|fue|alcanza|baja|cede|afloja|alivia|sirve|saca"
    r"|quita)"
)
SYMPTOM = (
    rf"(?:{PAIN}|{SWELL}|{BLEED}|{FEVER}|{INFECTION}|molest\w+|sensib\w+|golp\w+|caries|{BREAK}|llagas?"
    rf"|decaid[oa]|malestar|"
    r"mare\w+|vomit\w+|flojo|mueve|urgencia|emergencia)"
)
