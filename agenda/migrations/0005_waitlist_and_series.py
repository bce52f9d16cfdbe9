import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import clinics.tenancy
from clinics.tenancy import RunBlock


class Migration(migrations.Migration):

    dependencies = [
        ("agenda", "0004_by_hand"),
        ("clinics", "0004_holidays"),
        ("patients", "0002_coverages"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        RunBlock("0005_waitlist_and_series", state=[
            migrations.CreateModel(
                name='WaitlistEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('urgency', models.CharField(blank=True, choices=[('routine', 'De rutina'), ('urgent', 'Urgente'), ('emergency', 'Emergencia')], default='', max_length=20, verbose_name='urgencia')),
                    ('weekdays', models.JSONField(blank=True, default=list, verbose_name='días')),
                    ('parts', models.JSONField(blank=True, default=list, verbose_name='momentos')),
                    ('until_on', models.DateField(blank=True, null=True, verbose_name='hasta el día')),
                    ('note', models.CharField(blank=True, default='', max_length=300, verbose_name='nota')),
                    ('state', models.CharField(choices=[('waiting', 'Espera'), ('booked', 'Tiene turno'), ('left', 'Se fue')], default='waiting', max_length=10, verbose_name='estado')),
                    ('created_at', models.DateTimeField(verbose_name='desde')),
                    ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='hasta')),
                ],
                options={
                    'verbose_name': 'espera',
                    'verbose_name_plural': 'lista de espera',
                    'db_table': 'waitlist_entries',
                    'abstract': False,
                    'base_manager_name': 'objects',
                },
            ),
            migrations.CreateModel(
                name='WaitlistOffer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=40)),
                    ('start_at', models.DateTimeField(verbose_name='empieza')),
                    ('end_at', models.DateTimeField(verbose_name='termina')),
                    ('state', models.CharField(choices=[('open', 'Espera respuesta'), ('accepted', 'La tomó'), ('passed', 'No la quiso'), ('expired', 'Venció'), ('withdrawn', 'Se retiró')], default='open', max_length=10, verbose_name='estado')),
                    ('told', models.CharField(choices=[('call', 'Llamar'), ('whatsapp', 'Avisado por WhatsApp'), ('called', 'Se lo llamó')], default='call', max_length=10, verbose_name='aviso')),
                    ('created_at', models.DateTimeField(verbose_name='ofrecido')),
                    ('expires_at', models.DateTimeField(verbose_name='vence')),
                    ('closed_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'verbose_name': 'ofrecimiento',
                    'verbose_name_plural': 'ofrecimientos',
                    'db_table': 'waitlist_offers',
                    'abstract': False,
                    'base_manager_name': 'objects',
                },
            ),
            migrations.AddField(
                model_name='appointment',
                name='idempotency_digest',
                field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=64),
            ),
            migrations.AddField(
                model_name='appointment',
                name='session',
                field=models.IntegerField(blank=True, editable=False, null=True, verbose_name='sesión'),
            ),
            migrations.CreateModel(
                name='FreedTime',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('start_at', models.DateTimeField()),
                    ('end_at', models.DateTimeField()),
                    ('freed_at', models.DateTimeField()),
                    ('look_at', models.DateTimeField(blank=True, null=True)),
                    ('professional', clinics.tenancy.TenantForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinics.professional')),
                    ('tenant', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinics.tenant')),
                ],
                options={
                    'verbose_name': 'hora liberada',
                    'verbose_name_plural': 'horas liberadas',
                    'db_table': 'freed_times',
                    'abstract': False,
                    'base_manager_name': 'objects',
                },
            ),
            migrations.CreateModel(
                name='Series',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('sessions', models.IntegerField(verbose_name='sesiones')),
                    ('gap_days', models.IntegerField(verbose_name='días entre sesiones')),
                    ('created_at', models.DateTimeField(verbose_name='creada')),
                    ('created_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('patient', clinics.tenancy.TenantForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.patient', verbose_name='paciente')),
                    ('tenant', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinics.tenant')),
                    ('treatment', clinics.tenancy.TenantForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agenda.treatmenttype', verbose_name='tratamiento')),
                ],
                options={
                    'verbose_name': 'serie de sesiones',
                    'verbose_name_plural': 'series de sesiones',
                    'db_table': 'treatment_series',
                    'abstract': False,
                    'base_manager_name': 'objects',
                },
            ),
            migrations.AddField(
                model_name='appointment',
                name='series',
                field=clinics.tenancy.TenantForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agenda.series', verbose_name='serie'),
            ),
            migrations.AddConstraint(
                model_name='appointment',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('series', None), ('session', None)), models.Q(('series__isnull', False), ('session__gt', 0)), _connector='OR'), name='appointments_session_known'),
            ),
            migrations.AddConstraint(
                model_name='appointment',
                constraint=models.UniqueConstraint(condition=models.Q(('series__isnull', False), models.Q(('status__in', ('cancelled', 'no_show')), _negated=True)), fields=('tenant', 'series', 'session'), name='appointments_session_key'),
            ),
            migrations.AddField(
                model_name='waitlistentry',
                name='appointment',
                field=clinics.tenancy.TenantForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agenda.appointment', verbose_name='turno que tiene'),
            ),
            migrations.AddField(
                model_name='waitlistentry',
                name='created_by',
                field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='waitlistentry',
                name='patient',
                field=clinics.tenancy.TenantForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.patient', verbose_name='paciente'),
            ),
            migrations.AddField(
                model_name='waitlistentry',
                name='professional',
                field=clinics.tenancy.TenantForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinics.professional', verbose_name='profesional'),
            ),
            migrations.AddField(
                model_name='waitlistentry',
                name='tenant',
                field=models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinics.tenant'),
            ),
            migrations.AddField(
                model_name='waitlistentry',
                name='treatment',
                field=clinics.tenancy.TenantForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agenda.treatmenttype', verbose_name='tratamiento'),
            ),
            migrations.AddField(
                model_name='waitlistoffer',
                name='appointment',
                field=clinics.tenancy.TenantForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agenda.appointment'),
            ),
            migrations.AddField(
                model_name='waitlistoffer',
                name='entry',
                field=clinics.tenancy.TenantForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='offers', to='agenda.waitlistentry'),
            ),
            migrations.AddField(
                model_name='waitlistoffer',
                name='freed',
                field=clinics.tenancy.TenantForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agenda.freedtime'),
            ),
            migrations.AddField(
                model_name='waitlistoffer',
                name='professional',
                field=clinics.tenancy.TenantForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinics.professional'),
            ),
            migrations.AddField(
                model_name='waitlistoffer',
                name='tenant',
                field=models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinics.tenant'),
            ),
            migrations.AddConstraint(
                model_name='freedtime',
                constraint=models.CheckConstraint(condition=models.Q(('end_at__gt', models.F('start_at'))), name='freed_times_span'),
            ),
            migrations.AddConstraint(
                model_name='series',
                constraint=models.CheckConstraint(condition=models.Q(('gap_days__gte', 0), ('sessions__gt', 1)), name='treatment_series_sessions'),
            ),
            migrations.AddConstraint(
                model_name='waitlistentry',
                constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('tenant', 'patient', 'treatment'), name='waitlist_entries_waiting_key'),
            ),
            migrations.AddConstraint(
                model_name='waitlistoffer',
                constraint=models.UniqueConstraint(fields=('tenant', 'code'), name='waitlist_offers_code_key'),
            ),
            migrations.AddConstraint(
                model_name='waitlistoffer',
                constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('tenant', 'entry'), name='waitlist_offers_open_key'),
            ),
        ]),
    ]
