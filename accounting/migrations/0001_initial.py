from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from clinics.tenancy import RunBlock, TenantForeignKey


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("agenda", "0001_initial"),
        ("clinics", "0001_initial"),
        ("patients", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        RunBlock(
            "0001_initial",
            state=[
                migrations.CreateModel(
                    name="DailyCash",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField()),
                        (
                            "opening_balance",
                            models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=12),
                        ),
                        ("cash", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=12)),
                        ("card", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=12)),
                        ("transfer", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=12)),
                        ("qr", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=12)),
                        ("expenses", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=12)),
                        ("expected", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=12)),
                        ("counted", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                        ("difference", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                        ("difference_reason", models.CharField(blank=True, max_length=200)),
                        ("opened_at", models.DateTimeField()),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "closed_by",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "opened_by",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "tenant",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="clinics.tenant",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "caja del día",
                        "verbose_name_plural": "cajas",
                        "db_table": "daily_cash_flow",
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(fields=("tenant", "day"), name="daily_cash_flow_day_key")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Transaction",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("charge", "Cargo"),
                                    ("payment", "Cobro"),
                                    ("refund", "Devolución"),
                                    ("expense", "Egreso"),
                                    ("adjustment", "Anulación"),
                                    ("opening", "Apertura"),
                                ],
                                max_length=12,
                                verbose_name="tipo",
                            ),
                        ),
                        ("amount", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="importe")),
                        ("currency", models.CharField(max_length=3)),
                        (
                            "method",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("cash", "Efectivo"),
                                    ("card", "Tarjeta"),
                                    ("transfer", "Transferencia"),
                                    ("qr", "QR"),
                                ],
                                max_length=10,
                                verbose_name="medio",
                            ),
                        ),
                        ("detail", models.CharField(blank=True, max_length=200, verbose_name="detalle")),
                        ("on_day", models.DateField()),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "covered_by_insurance",
                            models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=12),
                        ),
                        (
                            "paid_by_patient",
                            models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=12),
                        ),
                        ("key", models.CharField(blank=True, max_length=200, null=True)),
                        (
                            "appointment",
                            TenantForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="agenda.appointment",
                            ),
                        ),
                        (
                            "patient",
                            TenantForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "reverses",
                            TenantForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounting.transaction",
                            ),
                        ),
                        (
                            "tenant",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="clinics.tenant",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "movimiento",
                        "verbose_name_plural": "movimientos",
                        "db_table": "accounting_transactions",
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(fields=("tenant", "key"), name="accounting_transactions_key_key"),
                            models.UniqueConstraint(
                                condition=models.Q(("kind", "charge")),
                                fields=("tenant", "appointment"),
                                name="accounting_transactions_one_charge",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("kind", "adjustment")),
                                fields=("tenant", "reverses"),
                                name="accounting_transactions_one_reversal",
                            ),
                        ],
                    },
                ),
            ],
        )
    ]
