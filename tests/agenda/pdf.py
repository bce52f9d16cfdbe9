"""What a reader sees of a PDF that Typst set, by the document's own structure: its tables' rows and its other lines.

It reads what Typst writes and no more: plain objects, deflated streams, fonts with a map to Unicode, marked content.
"""
import re
import zlib

STRING = rb"\((?:\\.|[^\\()])*\)"
for _depth in range(4):  # parentheses that balance stand unescaped
    STRING = rb"\((?:\\.|[^\\()]|" + STRING + rb")*\)"
TOKENS = re.compile(
    rb"/(?P<font>f\d+)[ ][\d.]+[ ]Tf|/MCID[ ](?P<mark>\d+)|(?P<end>EMC)|(?P<shown>\[(?:" + STRING + rb"|[^\]\(])*\]TJ|"
    + STRING + rb"\s*Tj)", re.DOTALL)
KIDS = re.compile(rb"(\d+) 0 R|(?<![\d.])(\d+)(?! 0 R)(?![\d.])")
ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


class Pdf:
    def __init__(self, content: bytes):
        found = re.finditer(rb"\n(\d+) 0 obj(.*?)\nendobj", content, re.DOTALL)
        self.objects = {int(one[1]): one[2] for one in found}
        self.marked = {}  # (page, mark) -> text
        for number, page in self.objects.items():
            if b"/Type/Page/" in page:
                self._read(number, page)

    def rows(self) -> list[list[str]]:
        """Of every table's body, each row's cells."""
        return [[self.text_of(cell) for cell in self._kids(row)]
                for body in self._elements("TBody") for row in self._kids(body)]

    def headings(self) -> list[str]:
        return [self.text_of(one) for one in self._elements("H2")]

    def text_of(self, number) -> str:
        node = self.objects[number]
        page = re.search(rb"/Pg (\d+) 0 R", node)
        inside = re.search(rb"/K\[(.*?)\]", node, re.DOTALL)[1]
        return "".join(
            self.text_of(int(kid)) if kid else self.marked.get((int(page[1]), int(mark)), "")
            for kid, mark in KIDS.findall(inside))

    def _elements(self, kind):
        """In the document's order: Typst numbers them so."""
        wanted = b"/S/" + kind.encode() + b"/"
        return [number for number, node in sorted(self.objects.items()) if b"/StructElem" in node and wanted in node]

    def _kids(self, number):
        return [int(kid) for kid in re.findall(rb"(\d+) 0 R", re.search(
            rb"/K\[(.*?)\]", self.objects[number], re.DOTALL)[1])]

    def _read(self, number, page):
        resources = self.objects[int(re.search(rb"/Resources (\d+) 0 R", page)[1])]
        fonts = {name: self._unicode(int(font)) for name, font in re.findall(rb"/(f\d+) (\d+) 0 R", resources)}
        letters, mark = {}, None
        for token in TOKENS.finditer(self._stream(int(re.search(rb"/Contents (\d+) 0 R", page)[1]))):
            if token["font"]:
                letters = fonts[token["font"]]
            elif token["shown"] is None:
                mark = int(token["mark"]) if token["mark"] else None
            elif mark is not None:
                said = self.marked.get((number, mark), "")
                self.marked[number, mark] = said + "".join(
                    letters[code] for text in re.findall(STRING, token["shown"], re.DOTALL) for code in _codes(text))

    def _unicode(self, font) -> dict[int, str]:
        said = self._stream(int(re.search(rb"/ToUnicode (\d+) 0 R", self.objects[font])[1]))
        found = {}
        for block in re.findall(rb"beginbfchar(.*?)endbfchar", said, re.DOTALL):
            for code, text in re.findall(rb"<(\w+)>\s*<(\w+)>", block):
                found[int(code, 16)] = _utf16(text)
        for block in re.findall(rb"beginbfrange(.*?)endbfrange", said, re.DOTALL):
            for first, last, text in re.findall(rb"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
                for code in range(int(first, 16), int(last, 16) + 1):
                    found[code] = chr(ord(_utf16(text)) + code - int(first, 16))
        return found

    def _stream(self, number) -> bytes:
        return zlib.decompress(re.search(rb"stream\r?\n(.*)\r?\nendstream", self.objects[number], re.DOTALL)[1])


def _codes(literal: bytes):
    """A literal string's glyphs, two bytes each."""
    plain = re.sub(rb"\\([0-7]{1,3}|.)", _unescaped, literal[1:-1], flags=re.DOTALL)
    return [int.from_bytes(plain[at:at + 2], "big") for at in range(0, len(plain), 2)]


def _unescaped(found):
    one = found[1]
    return bytes([int(one, 8)]) if one.isdigit() else ESCAPED.get(one, one)


def _utf16(text: bytes) -> str:
    return bytes.fromhex(text.decode()).decode("utf-16-be")
