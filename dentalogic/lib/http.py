"""The only way out: one pooled client with a time limit, a size cap and no redirects, and addresses that are checked.
A file's link is followed by hand, each hop checked.

What goes wrong is a `ProviderError`: `permanent` when trying again is of no use, `unknown` when the request may have
been done all the same.
"""
import hashlib
import ipaddress
import json
import math
import os
import re
import socket
import time
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import lru_cache
from urllib.parse import urlsplit

import httpx2

from dentalogic.lib import clock
from dentalogic.lib.refusals import ProviderError

SECONDS = 10
CONNECT_SECONDS = 3
CAP = 1_000_000  # bytes of an answer
LONGEST_REST = 900  # seconds
SLICE = 65_536  # bytes of a body that are written at once
HOPS = 3  # redirects of a file's link
REDIRECTS = {301, 302, 303, 307, 308}
NOT_BEGUN = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.UnsupportedProtocol)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: httpx2.Headers
    content: bytes

    @property
    def ok(self):
        return 200 <= self.status < 300

    def json(self):
        """The body as JSON, or {} when it is none."""
        try:
            return json.loads(self.content)
        except ValueError:
            return {}

    @property
    def retry_after(self):
        return retry_after(self.headers.get("retry-after"))


@dataclass(frozen=True)
class Fetched:
    """A file that was streamed into a sink: what its answer called it, and what came."""

    mime: str
    sha256: str  # in hexadecimal
    size: int


def call(method, url, *, trusted="", headers=None, json=None, content=None, seconds=SECONDS, cap=CAP) -> Answer:
    """One request. `trusted` is a base from the settings: what is under it may be on a private network.

    Any status is an answer. Raises ProviderError when there is none: `unknown` unless nothing can have been sent.
    """
    if not _under(url, trusted):
        check_public(url)
    end = time.monotonic() + seconds
    if content is not None:
        headers, content = {**(headers or {}), "Content-Length": str(len(content))}, _slices(content, end)
    said = {"headers": headers, "json": json, "content": content}
    limits = httpx2.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds))
    try:
        with _client(os.getpid()).stream(method, url, **said, timeout=limits) as response:
            return Answer(response.status_code, response.headers, _read(response, cap, end))
    except NOT_BEGUN as fault:
        raise ProviderError(str(fault), permanent=False, code=type(fault).__name__) from fault
    except httpx2.HTTPError as fault:
        raise ProviderError(str(fault), permanent=False, code=type(fault).__name__, unknown=True) from fault


def download(url, *, sink, cap, hosts, trusted, headers=None, keyed=(), seconds=60) -> Fetched:
    """Stream a file into `sink`, an open binary file, through three redirects at most. Every hop is by https to a host
    named in `hosts` exactly, whose addresses are public, or under `trusted`, the provider's base from the settings.

    `headers` (the key) go to the origin of `trusted`, to the hosts in `keyed`, and to no other: by itself the client
    would carry them along. A host written with its scheme is of the settings too, and may be on a private network.
    Raises ProviderError, which quotes no address, for an address may hold a key: of a host that is not allowed the
    name alone, so that whoever runs this knows which one to allow.
    """
    end = time.monotonic() + seconds
    bases = (trusted, *(one for one in hosts if "://" in one))
    for _hop in range(HOPS + 1):
        url = _file_url(url, hosts, bases)
        has_key = any(_origin(url) == _origin(one) for one in (trusted, *keyed))
        answer = _hop_to(url, sink, cap, headers if has_key else None, end)
        if isinstance(answer, Fetched):
            return answer
        url = answer
    raise ProviderError("too many redirects", permanent=True, code="redirects")


def _file_url(url, hosts, bases):
    """The address in its one reading, ours and the client's, if it may be asked."""
    try:
        parsed = httpx2.URL(url)
    except (httpx2.InvalidURL, TypeError) as fault:
        raise ProviderError("not an address", permanent=True, code="address") from fault
    known = any(_under(str(parsed), base) for base in bases)
    if not known:
        if parsed.host not in hosts or parsed.port not in (None, 443) or parsed.userinfo:
            raise ProviderError(f"{parsed.host[:100]} is no host of the provider's", permanent=True, code="host")
        check_public(str(parsed))
    return parsed


