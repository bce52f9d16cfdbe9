from django.db import migrations

from clinics.tenancy import RunBlock


class Migration(migrations.Migration):
    dependencies = [("messaging", "0006_templates")]

    operations = [
        RunBlock("0007_inbox", state=[]),
    ]
