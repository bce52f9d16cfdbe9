"""A text as its reader takes it, whatever was done to hide it from a pattern. Pure.

The look-alikes are our own short table: Unicode's own list (the package confusable-homoglyphs, 0.9 MB) gives no Latin
letter for м, т, к, в or н, which whoever swaps letters uses as much as а and о.
"""
import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

LONGEST = 20_000  # characters looked at: past that nobody writes to a clinic
NESTED = 2  # what was encoded twice is still read
LEAST = 12  # characters of a run that may be encoded
LATIN = {
    "a": "аαᴀɑӑӓ∂ａꭺᎪΑА", "b": "вƅʙьЬΒВᏴ", "c": "сϲᴄⅽᏟϹСꮯ", "d": "ԁɗđᴅⅾᎠ", "e": "еεєᴇҽℯЕΕᎬ", "f": "ғƒꜰϝ",
    "g": "ɡԍցɢᏀ", "h": "һнհʜħНΗᎻ", "i": "іιɩıɪіїӏІΙ¡ǃ", "j": "јʝᴊЈ", "k": "кκᴋĸКΚᏦ", "l": "ӏⅼʟłɫꓲᏞ|",
    "m": "мᴍⅿМΜᎷ", "n": "пηոɴռńΝ", "o": "оοσօᴏøѳΟО", "p": "рρᴘРΡᏢ", "q": "ԛգ", "r": "гʀᴦя", "s": "ѕꜱѕЅᏚ",
    "t": "тτᴛŧТΤᎢ", "u": "υսᴜцμ", "v": "ѵνᴠⅴѴ", "w": "ԝωшᴡѡաᎳ", "x": "хχⅹХΧ", "y": "уγʏүУΥ", "z": "ᴢȥΖᏃ",
}  # fmt: skip
LOOK_ALIKE = str.maketrans({shape: letter for letter, shapes in LATIN.items() for shape in shapes})
EMBLEMS = ((0x1F150, 26), (0x1F170, 26), (0x1F1E6, 26))  # letters in discs, in squares, of flags
LETTERS = {first + at: chr(97 + at) for first, many in EMBLEMS for at in range(many)}
SMUGGLED = {0xE0000 + code: chr(code) for code in range(0x20, 0x7F)}  # tag characters: nobody sees them, a model reads
BLANKS = dict.fromkeys([0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0], "")
LEET = str.maketrans("034578@$", "oeastbas")
MIXED = re.compile(r"[a-z][\d@$!|]|[\d@$!|][a-z]")
FIRST_PERSON = re.compile(r"\b(ignor|olvid|descart|borr|salte|salt|pas|dej)é\b")  # "ignoré" is not "ignore"
ENCODED = re.compile(rf"[A-Za-z0-9+/_-]{{{LEAST},}}={{0,2}}")
HEXED = re.compile(r"(?:[0-9a-fA-F]{2}[ :]?){8,}")


@dataclass(frozen=True, slots=True)
class Views:
    raw: str  # lower case and plain letters, marks and lines as they were
    words: str  # its words only, one space between
    unleet: tuple[str, ...]  # its words with figures read as letters, where there are such
    squeezed: tuple[str, ...]  # its letters only: as they are, figures read, backwards, thirteen places on
    hidden: bool  # somebody wrote what the eye does not see


def views(text: str) -> Views:
    text = text[: LONGEST // 2] + text[-LONGEST // 2 :] if len(text) > LONGEST else text
    raw = plain(text)
    words = only_words(raw)
    unleet = _unleet(raw)
    letters = [re.sub(r"[^a-z]", "", one) for one in (words, *unleet)]
    turned = [letters[0][::-1], codecs.encode(letters[0], "rot13")]
    return Views(raw, words, unleet, tuple(dict.fromkeys([*letters, *turned])), _is_hidden(text))


def plain(text: str) -> str:
    text = html.unescape(text).translate(SMUGGLED | LETTERS | BLANKS)
    text = unicodedata.normalize("NFC", text).casefold() if text.isascii() else _without_disguise(text)
    return re.sub(r"[^\S\n]+", " ", text)


def _without_disguise(text: str) -> str:
    text = FIRST_PERSON.sub(r"\1eyo", unicodedata.normalize("NFKC", text).casefold())
    text = unicodedata.normalize("NFKD", text.translate(LOOK_ALIKE))
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Mn", "Me", "Co"))
    return text.casefold().translate(LOOK_ALIKE)


def only_words(raw: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", _respaced(raw)))


# Letters one by one, or their like: a run of at least six, of which two spaces (or the other mark) part the words.
ONE_BY_ONE = re.compile(r"(?<![a-z0-9])(?:[a-z0-9][^a-z0-9\n]{1,3}){5,}[a-z0-9](?![a-z0-9])")


def _respaced(raw: str) -> str:
    return ONE_BY_ONE.sub(lambda match: " " + _words_of(match[0]) + " ", raw)


def _words_of(run: str) -> str:
    inside = re.search(r"[a-z0-9]([^a-z0-9\s])[a-z0-9]", run)
    words = re.split(r"\s+" if inside else r"\s{2,}|\s*[/|]\s*", run)
    return " ".join(re.sub(r"[^a-z0-9]", "", word) for word in words)


def _unleet(raw: str) -> tuple[str, ...]:
    if not MIXED.search(raw):
        return ()
    read = raw.translate(LEET)
    return tuple(only_words(re.sub(r"[1!|]", letter, read)) for letter in "il")


def _is_hidden(text: str) -> bool:
    return any(ord(c) in SMUGGLED for c in text)


def decoded(text: str) -> Iterator[str]:
    """What is written inside ``text`` in base64, hexadecimal or per cent signs, if it is words."""
    for match in ENCODED.finditer(text):
        yield from _readable(_of_base64(match[0]))
    for match in HEXED.finditer(text):
        yield from _readable(_of_hex(match[0]))
    if re.search(r"(?:%[0-9a-fA-F]{2}[^%]{0,12}){3}", text):
        yield unquote(text)


def _of_base64(run: str) -> bytes:
    run = run.rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        return base64.b64decode(run[: len(run) - (len(run) % 4 == 1)] + "=" * (-len(run) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _of_hex(run: str) -> bytes:
    return bytes.fromhex(re.sub(r"[ :]", "", run))


def _readable(found: bytes) -> Iterator[str]:
    try:
        text = found.decode()
    except UnicodeDecodeError:
        return
    if len(text) >= LEAST // 2 and sum(c.isalnum() or c.isspace() for c in text) >= 0.8 * len(text):
        yield text