def _hop_to(url, sink, cap, headers, end):
    """The file, or the address that the answer sends us to."""
    left = end - time.monotonic()
    if left <= 0:
        raise ProviderError("the file takes too long", permanent=False, code="too_slow")
    try:
        limits = httpx2.Timeout(min(SECONDS, left), connect=min(CONNECT_SECONDS, left))
        said = {"Accept-Encoding": "identity", **(headers or {})}  # what comes is what is measured and summed
        with _client(os.getpid()).stream("GET", url, headers=said, timeout=limits) as response:
            if response.status_code in REDIRECTS:
                return url.join(response.headers.get("location", ""))
            if response.status_code != 200:
                raise _no_file(response)
            return _poured(response, sink, cap, end)
    except httpx2.InvalidURL as fault:
        raise ProviderError("not an address", permanent=True, code="address") from fault
    except httpx2.HTTPError as fault:
        raise ProviderError(type(fault).__name__, permanent=False, code=type(fault).__name__) from fault


def _no_file(response):
    """Gone, or not ours to see; busy and broken servers, and a link whose time has run out, may be asked again."""
    status = response.status_code
    again = status in (401, 403, 408, 425, 429) or status >= 500
    return ProviderError(
        f"HTTP {status}", permanent=not again, code=str(status),
        retry_after=retry_after(response.headers.get("retry-after")))


def _poured(response, sink, cap, end):
    digest, size = hashlib.sha256(), 0
    for chunk in response.iter_raw():
        size += len(chunk)
        if size > cap:
            raise ProviderError("the file is too large", permanent=True, code="too_large")
        if time.monotonic() > end:  # drop by drop, each within the client's own limit
            raise ProviderError("the file takes too long", permanent=False, code="too_slow")
        digest.update(chunk)
        sink.write(chunk)
    mime = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return Fetched(mime=mime[:100], sha256=digest.hexdigest(), size=size)


def _origin(url):
    parsed = url if isinstance(url, httpx2.URL) else httpx2.URL(url if "://" in url else f"https://{url}")
    return parsed.scheme, parsed.host, parsed.port


def check_public(url):
    """Raise unless every address of the host is a public one, by https."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise ProviderError("not an https address", permanent=True, code="address")
    try:
        found = {info[4][0] for info in socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)}
    except OSError as fault:
        raise ProviderError("the host has no address", permanent=False, code="address") from fault
    if not all(_public(address) for address in found):
        raise ProviderError("not a public address", permanent=True, code="address")


def retry_after(value) -> int | None:
    """Seconds of a Retry-After, which is a number of them or an HTTP date; none for what is neither, or is past. Never
    more than LONGEST_REST: whatever a server asks for, it is asked again within that."""
    value = (value or "").strip()
    if re.fullmatch(r"[0-9]{1,12}", value):
        return min(int(value), LONGEST_REST)
    try:
        until = parsedate_to_datetime(value)
    except (TypeError, ValueError, OverflowError):
        return None
    seconds = (until if until.tzinfo else until.replace(tzinfo=UTC)).timestamp() - clock.now().timestamp()
    return min(math.ceil(seconds), LONGEST_REST) if seconds > 0 else None


def is_loopback(url) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _public(address):
    ip = ipaddress.ip_address(address.partition("%")[0])
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return ip.is_global and not ip.is_multicast


def _under(url, base):
    return bool(base) and url.startswith(base.rstrip("/") + "/")


@lru_cache(maxsize=1)
def _client(pid):
    """One client a process: a forked child must not share its parent's connections."""
    limits = httpx2.Limits(max_connections=50, max_keepalive_connections=20, keepalive_expiry=30)
    return httpx2.Client(follow_redirects=False, trust_env=False, limits=limits)


def _slices(content, end):
    """A body that goes out drop by drop keeps within each write's own limit, and not within ours."""
    for at in range(0, len(content), SLICE):
        if time.monotonic() > end:
            raise ProviderError("the upload takes too long", permanent=False, code="too_slow", unknown=True)
        yield content[at:at + SLICE]


def _read(response, cap, end):
    content = b""
    for chunk in response.iter_bytes():
        content += chunk
        if time.monotonic() > end:  # drop by drop, each within the client's own limit
            raise ProviderError("the answer takes too long", permanent=False, code="too_slow", unknown=True)
        if len(content) > cap:
            raise ProviderError("the answer is too large", permanent=True, code="too_large", unknown=True)
    return content
