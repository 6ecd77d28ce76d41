"""What months come to, for the pictures of an installation that has too many rows to read them."""

from django.db import migrations, models

import billing_admin.money.fields


class Migration(migrations.Migration):

    dependencies = [
        ('billing_admin', '0005_saved_views_and_files'),
    ]

    operations = [
        migrations.CreateModel(
            name='MonthSum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('currency', billing_admin.money.fields.CurrencyField(max_length=3)),
                ('kind', models.CharField(choices=[('invoiced', 'Invoiced'), ('collected', 'Collected'), ('overdue_30', 'Up to 30 days'), ('overdue_60', '31–60 days'), ('overdue_90', '61–90 days'), ('overdue_more', '91 days and more')], max_length=12)),
                ('row_count', models.PositiveBigIntegerField()),
                ('amount', models.DecimalField(decimal_places=3, max_digits=30)),
                ('as_of', models.DateTimeField()),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('month', 'currency', 'kind'), name='month_summed_once')],
            },
        ),
    ]
