"""Keys of several columns in place of several keys: they say more, and are looked at once."""

import django.db.models.deletion
from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations, models

from billing_admin.db.keys import SameAs


class Migration(migrations.Migration):

    atomic = False  # indexes are made and keys validated while others work

    dependencies = [
        ('credits', '0005_limits_of_credit'),
        ('invoices', '0003_keys_of_several_columns'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY credit_account_of_one_client ON credits_creditaccount (id, client_id, currency)",
                    migrations.RunSQL.noop,
                ),
                migrations.RunSQL(
                    "ALTER TABLE credits_creditaccount ADD CONSTRAINT credit_account_of_one_client UNIQUE USING INDEX credit_account_of_one_client",
                    "ALTER TABLE credits_creditaccount DROP CONSTRAINT credit_account_of_one_client",
                ),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="creditaccount", constraint=models.UniqueConstraint(fields=('id', 'client', 'currency'), name="credit_account_of_one_client")
                ),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY credit_grant_of_one_client ON credits_creditgrant (client_id, id, account_id, currency)",
                    migrations.RunSQL.noop,
                ),
                migrations.RunSQL(
                    "ALTER TABLE credits_creditgrant ADD CONSTRAINT credit_grant_of_one_client UNIQUE USING INDEX credit_grant_of_one_client",
                    "ALTER TABLE credits_creditgrant DROP CONSTRAINT credit_grant_of_one_client",
                ),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="creditgrant", constraint=models.UniqueConstraint(fields=('client', 'id', 'account', 'currency'), name="credit_grant_of_one_client")
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name='creditentry',
            constraint=SameAs(fields=('grant', 'account', 'client', 'currency'), name='credit_entry_of_its_grant', to='credits.CreditGrant', to_fields=('id', 'account', 'client', 'currency')),
        ),
        migrations.RunSQL("ALTER TABLE credits_creditentry VALIDATE CONSTRAINT credit_entry_of_its_grant", migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='creditentry',
            constraint=SameAs(fields=('invoice', 'client', 'currency'), name='credit_entry_of_its_invoice', to='invoices.Invoice', to_fields=('id', 'client', 'currency')),
        ),
        migrations.RunSQL("ALTER TABLE credits_creditentry VALIDATE CONSTRAINT credit_entry_of_its_invoice", migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='creditgrant',
            constraint=SameAs(fields=('account', 'client', 'currency'), name='credit_grant_of_its_account', to='credits.CreditAccount', to_fields=('id', 'client', 'currency')),
        ),
        migrations.RunSQL("ALTER TABLE credits_creditgrant VALIDATE CONSTRAINT credit_grant_of_its_account", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='creditentry',
            name='account',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='credits.creditaccount'),
        ),
        migrations.AlterField(
            model_name='creditentry',
            name='client',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='credit_entries', to='clients.client'),
        ),
        migrations.AlterField(
            model_name='creditentry',
            name='grant',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='credits.creditgrant'),
        ),
        migrations.AlterField(
            model_name='creditentry',
            name='invoice',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='credit_entries', to='invoices.invoice'),
        ),
        migrations.AlterField(
            model_name='creditgrant',
            name='account',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='credits.creditaccount'),
        ),
        RemoveIndexConcurrently(
            model_name="creditgrant",
            name="credit_grant_of_client",
        ),
    ]
