"""The only way out: one pooled client with a time limit, a size cap and no redirects, and addresses that are checked.

What goes wrong is a `ProviderError`: `permanent` when trying again is of no use, `unknown` when the request may have
been done all the same.
"""
import ipaddress
import json
import os
import socket
import time
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

import httpx2

from dentalogic.lib.refusals import ProviderError

SECONDS = 10
CONNECT_SECONDS = 3
CAP = 1_000_000  # bytes of an answer
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
        value = self.headers.get("retry-after", "")
        return int(value) if value.isdigit() else None


def call(method, url, *, trusted="", headers=None, json=None, content=None, seconds=SECONDS, cap=CAP) -> Answer:
    """One request. `trusted` is a base from the settings: what is under it may be on a private network.

    Any status is an answer. Raises ProviderError when there is none: `unknown` unless nothing can have been sent.
    """
    if not _under(url, trusted):
        check_public(url)
    said = {"headers": headers, "json": json, "content": content}
    limits = httpx2.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds))
    try:
        with _client(os.getpid()).stream(method, url, **said, timeout=limits) as response:
            return Answer(response.status_code, response.headers, _read(response, cap, time.monotonic() + seconds))
    except NOT_BEGUN as fault:
        raise ProviderError(str(fault), permanent=False, code=type(fault).__name__) from fault
    except httpx2.HTTPError as fault:
        raise ProviderError(str(fault), permanent=False, code=type(fault).__name__, unknown=True) from fault


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


def _read(response, cap, end):
    content = b""
    for chunk in response.iter_bytes():
        content += chunk
        if time.monotonic() > end:  # drop by drop, each within the client's own limit
            raise ProviderError("the answer takes too long", permanent=False, code="too_slow", unknown=True)
        if len(content) > cap:
            raise ProviderError("the answer is too large", permanent=True, code="too_large", unknown=True)
    return content
