import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import clinics.tenancy
from clinics.tenancy import RunBlock


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clinics", "0001_initial"),
        ("patients", "0001_initial"),
        ("messaging", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        RunBlock("0001_initial", state=[
            migrations.CreateModel(
                name='Lead',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('source', models.CharField(choices=[('whatsapp', 'WhatsApp'), ('instagram', 'Instagram'), ('facebook', 'Facebook'), ('web', 'Web'), ('phone', 'Teléfono'), ('referral', 'Recomendación'), ('import', 'Importado'), ('other', 'Otro')], default='other', max_length=20, verbose_name='origen')),
                    ('campaign', models.CharField(blank=True, max_length=120, verbose_name='campaña')),
                    ('name', models.CharField(blank=True, max_length=120, verbose_name='nombre')),
                    ('phone', models.CharField(blank=True, max_length=20, verbose_name='teléfono')),
                    ('email', models.EmailField(blank=True, max_length=254, verbose_name='correo')),
                    ('interest', models.CharField(blank=True, max_length=200, verbose_name='qué busca')),
                    ('stage', models.CharField(choices=[('new', 'Nuevo'), ('contacted', 'Contactado'), ('qualified', 'Calificado'), ('proposal', 'Con propuesta'), ('won', 'Ganado'), ('lost', 'Perdido'), ('archived', 'Archivado'), ('spam', 'No deseado')], default='new', max_length=20, verbose_name='etapa')),
                    ('score', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='puntaje')),
                    ('lost_reason', models.CharField(blank=True, max_length=200, verbose_name='por qué se perdió')),
                    ('created_at', models.DateTimeField(verbose_name='creado')),
                    ('stage_at', models.DateTimeField(verbose_name='en esta etapa desde')),
                    ('handed_at', models.DateTimeField(blank=True, null=True, verbose_name='derivado a las')),
                    ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='cerrado a las')),
                    ('conversation', clinics.tenancy.TenantForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='messaging.conversation', verbose_name='conversación')),
                    ('patient', clinics.tenancy.TenantForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.patient', verbose_name='paciente')),
                    ('tenant', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinics.tenant')),
                ],
                options={
                    'verbose_name': 'lead',
                    'verbose_name_plural': 'leads',
                    'db_table': 'leads',
                    'abstract': False,
                    'base_manager_name': 'objects',
                },
            ),
            migrations.CreateModel(
                name='LeadEvent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('created', 'Llegó'), ('taken', 'Lo tomó'), ('moved', 'Cambió de etapa'), ('handed', 'Lo derivó'), ('noted', 'Anotó'), ('refused', 'Movimiento rechazado')], max_length=20)),
                    ('from_stage', models.CharField(blank=True, max_length=20)),
                    ('to_stage', models.CharField(blank=True, max_length=20)),
                    ('note', models.TextField(blank=True)),
                    ('role', models.CharField(blank=True, max_length=20)),
                    ('at', models.DateTimeField()),
                    ('lead', clinics.tenancy.TenantForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='leads.lead')),
                    ('tenant', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinics.tenant')),
                    ('user', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'paso de un lead',
                    'verbose_name_plural': 'pasos de leads',
                    'db_table': 'lead_events',
                    'abstract': False,
                    'base_manager_name': 'objects',
                },
            ),
            migrations.CreateModel(
                name='Seller',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('active', models.BooleanField(default=True, verbose_name='activo')),
                    ('most_open', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='máximo abiertos')),
                    ('created_at', models.DateTimeField(verbose_name='desde')),
                    ('membership', clinics.tenancy.TenantForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinics.membership', verbose_name='miembro')),
                    ('tenant', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinics.tenant')),
                ],
                options={
                    'verbose_name': 'vendedor',
                    'verbose_name_plural': 'vendedores',
                    'db_table': 'sellers',
                    'abstract': False,
                    'base_manager_name': 'objects',
                },
            ),
            migrations.AddField(
                model_name='lead',
                name='closer',
                field=clinics.tenancy.TenantForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='leads.seller', verbose_name='cierre'),
            ),
            migrations.AddField(
                model_name='lead',
                name='setter',
                field=clinics.tenancy.TenantForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='leads.seller', verbose_name='captación'),
            ),
            migrations.AddConstraint(
                model_name='seller',
                constraint=models.UniqueConstraint(fields=('tenant', 'membership'), name='sellers_membership_key'),
            ),
            migrations.AddConstraint(
                model_name='lead',
                constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('tenant', 'conversation'), name='leads_one_open'),
            ),
            migrations.AddConstraint(
                model_name='lead',
                constraint=models.CheckConstraint(condition=models.Q(('score', None), ('score__lte', 100), _connector='OR'), name='leads_score'),
            ),
            migrations.AddConstraint(
                model_name='lead',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('stage__in', ('won', 'lost', 'archived', 'spam'))), models.Q(models.Q(('stage__in', ('won', 'lost', 'archived', 'spam')), _negated=True), ('closed_at', None)), _connector='OR'), name='leads_closed'),
            ),
            migrations.AddConstraint(
                model_name='lead',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('stage', 'won'), _negated=True), ('patient__isnull', False), _connector='OR'), name='leads_won_is_a_patient'),
            ),
        ]),
    ]
