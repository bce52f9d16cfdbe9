"""Headers that tell the browser what a page may do, which origins may call the API, and who asks.

Django's own middleware does the redirect to https.
"""
import ipaddress
import secrets

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpResponse, HttpResponseNotAllowed
from django.utils.cache import patch_vary_headers

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in (
        "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone", "midi",
        "payment", "usb")),
}
# An answer that is not a page has nothing to load.
BARE_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
NOT_PAGES = ("/api/v1/", "/auth/", "/admin/core/", "/webhooks/", "/calendar/", "/healthz", "/socket.io/")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def client_ip(request) -> str | None:
    """Who asks. Behind our proxies it is the address that the outermost of them has seen and added; what stands
    before it in the header anybody can write."""
    meta, proxies = request.META, settings.PROXIES
    chain = [meta.get("REMOTE_ADDR", ""), *reversed(meta.get("HTTP_X_FORWARDED_FOR", "").split(","))]
    # a request that did not come by all of them names nobody but who brought it
    return _address(chain[proxies] if proxies < len(chain) else chain[0])


def _address(text):
    """As PostgreSQL takes it, or None; an IPv4 address that comes as IPv6 is itself."""
    try:
        found = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    return str(getattr(found, "ipv4_mapped", None) or found)


def headers(*, secure: bool) -> dict[str, str]:
    seconds = settings.SECURE_HSTS_SECONDS
    if not (secure and seconds):
        return ALWAYS
    return ALWAYS | {"Strict-Transport-Security": f"max-age={seconds}; includeSubDomains; preload"}


def page_policy(request) -> str:
    try:
        host = request.get_host()
    except DisallowedHost:  # that answer opens no socket, and what was sent as a host is not said back
        return BARE_POLICY
    socket = f"{'wss' if request.is_secure() else 'ws'}://{host}"  # not every browser's 'self' holds it
    return "; ".join((
        "default-src 'self'", f"script-src 'self' 'nonce-{request.csp_nonce}'", "style-src 'self'",
        "img-src 'self' data: blob:", "font-src 'self'", f"connect-src 'self' {socket}", "object-src 'none'",
        "base-uri 'self'", "form-action 'self'", "frame-ancestors 'none'",
        *(["upgrade-insecure-requests"] if request.is_secure() else [])))


class SecurityHeadersMiddleware:
    """The outermost, so that no answer goes without: a Content-Security-Policy with a nonce per response and no inline
    script or style, its kin, and nothing kept by the browser or on the way but static files."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.csp_nonce = secrets.token_urlsafe(16)
        response = self.get_response(request) if request.method in METHODS else HttpResponseNotAllowed(METHODS)
        for name, value in headers(secure=request.is_secure()).items():
            response.headers.setdefault(name, value)
        bare = request.path.startswith(NOT_PAGES)
        response.headers.setdefault("Content-Security-Policy", BARE_POLICY if bare else page_policy(request))
        if response.status_code >= 400 or not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def covered(application):
    """ASGI: what Django has no part in, Socket.IO's own answers and refused handshakes, goes with the headers too."""
    def plain(scope):
        found = headers(secure=_secure(scope)) | {"Content-Security-Policy": BARE_POLICY, "Cache-Control": "no-store"}
        return [(name.lower().encode(), value.encode()) for name, value in found.items()]

    async def answer(scope, receive, send):
        if "headers" in scope:  # as WSGI, and Socket.IO, `_` is `-`: what a proxy wrote could be written over
            scope = scope | {"headers": [pair for pair in scope["headers"] if b"_" not in pair[0]]}

        async def covering(message):
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                sent = list(message.get("headers", ()))
                known = {name.lower() for name, _value in sent}
                message = message | {"headers": sent + [pair for pair in plain(scope) if pair[0] not in known]}
            await send(message)

        await application(scope, receive, covering)

    return answer


def _secure(scope):
    said = dict(scope.get("headers", ())).get(b"x-forwarded-proto") if settings.PROXIES else None
    return scope.get("scheme") in ("https", "wss") or said == b"https"


class OriginsMiddleware:
    """CORS for the front ends named in ORIGINS; they use bearer tokens, so no credentials are allowed."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        origin = request.headers.get("Origin", "")
        allowed = origin in settings.ORIGINS and request.path.startswith(("/api/", "/auth/"))
        preflight = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
        response = HttpResponse(status=204) if allowed and preflight else self.get_response(request)
        if allowed:
            response["Access-Control-Allow-Origin"] = origin
            response["Access-Control-Allow-Headers"] = "Authorization, Content-Type, Idempotency-Key"
            response["Access-Control-Allow-Methods"] = "GET, POST, PATCH, DELETE, OPTIONS"
            response["Access-Control-Max-Age"] = "600"
            response["Access-Control-Expose-Headers"] = "Retry-After"
            patch_vary_headers(response, ("Origin",))
        return response
