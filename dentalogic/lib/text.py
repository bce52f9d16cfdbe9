"""Words as they are compared and sorted: without accents, case or spare spaces."""
import unicodedata


def fold(text: str) -> str:
    """`José  Núñez` -> `jose nunez`."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text or "") if not unicodedata.combining(c))
    return " ".join(plain.casefold().split())
