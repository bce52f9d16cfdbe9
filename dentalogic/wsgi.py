import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dentalogic.settings")
application = get_wsgi_application()

from django.conf import settings  # noqa: E402  (the apps are ready now)

from clinics.checks import refuse_powerful_role  # noqa: E402
from dentalogic.processes import has_read_its_code  # noqa: E402

refuse_powerful_role()
import_module(settings.ROOT_URLCONF)  # every page's code, now and not while somebody waits for the first one
has_read_its_code()
