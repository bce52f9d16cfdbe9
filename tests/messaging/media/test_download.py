"""A file's link, followed by hand: failures 72."""
import hashlib
import io
import socket

import pytest

from dentalogic.lib import http
from dentalogic.lib.refusals import ProviderError
from tests.fakes.media import JPEG, Files

KEY = {"X-API-Key": "key-canary"}


@pytest.fixture
def api():
    server = Files()
    yield server
    server.close()


@pytest.fixture
def other():
    server = Files()
    yield server
    server.close()


def get(url, api, *, hosts=(), sink=None, cap=10_000, **more):
    sink = io.BytesIO() if sink is None else sink
    return http.download(url, sink=sink, cap=cap, hosts=hosts, trusted=f"{api.base}/v2", headers=KEY, **more)


def test_a_file_is_poured_with_its_sum_and_its_type(api):
    sink = io.BytesIO()
    link = api.put("/v2/a", JPEG, mime="image/JPEG; q=1")
    fetched = get(f"{link}?sig=1", api, sink=sink)
    assert sink.getvalue() == JPEG
    assert (fetched.mime, fetched.size) == ("image/jpeg", len(JPEG))
    assert fetched.sha256 == hashlib.sha256(JPEG).hexdigest()
    assert api.keys() == ["key-canary"]


def test_the_key_stays_with_the_api_when_a_link_leads_to_another_host(api, other):
    link = api.send("/v2/a", to=other.put("/kept/a", JPEG))
    get(link, api, hosts=[f"{other.base}/kept"])
    assert api.keys() == ["key-canary"]
    assert other.keys() == [None]


def test_a_link_that_begins_on_another_host_and_leads_home_carries_the_key_at_home_only(api, other):
    link = other.send("/kept/a", to=api.put("/v2/a", JPEG))
    get(link, api, hosts=[f"{other.base}/kept"])
    assert (other.keys(), api.keys()) == ([None], ["key-canary"])


def test_a_host_that_wants_the_key_is_named(api, other):
    """Meta's file host wants the token."""
    get(other.put("/kept/a", JPEG), api, hosts=[f"{other.base}/kept"], keyed=[f"{other.base}/kept"])
    assert other.keys() == ["key-canary"]


@pytest.mark.parametrize("target", [
    "http://127.0.0.1:{port}/kept/a", "http://localhost:{port}/v2/a", "https://127.0.0.1/x", "https://10.0.0.8/x",
    "https://169.254.169.254/latest/meta-data", "https://[::1]/x", "https://[fd00::1]/x",
    "https://[::ffff:10.0.0.8]/x", "https://evil.example/x", "https://api.ycloud.com.evil.example/x",
    "https://api.ycloud.com@evil.example/x", "http://files.example/x", "https://files.example:8443/x",
    "file:///etc/passwd", "//evil.example/x", "gopher://files.example/"])
def test_a_redirect_leads_to_no_host_but_the_provider_s(api, other, target):
    """Private, IPv6, another port, another scheme, a name that only looks right: nothing is asked there."""
    other.put("/kept/a", JPEG)
    link = api.send("/v2/a", to=target.format(port=other.server.server_port))
    with pytest.raises(ProviderError) as refused:
        get(link, api, hosts=["files.example", "api.ycloud.com"])
    assert refused.value.permanent
    assert refused.value.code in ("host", "address")
    assert (len(api.asked), other.asked) == (1, [])


@pytest.mark.parametrize("address", ["10.0.0.8", "127.0.0.1", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.8"])
def test_an_allowed_name_that_resolves_inside_is_refused(api, monkeypatch, address):
    real, asked = socket.getaddrinfo, []

    def resolve(host, port, *args, **kwargs):
        if host != "files.example":
            return real(host, port, *args, **kwargs)
        asked.append(host)
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [(family, 1, 6, "", ("93.184.216.34", 443)), (family, 1, 6, "", (address, 443))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    link = api.send("/v2/a", to="https://files.example/a")
    with pytest.raises(ProviderError) as refused:
        get(link, api, hosts=["files.example"])
    assert (refused.value.code, refused.value.permanent) == ("address", True)
    assert asked == ["files.example"]


def test_three_redirects_and_no_more(api):
    api.put("/v2/4", JPEG)
    for hop in range(4):
        api.send(f"/v2/{hop}", to=f"{api.base}/v2/{hop + 1}")
    assert get(f"{api.base}/v2/1", api).size == len(JPEG)
    with pytest.raises(ProviderError) as refused:
        get(f"{api.base}/v2/0", api)
    assert (refused.value.code, refused.value.permanent) == ("redirects", True)


def test_a_redirect_may_be_relative_and_must_lead_somewhere(api):
    api.put("/v2/b", JPEG)
    assert get(api.send("/v2/a", to="b"), api).size == len(JPEG)
    with pytest.raises(ProviderError):
        get(api.send("/v2/c", to="https://[bad/"), api)
    with pytest.raises(ProviderError) as refused:
        get(api.send("/v2/d", to=""), api)
    assert refused.value.code == "redirects"


@pytest.mark.parametrize("unsaid", [False, True])
def test_the_size_is_capped_while_it_streams(api, unsaid):
    sink = io.BytesIO()
    with pytest.raises(ProviderError) as refused:
        get(api.put("/v2/a", b"x" * 500_000, unsaid=unsaid), api, sink=sink, cap=1000)
    assert (refused.value.code, refused.value.permanent) == ("too_large", True)
    assert len(sink.getvalue()) <= 1000


def test_drop_by_drop_ends(api):
    with pytest.raises(ProviderError) as refused:
        get(api.put("/v2/a", drip=True), api, seconds=0.4)
    assert (refused.value.code, refused.value.permanent) == ("too_slow", False)


@pytest.mark.parametrize(("status", "permanent"), [
    (401, False), (403, False), (429, False), (500, False), (503, False), (404, True), (410, True), (400, True)])
def test_what_may_be_asked_again(api, status, permanent):
    with pytest.raises(ProviderError) as refused:
        get(api.fail("/v2/a", status), api)
    assert (refused.value.permanent, refused.value.code) == (permanent, str(status))


def test_a_line_that_breaks_half_way_may_be_asked_again_and_the_fault_quotes_no_address(api):
    with pytest.raises(ProviderError) as refused:
        get(f"{api.put('/v2/a', b'x' * 1000, cut=True)}?sig=secret", api)
    assert not refused.value.permanent
    assert "secret" not in str(refused.value)
    assert "127.0.0.1" not in str(refused.value)
