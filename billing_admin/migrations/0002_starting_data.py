"""What a new installation starts with: the staff groups with their permissions, and the usual payment methods."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

from billing_admin.staff.groups import GROUPS

PAYMENT_METHODS = ("Bank transfer", "Card", "PayPal", "Cash")


def create_groups(apps, schema_editor):
    for label in ("clients", "invoices", "transactions", "credits"):
        # Permissions are usually made after all migrations; the groups need them now.
        app_config = apps.get_app_config(label)
        app_config.models_module = True
        create_permissions(app_config, apps=apps, verbosity=0)
        app_config.models_module = None
    Permission = apps.get_model("auth", "Permission")
    by_name = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    for name, permissions in GROUPS.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.set([by_name[permission] for permission in permissions])


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
        migrations.RunPython(create_groups, migrations.RunPython.noop),
        migrations.RunPython(create_payment_methods, migrations.RunPython.noop),
    ]
