import uuid

import django.db.models.deletion
from django.db import migrations, models

import clinics.tenancy
from clinics.tenancy import RunBlock


class Migration(migrations.Migration):
    dependencies = [("agenda", "0002_chairs_active"), ("clinics", "0003_walls")]

    operations = [
        RunBlock("0003_calendars", state=[
            migrations.CreateModel(
                name='Calendar',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                    ('kind', models.CharField(choices=[('oauth', 'Cuenta de Google'), ('service', 'Cuenta de servicio')], max_length=10, verbose_name='acceso')),
                    ('account', models.CharField(blank=True, default='', max_length=200, verbose_name='cuenta')),
                    ('state', models.CharField(choices=[('checking', 'Comprobando'), ('choosing', 'Falta elegir el calendario'), ('active', 'Conectado'), ('revoked', 'Permiso retirado'), ('refused', 'No se pudo conectar'), ('leaving', 'Desconectando')], default='checking', max_length=10, verbose_name='estado')),
                    ('choices', models.JSONField(blank=True, default=list)),
                    ('google_id', models.CharField(blank=True, max_length=200, null=True, verbose_name='calendario')),
                    ('name', models.CharField(blank=True, default='', max_length=200, verbose_name='nombre')),
                    ('zone', models.CharField(blank=True, default='', max_length=60, verbose_name='huso horario')),
                    ('writes', models.BooleanField(default=True, verbose_name='deja escribir')),
                    ('fault', models.CharField(blank=True, default='', max_length=40, verbose_name='falla')),
                    ('failures', models.PositiveIntegerField(default=0, verbose_name='fallas seguidas')),
                    ('paused_until', models.DateTimeField(blank=True, null=True)),
                    ('sync_token', models.TextField(blank=True, default='')),
                    ('window_until', models.DateTimeField(blank=True, null=True)),
                    ('pull_at', models.DateTimeField(blank=True, null=True)),
                    ('pulling_since', models.DateTimeField(blank=True, null=True)),
                    ('synced_at', models.DateTimeField(blank=True, null=True, verbose_name='al día a las')),
                    ('connected_at', models.DateTimeField(verbose_name='conectado')),
                    ('professional', clinics.tenancy.TenantForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinics.professional', verbose_name='profesional')),
                    ('tenant', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinics.tenant')),
                ],
                options={
                    'verbose_name': 'calendario',
                    'verbose_name_plural': 'calendarios',
                    'db_table': 'calendars',
                    'abstract': False,
                    'base_manager_name': 'objects',
                },
            ),
            migrations.CreateModel(
                name='CalendarChannel',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('channel_id', models.CharField(max_length=64)),
                    ('token_digest', models.CharField(max_length=64)),
                    ('resource_id', models.CharField(blank=True, default='', max_length=200)),
                    ('expires_at', models.DateTimeField()),
                    ('heard_at', models.DateTimeField(blank=True, null=True)),
                    ('calendar', clinics.tenancy.TenantForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agenda.calendar')),
                    ('tenant', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinics.tenant')),
                ],
                options={
                    'verbose_name': 'aviso de calendario',
                    'verbose_name_plural': 'avisos de calendario',
                    'db_table': 'calendar_channels',
                    'abstract': False,
                    'base_manager_name': 'objects',
                },
            ),
            migrations.CreateModel(
                name='CalendarEvent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('event_id', models.CharField(max_length=1024)),
                    ('instance_at', models.DateTimeField()),
                    ('start_at', models.DateTimeField()),
                    ('end_at', models.DateTimeField()),
                    ('all_day', models.BooleanField(default=False)),
                    ('busy', models.BooleanField(default=True)),
                    ('etag', models.CharField(blank=True, default='', max_length=100)),
                    ('seen_at', models.DateTimeField()),
                    ('appointment', clinics.tenancy.TenantForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agenda.appointment')),
                    ('calendar', clinics.tenancy.TenantForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agenda.calendar')),
                    ('professional', clinics.tenancy.TenantForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinics.professional')),
                    ('tenant', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinics.tenant')),
                ],
                options={
                    'verbose_name': 'evento del calendario',
                    'verbose_name_plural': 'eventos del calendario',
                    'db_table': 'calendar_events',
                    'abstract': False,
                    'base_manager_name': 'objects',
                },
            ),
            migrations.CreateModel(
                name='CalendarPush',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('event_id', models.CharField(max_length=64)),
                    ('present', models.BooleanField(default=True)),
                    ('version', models.IntegerField(default=0)),
                    ('attempts', models.PositiveIntegerField(default=0)),
                    ('next_try_at', models.DateTimeField(blank=True, null=True)),
                    ('claimed_at', models.DateTimeField(blank=True, null=True)),
                    ('fault', models.CharField(blank=True, default='', max_length=40)),
                    ('pushed_at', models.DateTimeField(blank=True, null=True)),
                    ('appointment', clinics.tenancy.TenantForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agenda.appointment')),
                    ('calendar', clinics.tenancy.TenantForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agenda.calendar')),
                    ('tenant', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinics.tenant')),
                ],
                options={
                    'verbose_name': 'envío al calendario',
                    'verbose_name_plural': 'envíos al calendario',
                    'db_table': 'calendar_pushes',
                    'abstract': False,
                    'base_manager_name': 'objects',
                },
            ),
            migrations.AddConstraint(
                model_name='calendar',
                constraint=models.UniqueConstraint(fields=('tenant', 'public_id'), name='calendars_public_id_key'),
            ),
            migrations.AddConstraint(
                model_name='calendar',
                constraint=models.UniqueConstraint(fields=('tenant', 'professional'), name='calendars_professional_key'),
            ),
            migrations.AddConstraint(
                model_name='calendar',
                constraint=models.UniqueConstraint(fields=('tenant', 'google_id'), name='calendars_google_id_key'),
            ),
            migrations.AddConstraint(
                model_name='calendar',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'active'), _negated=True), ('google_id__isnull', False), _connector='OR'), name='calendars_active_is_known'),
            ),
            migrations.AddConstraint(
                model_name='calendarchannel',
                constraint=models.UniqueConstraint(fields=('tenant', 'channel_id'), name='calendar_channels_channel_key'),
            ),
            migrations.AddConstraint(
                model_name='calendarevent',
                constraint=models.UniqueConstraint(fields=('tenant', 'calendar', 'event_id', 'instance_at'), name='calendar_events_key'),
            ),
            migrations.AddConstraint(
                model_name='calendarevent',
                constraint=models.CheckConstraint(condition=models.Q(('end_at__gte', models.F('start_at'))), name='calendar_events_span'),
            ),
            migrations.AddConstraint(
                model_name='calendarpush',
                constraint=models.UniqueConstraint(fields=('tenant', 'appointment', 'calendar'), name='calendar_pushes_appointment_key'),
            ),
            migrations.AddConstraint(
                model_name='calendarpush',
                constraint=models.UniqueConstraint(fields=('tenant', 'calendar', 'event_id'), name='calendar_pushes_event_key'),
            ),
        ]),
    ]
