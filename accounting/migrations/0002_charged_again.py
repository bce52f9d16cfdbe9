from django.db import migrations, models

from clinics.tenancy import RunBlock


class Migration(migrations.Migration):
    dependencies = [("accounting", "0001_initial")]

    operations = [
        RunBlock("0002_charged_again", state=[
            migrations.AddField(
                model_name="transaction", name="charge_number",
                field=models.PositiveSmallIntegerField(db_default=1, default=1, editable=False)),
            migrations.RemoveConstraint(model_name="transaction", name="accounting_transactions_one_charge"),
            migrations.AddConstraint(
                model_name="transaction",
                constraint=models.UniqueConstraint(
                    condition=models.Q(("kind", "charge")), fields=("tenant", "appointment", "charge_number"),
                    name="accounting_transactions_one_charge_each")),
        ]),
    ]
