"""Write docs/isolation.md."""
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django  # noqa: E402

django.setup()

from tests.architecture.isolation import page  # noqa: E402

page.path().write_text(page.document())
