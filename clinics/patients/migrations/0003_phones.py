from django.db import migrations, models

from clinics.tenancy import RunBlock


class Migration(migrations.Migration):
    dependencies = [("patients", "0002_coverages")]

    operations = [
        RunBlock("0003_phones", state=[
            migrations.AddField("patient", "phone_unproved", models.BooleanField(
                db_default=False, default=False, editable=False)),
        ]),
    ]
