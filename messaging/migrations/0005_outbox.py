from django.db import migrations

from clinics.tenancy import RunBlock


class Migration(migrations.Migration):
    dependencies = [("messaging", "0004_media")]

    operations = [
        RunBlock("0005_outbox", state=[]),
    ]
