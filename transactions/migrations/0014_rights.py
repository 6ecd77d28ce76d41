"""Reversing a payment has a right of its own."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('transactions', '0013_write_offs'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='transaction',
            options={'default_permissions': (), 'permissions': (('view_transaction', 'See transactions'), ('record_payment', 'Record and import payments, attach money to clients'), ('refund_payment', 'Refund payments'), ('reverse_payment', 'Reverse payments'), ('delete_transaction', 'Delete transactions'))},
        ),
    ]
