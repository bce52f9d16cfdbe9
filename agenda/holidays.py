"""The national holidays of a clinic's country, by the library `holidays`, which follows the decrees of each year."""
from datetime import date, timedelta
from functools import lru_cache

import holidays
from django.utils.translation import get_language

SPANISH, ENGLISH = "es", "en_US"


def named(clinic, first: date, last: date) -> dict[date, str]:
    """{day: name} from `first` to `last`, both included, where the clinic closes on them; {} where the library does
    not know the country. Read-only: it is kept."""
    if not clinic.closes_on_holidays:
        return {}
    language = ENGLISH if (get_language() or "").startswith("en") else SPANISH
    found = {}
    for year in range(first.year, last.year + 1):
        found |= _of_year(clinic.country.upper(), clinic.holiday_region, year, language)
    return {day: found[day] for day in sorted(found) if first <= day <= last}


def days(clinic, first: date, last: date) -> set[date]:
    """The same days without their names, for the engine."""
    if not clinic.closes_on_holidays:
        return set()
    country, region = clinic.country.upper(), clinic.holiday_region
    years = range(first.year, last.year + 1)
    return {day for year in years for day in _of_year(country, region, year, SPANISH) if first <= day <= last}


def coming(clinic, since: date, *, months=12) -> dict[date, str]:
    return named(clinic, since, since + timedelta(days=31 * months))


@lru_cache(maxsize=1)
def regions() -> dict[str, tuple[str, ...]]:
    """{country: its parts that have holidays of their own}."""
    return {code: tuple(parts) for code, parts in holidays.list_supported_countries(include_aliases=False).items()}


def named_regions(clinic) -> list[tuple[str, str]]:
    """(code, name) of the parts of the clinic's country, by name where the library has one."""
    country = clinic.country.upper()
    codes = regions().get(country, ())
    names = holidays.country_holidays(country).get_subdivision_aliases() if codes else {}
    return sorted(((code, (names.get(code) or [code])[0]) for code in codes), key=lambda pair: pair[1])


@lru_cache(maxsize=512)
def _of_year(country: str, region: str, year: int, language: str) -> dict[date, str]:
    if country not in regions():
        return {}
    known = holidays.country_holidays(country, subdiv=region if region in regions()[country] else None, years=year)
    spoken = known.supported_languages
    if language in spoken:
        known = holidays.country_holidays(country, subdiv=known.subdiv, years=year, language=language)
    return dict(known.items())
