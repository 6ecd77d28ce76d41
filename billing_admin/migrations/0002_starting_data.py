"""What a new installation starts with: the usual payment methods, and room on the pages of what each run updates."""

from django.db import migrations

PAYMENT_METHODS = ("Bank transfer", "Card", "PayPal", "Cash")


def create_payment_methods(apps, schema_editor):
    PaymentMethod = apps.get_model("transactions", "PaymentMethod")
    PaymentMethod.objects.bulk_create(PaymentMethod(name=name) for name in PAYMENT_METHODS)


class Migration(migrations.Migration):
    dependencies = [
        ("billing_admin", "0001_database"),
        ("clients", "0001_initial"),
        ("invoices", "0001_initial"),
        ("transactions", "0001_initial"),
        ("credits", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [
        # Balances and settlements are updated in every run: room on the page keeps those updates off the indexes.
        migrations.RunSQL("ALTER TABLE credits_creditaccount SET (fillfactor = 80)", migrations.RunSQL.noop),
        migrations.RunSQL("ALTER TABLE credits_creditgrant SET (fillfactor = 80)", migrations.RunSQL.noop),
        migrations.RunPython(create_payment_methods, migrations.RunPython.noop),
    ]
