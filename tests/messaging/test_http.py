"""The only way out: where it goes, how long it waits, and what its failures mean."""
import hashlib
import socket
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace

import pytest
import time_machine

from dentalogic.lib import http
from dentalogic.lib.refusals import ProviderError


@pytest.fixture
def site():
    """A loopback site: /big, /redirect, /slow, /drops (for ever), /drop (the line), else its own request's header."""
    hold = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path == "/slow":
                hold.wait(5)
            if self.path == "/drops":
                self.send_response(200)
                self.end_headers()
                while not hold.wait(0.05):
                    self.wfile.write(b"x")
                return
            if self.path == "/drop":
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(302 if self.path == "/redirect" else 200)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(b"x" * 5000 if self.path == "/big" else self.path.encode())

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(hashlib.sha256(body).hexdigest().encode())

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    hold.set()
    server.shutdown()
    server.server_close()


def test_an_answer_of_any_status_is_an_answer(site):
    answer = http.call("GET", f"{site}/redirect", trusted=site)
    assert (answer.status, answer.ok, answer.json()) == (302, False, {})  # and nobody followed it


@pytest.mark.parametrize(("path", "how", "unknown"), [
    ("/slow", {"seconds": 0.2}, True), ("/drops", {"seconds": 0.2}, True), ("/drop", {}, True),
    ("/big", {"cap": 1000}, True)])
def test_what_may_have_been_done_is_unknown(site, path, how, unknown):
    with pytest.raises(ProviderError) as refused:
        http.call("GET", site + path, trusted=site, **how)
    assert refused.value.unknown is unknown


def test_a_refused_connection_has_done_nothing():
    with pytest.raises(ProviderError) as refused:
        http.call("GET", "http://127.0.0.1:1/x", trusted="http://127.0.0.1:1")
    assert (refused.value.unknown, refused.value.permanent) == (False, False)


@pytest.mark.parametrize("url", [
    "http://example.com/x", "https://127.0.0.1/x", "https://[::1]/x", "https://10.0.0.8/x", "https://192.168.1.1/x",
    "https://169.254.169.254/latest/meta-data", "https://[::ffff:10.0.0.8]/x", "https://[fd00::1]/x", "https://0.0.0.0/",
    "https://100.64.0.1/x", "https://224.0.0.1/", "https:///x", "file:///etc/passwd"])
def test_only_public_addresses_by_https(url):
    with pytest.raises(ProviderError) as refused:
        http.call("GET", url)
    assert refused.value.code == "address"


def test_a_name_that_leads_to_a_private_address_among_public_ones_is_refused(monkeypatch):
    found = [(2, 1, 6, "", (address, 443)) for address in ("93.184.216.34", "10.0.0.8")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(ProviderError, match="public"):
        http.check_public("https://media.example.com/x")


def test_only_what_is_under_the_trusted_base_is_trusted(site):
    with pytest.raises(ProviderError):
        http.call("GET", f"{site}/x", trusted=f"{site}/v2")
    with pytest.raises(ProviderError):
        http.call("GET", f"{site}@10.0.0.8/x", trusted=site)


def test_what_is_not_loopback():
    assert http.is_loopback("http://127.0.0.1:8000/v2")
    assert http.is_loopback("http://localhost/v2")
    assert not http.is_loopback("https://api.ycloud.com/v2")
    assert not http.is_loopback("https://127.0.0.1.example.com/v2")


@pytest.mark.parametrize(("said", "seconds"), [
    ("17", 17), ("0", 0), ("999999999", http.LONGEST_REST), ("9" * 40, None), ("-5", None), ("1.5", None),
    ("\u00b2", None), ("\u0663", None), ("soon", None), ("", None), (None, None),
    ("Tue, 24 Nov 2026 15:00:30 GMT", 30), ("Tue, 24 Nov 2026 14:00:00 GMT", None),
    ("Wed, 25 Nov 2026 15:00:00 GMT", http.LONGEST_REST), ("Tue, 24 Nov 9999999 15:00:30 GMT", None)])
def test_how_long_a_server_may_make_us_wait(said, seconds):
    with time_machine.travel(datetime(2026, 11, 24, 15, tzinfo=UTC), tick=False):
        assert http.retry_after(said) == seconds


def test_a_body_that_goes_out_drop_by_drop_ends(monkeypatch):
    """Each write keeps within the client's own limit; all of them together within ours."""
    told, went = iter(range(0, 1000, 25)), []
    monkeypatch.setattr(http, "time", SimpleNamespace(monotonic=lambda: next(told)))
    with pytest.raises(ProviderError) as refused:
        for part in http._slices(b"x" * 300_000, end=60):
            went.append(len(part))
    assert (refused.value.code, went) == ("too_slow", [http.SLICE] * 3)


def test_a_body_goes_out_whole(site):
    answer = http.call("POST", f"{site}/sum", trusted=site, content=bytes(range(256)) * 1000)
    assert answer.content == hashlib.sha256(bytes(range(256)) * 1000).hexdigest().encode()
