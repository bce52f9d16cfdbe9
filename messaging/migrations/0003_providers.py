from django.db import migrations

from clinics.tenancy import RunBlock


class Migration(migrations.Migration):
    dependencies = [("messaging", "0002_automations")]

    operations = [
        RunBlock("0003_providers", state=[]),
    ]
