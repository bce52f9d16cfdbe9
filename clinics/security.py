"""Headers that tell the browser what a page may do, and which origins may call the API."""
import secrets

from django.conf import settings
from django.http import HttpResponse
from django.utils.cache import patch_vary_headers

PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


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
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        if settings.SECURE_HSTS_SECONDS and request.is_secure():
            response.headers.setdefault(
                "Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload")
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
