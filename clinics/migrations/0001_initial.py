import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import clinics.hours
import clinics.models
from clinics.tenancy import RunBlock


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        RunBlock("0001_extensions"),
        RunBlock("0001_roles"),
        RunBlock("0001_functions"),
        RunBlock("0001_schema", state=[
            migrations.CreateModel(
                name='User',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('email', models.EmailField(max_length=254, unique=True)),
                    ('name', models.CharField(max_length=120)),
                    ('is_active', models.BooleanField(default=True)),
                    ('created_at', models.DateTimeField()),
                ],
                options={
                    'db_table': 'users',
                },
            ),
            migrations.CreateModel(
                name='Tenant',
                fields=[
                    ('id', models.AutoField(primary_key=True, serialize=False)),
                    ('name', models.CharField(max_length=120)),
                    ('slug', models.SlugField(max_length=60, unique=True)),
                    ('timezone', models.CharField(default='America/Argentina/Buenos_Aires', max_length=60)),
                    ('country', models.CharField(default='AR', max_length=2)),
                    ('currency', models.CharField(default='ARS', max_length=3)),
                    ('phone', models.CharField(blank=True, max_length=20)),
                    ('address', models.CharField(blank=True, max_length=200)),
                    ('addresses', models.JSONField(blank=True, default=dict)),
                    ('working_hours', models.JSONField(default=clinics.hours.closed_week, validators=[clinics.models.check_hours])),
                    ('consultation_price', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                    ('emergency_number', models.CharField(default='107', max_length=20)),
                    ('emergency_advice', models.TextField(blank=True)),
                    ('receptionist_name', models.CharField(blank=True, max_length=60)),
                    ('slot_step', models.PositiveSmallIntegerField(default=15)),
                    ('buffer_minutes', models.PositiveSmallIntegerField(default=0)),
                    ('minimum_notice', models.PositiveIntegerField(default=120)),
                    ('horizon_days', models.PositiveSmallIntegerField(default=90)),
                    ('hold_minutes', models.PositiveSmallIntegerField(default=10)),
                    ('offer_minutes', models.PositiveSmallIntegerField(default=30)),
                    ('quiet_seconds', models.PositiveSmallIntegerField(default=8)),
                    ('quiet_max_seconds', models.PositiveSmallIntegerField(default=25)),
                    ('created_at', models.DateTimeField()),
                ],
                options={
                    'db_table': 'tenants',
                },
            ),
            migrations.CreateModel(
                name='Membership',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('role', models.CharField(choices=[('ceo', 'Dirección'), ('professional', 'Profesional'), ('secretary', 'Recepción'), ('setter', 'Captación'), ('closer', 'Cierre')], max_length=20)),
                    ('status', models.CharField(choices=[('pending', 'Pendiente'), ('active', 'Activa'), ('suspended', 'Suspendida')], default='pending', max_length=20)),
                    ('created_at', models.DateTimeField()),
                    ('activated_at', models.DateTimeField(blank=True, null=True)),
                    ('activated_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('tenant', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinics.tenant')),
                ],
                options={
                    'db_table': 'memberships',
                    'verbose_name': 'miembro',
                    'verbose_name_plural': 'miembros',
                    'abstract': False,
                    'base_manager_name': 'objects',
                },
            ),
            migrations.CreateModel(
                name='SystemEvent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField()),
                    ('event', models.CharField(max_length=60)),
                    ('severity', models.CharField(default='info', max_length=10)),
                    ('role', models.CharField(blank=True, max_length=20)),
                    ('ip', models.GenericIPAddressField(blank=True, null=True)),
                    ('method', models.CharField(blank=True, max_length=10)),
                    ('path', models.CharField(blank=True, max_length=200)),
                    ('payload', models.JSONField(blank=True, default=dict)),
                    ('actor', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('tenant', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinics.tenant')),
                ],
                options={
                    'db_table': 'system_events',
                    'verbose_name': 'suceso del sistema',
                    'verbose_name_plural': 'sucesos del sistema',
                    'abstract': False,
                    'base_manager_name': 'objects',
                },
            ),
            migrations.CreateModel(
                name='PublicRoute',
                fields=[
                    ('digest', models.CharField(max_length=64, primary_key=True, serialize=False)),
                    ('kind', models.CharField(max_length=20)),
                    ('row_id', models.BigIntegerField()),
                    ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='clinics.tenant')),
                ],
                options={
                    'db_table': 'public_routes',
                },
            ),
            migrations.CreateModel(
                name='Credential',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=120)),
                    ('ciphertext', models.TextField()),
                    ('key_id', models.CharField(max_length=40)),
                    ('updated_at', models.DateTimeField()),
                    ('tenant', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinics.tenant')),
                ],
                options={
                    'db_table': 'credentials',
                    'verbose_name': 'credencial',
                    'verbose_name_plural': 'credenciales',
                    'abstract': False,
                    'base_manager_name': 'objects',
                },
            ),
            migrations.AddField(
                model_name='user',
                name='last_tenant',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='clinics.tenant'),
            ),
            migrations.CreateModel(
                name='Professional',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('title', models.CharField(blank=True, max_length=12)),
                    ('first_name', models.CharField(max_length=80)),
                    ('last_name', models.CharField(max_length=80)),
                    ('folded', models.CharField(editable=False, max_length=170)),
                    ('licence', models.CharField(blank=True, max_length=40)),
                    ('specialty', models.CharField(blank=True, max_length=80)),
                    ('color', models.CharField(blank=True, max_length=20)),
                    ('working_hours', models.JSONField(blank=True, null=True, validators=[clinics.models.check_hours])),
                    ('google_calendar_id', models.CharField(blank=True, max_length=200)),
                    ('active', models.BooleanField(default=True)),
                    ('membership', models.OneToOneField(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='professional', to='clinics.membership')),
                    ('tenant', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinics.tenant')),
                ],
                options={
                    'db_table': 'professionals',
                    'verbose_name': 'profesional',
                    'verbose_name_plural': 'profesionales',
                    'abstract': False,
                    'base_manager_name': 'objects',
                    'constraints': [models.UniqueConstraint(fields=('tenant', 'membership'), name='professionals_membership_key')],
                },
            ),
            migrations.AddConstraint(
                model_name='membership',
                constraint=models.UniqueConstraint(fields=('tenant', 'user'), name='memberships_user_key'),
            ),
            migrations.AddConstraint(
                model_name='credential',
                constraint=models.UniqueConstraint(fields=('tenant', 'name'), name='credentials_name_key'),
            ),
        ]),
    ]
