"""Roles; the groups that this product made are its roles."""

import django.db.models.deletion
from django.db import migrations, models

# A group that was offered something bears the name that an installation gave it; any other of the name is not ours.
ADOPT = """
    INSERT INTO billing_admin_role (group_id, built_in)
    SELECT id, lower(name) FROM auth_group
    WHERE name IN ('Viewer', 'Billing', 'Owner')
        AND EXISTS (SELECT FROM billing_admin_offeredpermission WHERE group_name = auth_group.name)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('billing_admin', '0009_written_off_sums'),
    ]

    operations = [
        migrations.CreateModel(
            name='Role',
            fields=[
                ('group', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='role', serialize=False, to='auth.group')),
                ('built_in', models.CharField(choices=[('viewer', 'Viewer'), ('support', 'Support'), ('billing', 'Billing'), ('manager', 'Manager'), ('owner', 'Owner')], max_length=8, unique=True)),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('built_in__in', ['viewer', 'support', 'billing', 'manager', 'owner'])), name='role_built_in')],
            },
        ),
        migrations.RunSQL(ADOPT, migrations.RunSQL.noop),
    ]
