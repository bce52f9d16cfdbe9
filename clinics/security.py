"""Headers that tell the browser what a page may do, and which origins may call the API.

Django's own middleware does the rest: the redirect to https, HSTS, nosniff, the referrer, frames.
"""
import ipaddress
import secrets

from django.conf import settings
from django.http import HttpResponse
from django.utils.cache import patch_vary_headers

PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


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


class SecurityHeadersMiddleware:
    """Content-Security-Policy with a nonce per response, and its kin. No inline script or style anywhere."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.csp_nonce = secrets.token_urlsafe(16)
        response = self.get_response(request)
        host = request.META.get("HTTP_HOST", "")
        response.headers.setdefault("Content-Security-Policy", "; ".join((
            "default-src 'self'", f"script-src 'self' 'nonce-{request.csp_nonce}'", "style-src 'self'",
            "img-src 'self' data: blob:", "font-src 'self'", f"connect-src 'self' ws://{host} wss://{host}",
            "object-src 'none'", "base-uri 'self'", "form-action 'self'", "frame-ancestors 'none'")))
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        if request.path.startswith(("/api/v1/", "/auth/")):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


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
            patch_vary_headers(response, ("Origin",))
        return response
