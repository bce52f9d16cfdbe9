"""Hosts of files on loopback: one gives what it is told to, and remembers who asked and with which headers."""
import struct

from tests.fakes import serving


class Files(serving.Server):
    """`put("/a.jpg", b"…", mime=)` serves bytes; `send("/x", to=url)` redirects; `fail("/x", 404)` answers so.

    More of `put`: `expired` (403, and nothing else until it is put again), `drip` (a byte at a time, for ever), `cut`
    (closes half way), `unsaid` (no Content-Length).
    """

    def __init__(self):
        self.known, self.asked = {}, []
        super().__init__(_Handler)

    @property
    def base(self):
        return self.origin

    def put(self, path, content=b"", *, mime="application/octet-stream", **how):
        self.known[path] = {"content": content, "mime": mime, **how}
        return self.base + path

    def send(self, path, *, to, status=302):
        self.known[path] = {"to": to, "status": status}
        return self.base + path

    def fail(self, path, status):
        self.known[path] = {"status": status}
        return self.base + path

    def keys(self):
        """What each request carried as a key, in order."""
        return [headers.get("X-API-Key") or headers.get("Authorization") for _path, headers in self.asked]


class _Handler(serving.Handler):
    fake: Files

    def do_GET(self):
        path = self.path.partition("?")[0]
        self.fake.asked.append((path, dict(self.headers)))
        found = self.fake.known.get(path, {"status": 404})
        if "to" in found:
            return self._head(found["status"], Location=found["to"])
        if "content" not in found:
            return self._head(found["status"])
        if found.get("expired"):
            return self._head(403)
        if found.get("drip"):
            return self._drip()
        length = {} if found.get("unsaid") else {"Content-Length": str(len(found["content"]))}
        self._head(200, **{"Content-Type": found["mime"]}, **length)
        half = len(found["content"]) // 2
        self.wfile.write(found["content"][:half] if found.get("cut") else found["content"])
        return None

    def _drip(self):
        self._head(200)
        while not self.fake.open.wait(0.05):
            try:
                self.wfile.write(b"x")
            except OSError:
                return

    def _head(self, status, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()


# Small files of each kind, made here: nobody is on them.

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\x00" * 40 + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PROGRAM = b"MZ\x90\x00" + b"\x00" * 60


def voice(seconds=4) -> bytes:
    """An Ogg stream by its pages: the last says how long it is. There is no sound in it."""
    def page(number, granule, body):
        return b"OggS" + struct.pack("<BBqIIIB", 0, 2 if number == 0 else 4, granule, 1, number, 0, 1) + bytes(
            [len(body)]) + body

    return page(0, 0, b"OpusHead\x01\x01\x00\x00") + page(1, seconds * 48_000, b"\x00" * 80)


