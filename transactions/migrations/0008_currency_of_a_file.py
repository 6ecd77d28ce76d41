from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('transactions', '0007_payer_indexes'),
    ]

    operations = [
        migrations.AddField(
            model_name='paymentfile',
            name='currency',
            field=models.CharField(blank=True, db_default='', default='', max_length=3),
        ),
    ]
