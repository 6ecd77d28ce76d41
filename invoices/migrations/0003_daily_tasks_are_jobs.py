from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('invoices', '0002_maintenance'),
    ]

    operations = [
        migrations.DeleteModel(
            name='NightlyTask',
        ),
    ]
