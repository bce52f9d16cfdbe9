import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dentalogic.settings")
application = get_wsgi_application()

from clinics.checks import refuse_powerful_role  # noqa: E402  (the apps are ready now)

refuse_powerful_role()
