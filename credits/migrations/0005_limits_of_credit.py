from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('credits', '0004_typed_search'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='creditaccount',
            options={'default_permissions': (), 'permissions': (('view_credit', 'See credit'), ('add_credit', 'Give credit'), ('grant_paid_credit', 'Give paid credit without a payment'), ('adjust_balance', 'Set a credit balance by hand'), ('apply_credit', 'Apply credit to invoices and take it off'), ('remove_credit', 'Remove, reverse and edit credit'), ('transfer_credit', 'Transfer credit between clients'))},
        ),
        migrations.AddField(
            model_name='creditsettings',
            name='largest_grants',
            field=models.JSONField(blank=True, db_default={}, default=dict),
        ),
        AddConstraintNotValid(
            model_name='creditsettings',
            constraint=models.CheckConstraint(condition=models.Func(models.F('largest_grants'), output_field=models.BooleanField(), template='jsonb_typeof(%(expressions)s) = \'object\' AND NOT jsonb_path_exists(%(expressions)s,\n    \'$.keyvalue() ? (@.value.type() != "string" || !(@.key like_regex "^[A-Z]{3}$")\n                     || !(@.value like_regex "^[0-9]{1,15}([.][0-9]{1,3})?$") || !(@.value like_regex "[1-9]"))\')'), name='credit_settings_largest_grants'),
        ),
    ]
