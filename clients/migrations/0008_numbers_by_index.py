from django.db import migrations


class Migration(migrations.Migration):
    """A number that is given is looked up by its index, also by a session that began on an empty table.

    The function keeps its plan, and statistics of an empty table make that a scan: many clients added in one statement
    took a time that grew with their square.
    """

    dependencies = [("clients", "0007_clients_from_other_systems")]

    operations = [
        migrations.RunSQL(
            "ALTER FUNCTION next_client_number() SET enable_seqscan = off",
            "ALTER FUNCTION next_client_number() RESET enable_seqscan",
        ),
    ]
