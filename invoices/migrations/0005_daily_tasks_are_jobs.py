from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('invoices', '0004_labels'),
    ]

    operations = [
        migrations.DeleteModel(
            name='NightlyTask',
        ),
    ]
