"""Files on loopback, as a provider keeps them: behind a key or not, for a while, at the host that is asked or at
another one, with what each request carried."""
import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Files:
    """`put(content)` and there it is: `url(pk)`. `moved` sends to the same file at another `Files`; `gone` are expired
    links; with a `key` the header must have it. `seen` holds the headers of each request."""

    def __init__(self, *, header="", key="", moved=None):
        self.kept, self.gone, self.seen, self.header, self.key, self.moved = {}, set(), [], header, key, moved
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"files": self}))
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def origin(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    def put(self, content, mime="audio/ogg"):
        pk = f"file{len(self.kept) + 1}"
        self.kept[pk] = (content, mime)
        return pk

    def url(self, pk):
        return f"{self.origin}/files/{pk}"

    def sha256(self, pk):
        return hashlib.sha256(self.kept[pk][0]).hexdigest()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class _Handler(BaseHTTPRequestHandler):
    files: Files

    def do_GET(self):
        self.files.seen.append(dict(self.headers))
        pk = self.path.rsplit("/", 1)[-1].split("?")[0]
        if self.files.moved:
            self.files.moved.kept.update(self.files.kept)
            return self._say(302, b"", {"Location": self.files.moved.url(pk)})
        if self.files.key and self.headers.get(self.files.header) != self.files.key:
            return self._say(401, b"")
        if pk in self.files.gone or pk not in self.files.kept:
            return self._say(404, b"")
        content, mime = self.files.kept[pk]
        return self._say(200, content, {"Content-Type": mime})

    def _say(self, status, content, headers=None):
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        pass
