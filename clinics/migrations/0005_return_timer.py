from django.db import migrations, models

from clinics.tenancy import RunBlock


class Migration(migrations.Migration):
    dependencies = [("clinics", "0004_holidays")]

    operations = [
        RunBlock("0005_return_timer", state=[
            migrations.AddField(
                model_name="tenant", name="return_hours",
                field=models.PositiveSmallIntegerField(db_default=12, default=12)),
        ]),
    ]
