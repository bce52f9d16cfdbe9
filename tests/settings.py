"""The product's settings for the tests: throw-away secrets, and embedded servers where the environment names none."""
import os

from tests import servers

os.environ["DENTALOGIC_ENV"] = "test"
os.environ.setdefault("DJANGO_SECRET_KEY", "only-for-tests-" + "x" * 50)
os.environ.setdefault("JWT_SECRET", "only-for-tests-" + "y" * 50)
os.environ.setdefault("DENTALOGIC_VAULT_KEYS", "test:" + "QUFB" * 10 + "QUE=")
servers.ensure()

from dentalogic.settings import *  # noqa: E402, F403
