"""Giving in bulk, reversing and editing credit have rights of their own."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('credits', '0013_write_offs'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='creditaccount',
            options={'default_permissions': (), 'permissions': (('view_credit', 'See credit'), ('add_credit', 'Give credit'), ('give_bulk_credit', 'Give bulk credit'), ('grant_paid_credit', 'Give paid credit without a payment'), ('adjust_balance', 'Set a credit balance by hand'), ('apply_credit', 'Apply credit to invoices and take it off'), ('remove_credit', 'Remove credit and take it back'), ('reverse_credit', 'Reverse entries of credit'), ('edit_credit', "Edit a credit's description, expiry and priority"), ('transfer_credit', 'Transfer credit between clients'))},
        ),
    ]
