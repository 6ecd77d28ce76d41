"""What every run leaves behind is cleared away early."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('credits', '0008_closed_periods'),
    ]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE credits_creditaccount SET (autovacuum_vacuum_scale_factor = 0.02)",
            "ALTER TABLE credits_creditaccount RESET (autovacuum_vacuum_scale_factor)",
        ),
        migrations.RunSQL(
            "ALTER TABLE credits_creditgrant SET (autovacuum_vacuum_scale_factor = 0.02)",
            "ALTER TABLE credits_creditgrant RESET (autovacuum_vacuum_scale_factor)",
        ),
    ]
