"""What another system still bills and reminds of waits until staff switch over."""

from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0029_references_of_rows'),
        ('invoices', '0017_imported_invoices'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='reminderhold',
            name='reminder_hold_kind',
        ),
        migrations.AddField(
            model_name='billableitem',
            name='waits_for_switch',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    """
                    -- squawk-ignore changing-column-type
                    ALTER TABLE invoices_billableitem ALTER COLUMN description TYPE varchar(2000)
                    """,
                    "ALTER TABLE invoices_billableitem ALTER COLUMN description TYPE varchar(500)",
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name='billableitem',
                    name='description',
                    field=models.CharField(max_length=2000),
                ),
            ],
        ),
        migrations.AlterField(
            model_name='reminderhold',
            name='kind',
            field=models.CharField(choices=[('announced', 'Payment announced'), ('disputed', 'Disputed'), ('imported', 'Still reminded of by the system it came from')], max_length=10),
        ),
        AddConstraintNotValid(
            model_name='billableitem',
            constraint=models.CheckConstraint(condition=models.Q(('waits_for_switch', False), ('paused', True), _connector='OR'), name='billable_item_waits_paused'),
        ),
        AddConstraintNotValid(
            model_name='reminderhold',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['announced', 'disputed', 'imported'])), name='reminder_hold_kind'),
        ),
    ]
