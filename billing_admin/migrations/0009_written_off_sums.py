"""What was written off each month is added up once a day too."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('billing_admin', '0008_sums_of_not_due'),
    ]

    operations = [
        migrations.AlterField(
            model_name='monthsum',
            name='kind',
            field=models.CharField(choices=[('invoiced', 'Invoiced'), ('collected', 'Collected'), ('written_off', 'Written off'), ('not_due', 'Not due yet'), ('overdue_30', 'Up to 30 days'), ('overdue_60', '31–60 days'), ('overdue_90', '61–90 days'), ('overdue_more', '91 days and more')], max_length=12),
        ),
    ]
