from django.db import migrations, models

from clinics.tenancy import RunBlock


class Migration(migrations.Migration):
    dependencies = [("clinics", "0003_walls")]

    operations = [
        RunBlock("0004_holidays", state=[
            migrations.AddField(
                model_name="tenant", name="holiday_region",
                field=models.CharField(blank=True, db_default="", default="", max_length=10)),
            migrations.AddField(
                model_name="tenant", name="closes_on_holidays",
                field=models.BooleanField(db_default=True, default=True)),
        ]),
    ]
