from django.db import migrations, models

from clinics.tenancy import RunBlock


class Migration(migrations.Migration):
    dependencies = [("agenda", "0001_initial")]

    operations = [
        RunBlock("0002_chairs_active", state=[
            migrations.AddField(
                model_name="chair", name="active",
                field=models.BooleanField(db_default=True, default=True, verbose_name="en uso")),
        ]),
    ]
