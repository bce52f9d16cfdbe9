from django.db import migrations

from clinics.tenancy import RunBlock


class Migration(migrations.Migration):
    dependencies = [("messaging", "0007_inbox")]

    operations = [
        RunBlock("0008_receptionist", state=[]),
    ]
