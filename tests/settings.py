"""The product's settings as tests run them: an environment of their own, embedded servers where none are named."""
import base64
import os

from tests import servers

os.environ["DENTALOGIC_ENV"] = "test"
os.environ.setdefault("DJANGO_SECRET_KEY", "test-only")
os.environ.setdefault("JWT_SECRET", "test-only-and-long-enough-for-hs256-xxxxxxxx")
os.environ.setdefault("DENTALOGIC_VAULT_KEYS", "t1:" + base64.b64encode(b"k" * 32).decode())
servers.ensure()
servers.of_this_worker()

from dentalogic.settings import *  # noqa: E402, F403

# static files are served by the browser stories' own server; here nothing has been collected
MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("whitenoise.")]  # noqa: F405
