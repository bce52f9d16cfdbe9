from django.db import migrations

from clinics.tenancy import RunBlock


class Migration(migrations.Migration):
    dependencies = [("messaging", "0005_outbox")]

    operations = [
        RunBlock("0006_templates", state=[]),
    ]
