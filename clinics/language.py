"""The language of an answer: the one that the person chose, else the clinic's. The browser's own does not count."""
from django.conf import settings
from django.utils import translation

NAMES = dict(settings.LANGUAGES)


class LanguageMiddleware:
    """Only while the request lasts: what is said to patients, and every job, is in the clinic's language."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in NAMES else settings.LANGUAGE_CODE
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
