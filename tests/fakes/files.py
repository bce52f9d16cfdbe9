"""Files on loopback, as a provider keeps them: behind a key or not, for a while, at the host that is asked or at
another one, with what each request carried."""
import hashlib

from tests.fakes import serving


class Files(serving.Server):
    """`put(content)` and there it is: `url(pk)`. `moved` sends to the same file at another `Files`; `gone` are expired
    links; with a `key` the header must have it. `seen` holds the headers of each request."""

    def __init__(self, *, header="", key="", moved=None):
        self.kept, self.gone, self.seen, self.header, self.key, self.moved = {}, set(), [], header, key, moved
        super().__init__(_Handler)

    def put(self, content, mime="audio/ogg"):
        pk = f"file{len(self.kept) + 1}"
        self.kept[pk] = (content, mime)
        return pk

    def url(self, pk):
        return f"{self.origin}/files/{pk}"

    def sha256(self, pk):
        return hashlib.sha256(self.kept[pk][0]).hexdigest()


class _Handler(serving.Handler):
    fake: Files

    def do_GET(self):
        self.fake.seen.append(dict(self.headers))
        pk = self.path.rsplit("/", 1)[-1].split("?")[0]
        if self.fake.moved:
            self.fake.moved.kept.update(self.fake.kept)
            return self.say(302, b"", {"Location": self.fake.moved.url(pk)})
        if self.fake.key and self.headers.get(self.fake.header) != self.fake.key:
            return self.say(401, b"")
        if pk in self.fake.gone or pk not in self.fake.kept:
            return self.say(404, b"")
        content, mime = self.fake.kept[pk]
        return self.say(200, content, {"Content-Type": mime})
