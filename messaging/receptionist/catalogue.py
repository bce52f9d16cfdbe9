"""What the clinic does and who does it, as people name it."""

import re
from dataclasses import dataclass

from agenda.models import TreatmentType, who_do
from clinics import tenancy
from clinics.models import Professional
from clinics.patients.models import Insurer
from dentalogic.lib.spelling import vocabulary
from dentalogic.lib.text import fold

WEAK_WORDS = {"dental", "dentales", "tratamiento", "completa", "completo", "simple", "primera", "consulta", "sesion"}
URGENT_NAMES = ("urgencia", "guardia", "emergencia", "consulta", "evaluacion", "control")
# Words of their own that are a letter away from a usual name of a treatment.
OWN_WORDS = frozenset(
    ("guarda", "empate", "consulto", "conducta", "manchas", "arregla", "arreglan", "coronel", "limpias", "limpian",
     "capilla", "casilla"))
EDITED = 7  # letters of a name from which on a letter may be off; shorter ones are known by their sound
ROUTINE_NAMES = ("consulta", "evaluacion", "control", "revision", "urgencia")


_ENCLITIC = re.compile(r"\b(\w{2,}[aei]r)(?:me|se|te|le|nos)(?:l[oa]s?)?\b")


@dataclass(frozen=True)
class Catalogue:
    treatments: tuple[TreatmentType, ...]
    professionals: tuple[Professional, ...]
    insurers: tuple[Insurer, ...]

    @classmethod
    def load(cls) -> "Catalogue":
        return cls(
            tuple(TreatmentType.objects.active()), tuple(Professional.objects.active()), tuple(Insurer.objects.all())
        )

    @classmethod
    @tenancy.atomic
    def read(cls) -> "Catalogue":
        """`load`, for who has no transaction open."""
        return cls.load()

    @property
    def _spelling(self):
        """The words that treatments are named by."""
        names = " ".join(_spaced(" ".join((one.name, *one.aliases))) for one in self.treatments)
        words = {word for word in names.split() if len(word) > 3}
        edited = frozenset(word for word in words if len(word) >= EDITED)
        return vocabulary(edited, frozenset(words), OWN_WORDS)

    def insurers_spelled(self, plain: str) -> str:
        """With the names of insurers as the clinic writes them, folded."""
        names = " ".join(_spaced(" ".join((one.name, *one.aliases))) for one in self.insurers)
        words = {word for word in names.split() if len(word) > 3}
        return vocabulary(frozenset(word for word in words if len(word) >= EDITED - 1), frozenset(words), OWN_WORDS
                          ).put_right(plain)  # fmt: skip

    def treatment(self, pk) -> TreatmentType | None:
        return next((one for one in self.treatments if one.pk == pk), None)

    def professional(self, pk) -> Professional | None:
        return next((one for one in self.professionals if one.pk == pk), None)

    def insurer(self, pk) -> Insurer | None:
        return next((one for one in self.insurers if one.pk == pk), None)

    @property
    def bookable(self) -> list[TreatmentType]:
        return [one for one in self.treatments if one.bookable]

    @property
    def attended(self) -> list[str]:
        return [one.name for one in self.insurers if one.policy in ("accepted", "restricted")]

    def treatments_in(self, text: str) -> list[TreatmentType]:
        """Those named in ``text``; a name inside a longer one that is also named does not count."""
        plain = self._spelling.put_right(_spaced(text))
        plain = " | ".join((plain, _ENCLITIC.sub(r"\1", plain)))
        found: list[tuple[str, TreatmentType]] = []
        for one in self.treatments:
            names = [word for word in (_spaced(name) for name in (one.name, *one.aliases)) if _says(plain, word)]
            if names:
                found.append((max(names, key=len), one))
        if not found:
            return self._by_a_word(plain)
        return [
            one for name, one in found
            if not any(name != other and f" {name} " in f" {other} " for other, _ in found)
        ]  # fmt: skip

    def _by_a_word(self, plain: str) -> list[TreatmentType]:
        """"Limpieza" for "Limpieza dental", where no other treatment has the word."""
        named: dict[str, set] = {}
        for one in self.treatments:
            for word in set(_spaced(one.name).split()) - WEAK_WORDS:
                if len(word) > 5:
                    named.setdefault(word, set()).add(one.pk)
        found = [pks for word, pks in named.items() if len(pks) == 1 and _says(plain, word)]
        wanted = set().union(*found) if found else set()
        return [one for one in self.treatments if one.pk in wanted]

    def professional_in(self, text: str) -> Professional | None:
        """By last name, or by first name where only one has it."""
        words = set(_spaced(text).split())
        by_last = [one for one in self.professionals if words & set(_spaced(one.last_name).split())]
        if len(by_last) == 1:
            return by_last[0]
        titled = re.search(r"\b(?:dr|dra|doctor|doctora|con)\b", _spaced(text))
        by_first = [one for one in self.professionals if words & set(_spaced(one.first_name).split())]
        return by_first[0] if titled and len(by_first) == 1 else None

    def for_symptoms(self, urgency: str) -> TreatmentType | None:
        """What somebody comes for who tells a symptom and names no treatment."""
        for name in URGENT_NAMES if urgency else ROUTINE_NAMES:
            for one in self.bookable:
                if name in _spaced(" ".join((one.name, one.category, *one.aliases))):
                    return one
        return None


def who_gives(treatment) -> list[Professional]:
    return list(who_do(treatment).order_by("folded"))


def _spaced(text: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", fold(text)).split())


def _says(plain: str, name: str) -> bool:
    return bool(name) and re.search(rf"\b{re.escape(name)}(?:e?s)?\b", plain) is not None
