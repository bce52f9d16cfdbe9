from django.db import migrations

from clinics.tenancy import RunBlock


class Migration(migrations.Migration):
    dependencies = [("messaging", "0003_providers")]

    operations = [
        RunBlock("0004_media", state=[]),
    ]
