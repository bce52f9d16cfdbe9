"""The reasons of a triage as staff read them. Rows keep the words of `triage_signs`, those of its sources."""
from django.utils.translation import gettext_lazy as _

WORDS = {
    "airway": _("le cuesta respirar"), "swallowing": _("le cuesta tragar"), "speaking": _("le cuesta hablar"),
    "spreading swelling": _("hinchazón que avanza"),
    "swelling under the tongue or jaw": _("hinchazón bajo la lengua o la mandíbula"),
    "eye closed by swelling": _("la hinchazón le cierra un ojo"),
    "fever with a dental infection": _("fiebre con infección dental"),
    "malaise with a dental infection": _("malestar general con infección dental"),
    "bleeding that does not stop": _("sangrado que no para"), "haemorrhage": _("hemorragia"),
    "tooth knocked out": _("diente salido entero"), "tooth hurt by a blow": _("diente golpeado"),
    "blow to the face or jaw": _("golpe en la cara o la mandíbula"),
    "broken or dislocated jaw": _("mandíbula rota o salida"), "mouth that does not open": _("no puede abrir la boca"),
    "mouth that opens with difficulty": _("le cuesta abrir la boca"), "severe pain": _("dolor fuerte"),
    "throbbing tooth": _("dolor que late"), "pain that prevents sleep": _("dolor que no deja dormir"),
    "pain not eased by painkillers": _("dolor que no cede con calmantes"),
    "pain eased by a painkiller": _("dolor que cede con calmantes"),
    "abscess or infection": _("absceso o infección"), "lump on the gum": _("bulto en la encía"),
    "swelling": _("hinchazón"), "painful swollen gum": _("encía hinchada que duele"),
    "broken tooth": _("diente roto"), "pain after an extraction": _("dolor después de una extracción"),
    "dry socket": _("alveolitis"), "wisdom tooth": _("muela de juicio"), "pericoronitis": _("pericoronitis"),
    "nerve exposed": _("nervio expuesto"), "bleeding after an extraction": _("sangrado después de una extracción"),
    "toothache": _("dolor de muela"), "sore that does not heal": _("llaga que no cura"),
    "an urgency said to be one": _("dice que es una urgencia"), "mild pain": _("dolor leve"),
    "discomfort": _("molestia"), "swollen gums": _("encías inflamadas"), "bleeding gums": _("encías que sangran"),
    "lost filling or crown": _("arreglo o corona que se salió"),
    "chipped or loose tooth": _("diente astillado o flojo"), "caries": _("caries"), "sore": _("llaga"),
    "grinding": _("bruxismo"), "noise of the jaw": _("ruido de la mandíbula"),
    "check-up or aesthetics": _("control o estética"), "fever without more": _("fiebre"),
    "raised by the model": _("lo elevó la recepcionista"),
    "diabetes": _("diabetes"), "immune suppression": _("defensas bajas"), "anticoagulants": _("anticoagulantes"),
    "pregnancy": _("embarazo"),
}


def told(reasons) -> list[str]:
    return [str(WORDS.get(reason, reason)) for reason in reasons]
