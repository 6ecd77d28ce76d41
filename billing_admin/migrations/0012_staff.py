"""Who is invited to the staff, addresses that wait to be confirmed, roles of one's own, and the rights to manage both."""

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('billing_admin', '0011_sign_in'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EmailChange',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('address', models.EmailField(max_length=254)),
                ('token_digest', models.CharField(max_length=64, null=True, unique=True)),
                ('expires_at', models.DateTimeField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.AlterModelOptions(
            name='role',
            options={'default_permissions': (), 'permissions': (('manage_staff', 'Manage staff'), ('manage_roles', 'Manage roles'))},
        ),
        migrations.AddField(
            model_name='role',
            name='note',
            field=models.CharField(blank=True, db_default='', default='', max_length=500),
        ),
        migrations.AlterField(
            model_name='role',
            name='built_in',
            field=models.CharField(choices=[('viewer', 'Viewer'), ('support', 'Support'), ('billing', 'Billing'), ('manager', 'Manager'), ('owner', 'Owner')], max_length=8, null=True, unique=True),
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254)),
                ('by_mail', models.BooleanField()),
                ('token_digest', models.CharField(max_length=64, null=True, unique=True)),
                ('invited_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
                ('groups', models.ManyToManyField(related_name='invitations', to='auth.group')),
                ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Upper('email'), name='invited_once')],
            },
        ),
    ]
