import socket
import threading
import time

import pytest
import uvicorn

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


@pytest.fixture
def port(db, transactional_db):
    """The application served, for what only a server shows: sockets, and browsers that know nothing of a test."""
    from dentalogic.asgi import application  # noqa: PLC0415  (asks the database who it is)

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(application, port=number, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield number
    server.should_exit = True
    thread.join(10)
