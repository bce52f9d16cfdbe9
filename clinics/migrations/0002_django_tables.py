from django.db import migrations

from clinics.tenancy import RunBlock


class Migration(migrations.Migration):
    dependencies = [("clinics", "0001_initial"), ("contenttypes", "0002_remove_content_type_name")]
    operations = [RunBlock("0002_django_tables", foundation=False)]
