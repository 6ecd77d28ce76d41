"""Ids of other systems for every row that an import brings, and the history that came with its clients."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing_admin", "0016_system_imports"),
        ("clients", "0028_approval_mail"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportedEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "client",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imported_events",
                        to="clients.client",
                    ),
                ),
                ("source", models.CharField(max_length=100)),
                ("external_id", models.CharField(max_length=200)),
                ("is_mail", models.BooleanField(default=False)),
                ("at", models.DateTimeField(null=True)),
                ("text", models.TextField(blank=True)),
                ("who", models.TextField(blank=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="externalreference",
            name="digest",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="externalreference",
            name="kind",
            field=models.CharField(db_default="client", default="client", max_length=10),
        ),
        migrations.AddField(
            model_name="externalreference",
            name="part",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="externalreference",
            name="row_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="externalreference",
            name="system_import",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="billing_admin.systemimport",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    """
                    -- squawk-ignore ban-drop-not-null
                    ALTER TABLE clients_externalreference ALTER COLUMN client_id DROP NOT NULL
                    """,
                    "ALTER TABLE clients_externalreference ALTER COLUMN client_id SET NOT NULL",
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="externalreference",
                    name="client",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="external_references",
                        to="clients.client",
                    ),
                ),
            ],
        ),
        AddConstraintNotValid(
            model_name="externalreference",
            constraint=models.CheckConstraint(
                condition=models.Q(("client__isnull", False), ("system_import__isnull", False), _connector="OR"),
                name="external_reference_of_client",
            ),
        ),
        migrations.AddIndex(
            model_name="importedevent",
            index=models.Index(fields=["client", "-id"], name="imported_event_of_client"),
        ),
        migrations.AddConstraint(
            model_name="importedevent",
            constraint=models.UniqueConstraint(fields=("source", "external_id"), name="imported_event_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="importedevent",
            trigger=pgtrigger.compiler.Trigger(
                name="stays_as_it_came",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN ((OLD.source IS DISTINCT FROM NEW.source OR OLD.external_id IS DISTINCT FROM NEW.external_id OR OLD.is_mail IS DISTINCT FROM NEW.is_mail OR OLD.at IS DISTINCT FROM NEW.at OR OLD.text IS DISTINCT FROM NEW.text OR OLD.who IS DISTINCT FROM NEW.who) AND (false) IS NOT TRUE)",
                    func="RAISE EXCEPTION 'The history of another system stays as it came.' USING ERRCODE = 'check_violation';",
                    hash="a5608be66195a1c012ef5e68607a35916406c9de",
                    operation="UPDATE",
                    pgid="pgtrigger_stays_as_it_came_7114a",
                    table="clients_importedevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="importedevent",
            trigger=pgtrigger.compiler.Trigger(
                name="stays_with_client",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN ((OLD.client_id IS DISTINCT FROM NEW.client_id) AND (current_setting('billing_admin.maintenance', true) = 'merge') IS NOT TRUE)",
                    func="RAISE EXCEPTION 'It moves to another client only by a merge.' USING ERRCODE = 'check_violation';",
                    hash="a61f06ab12d68a83e66023d4b56e37ec97b9226d",
                    operation="UPDATE",
                    pgid="pgtrigger_stays_with_client_0073d",
                    table="clients_importedevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="importedevent",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN ((current_setting('billing_admin.maintenance', true) = 'delete') IS NOT TRUE)",
                    func="RAISE EXCEPTION 'The history of another system stays with its client.' USING ERRCODE = 'check_violation';",
                    hash="c080ccd8df493c12c07a5b06a7947094942d6bde",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_038a3",
                    table="clients_importedevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
