import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import clinics.tenancy
from clinics.tenancy import RunBlock


class Migration(migrations.Migration):
    dependencies = [("clinics", "0002_django_tables")]

    operations = [
        RunBlock("0003_walls", state=[
            migrations.CreateModel(
                name='SecondFactor',
                fields=[
                    ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                    ('secret', models.TextField()),
                    ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                    ('last_step', models.BigIntegerField(default=0)),
                ],
                options={
                    'db_table': 'second_factors',
                },
            ),
            migrations.AddField(
                model_name='tenant',
                name='second_factor_required',
                field=models.BooleanField(db_default=False, default=False),
            ),
            migrations.AddField(
                model_name='user',
                name='email_confirmed_at',
                field=models.DateTimeField(blank=True, null=True),
            ),
            migrations.AddField(
                model_name='user',
                name='sessions_from',
                field=models.DateTimeField(blank=True, null=True),
            ),
            migrations.CreateModel(
                name='RecoveryCode',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('digest', models.CharField(max_length=200)),
                    ('used_at', models.DateTimeField(blank=True, null=True)),
                    ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'db_table': 'recovery_codes',
                },
            ),
            migrations.CreateModel(
                name='Session',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('current', models.CharField(max_length=64)),
                    ('previous', models.CharField(blank=True, max_length=64)),
                    ('bearer', models.BooleanField(default=False)),
                    ('second_factor', models.BooleanField(default=False)),
                    ('ip', models.GenericIPAddressField(blank=True, null=True)),
                    ('agent', models.CharField(blank=True, max_length=200)),
                    ('started_at', models.DateTimeField()),
                    ('renewed_at', models.DateTimeField()),
                    ('expires_at', models.DateTimeField()),
                    ('ended_at', models.DateTimeField(blank=True, null=True)),
                    ('ended_why', models.CharField(blank=True, max_length=20)),
                    ('membership', clinics.tenancy.TenantForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinics.membership')),
                    ('tenant', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinics.tenant')),
                ],
                options={
                    'verbose_name': 'sesión',
                    'verbose_name_plural': 'sesiones',
                    'db_table': 'sessions',
                    'abstract': False,
                    'base_manager_name': 'objects',
                },
            ),
            migrations.CreateModel(
                name='AuditSeal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('first_id', models.BigIntegerField()),
                    ('last_id', models.BigIntegerField()),
                    ('rows', models.PositiveIntegerField()),
                    ('previous_hash', models.CharField(blank=True, max_length=64)),
                    ('hash', models.CharField(max_length=64)),
                    ('sealed_at', models.DateTimeField()),
                    ('tenant', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinics.tenant')),
                ],
                options={
                    'verbose_name': 'sello',
                    'verbose_name_plural': 'sellos',
                    'db_table': 'audit_seals',
                    'abstract': False,
                    'base_manager_name': 'objects',
                    'constraints': [models.UniqueConstraint(fields=('tenant', 'first_id'), name='audit_seals_first_key')],
                },
            ),
        ]),
    ]
