import pytest

from clinics.auth import mail
from tests.fakes.smtp import MailServer


@pytest.fixture
def post(settings, monkeypatch):
    """Mail is configured, towards a server on loopback; its job is done where it is enqueued."""
    server = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.PUBLIC_URL = "https://clinica.example"
    monkeypatch.setattr(mail.write_later, "apply_async", lambda kwargs, **options: mail.write_later.run(**kwargs))
    yield server
    server.close()
