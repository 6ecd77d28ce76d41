"""Closing a client, undoing a merge and saving lists have rights of their own."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0020_mail'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='client',
            options={'default_permissions': (), 'permissions': (('view_client', 'See clients'), ('add_client', 'Add and import clients'), ('change_client', "Edit a client's profile"), ('close_client', 'Close and reopen clients'), ('merge_client', 'Merge clients'), ('undo_merge', 'Undo a merge'), ('export_client', 'Export everything held about a client'), ('delete_client', 'Delete a client'), ('delete_transactions', "Delete a client's transactions with the client"), ('save_lists', 'Save lists as files'))},
        ),
    ]
