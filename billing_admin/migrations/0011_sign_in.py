"""Sessions of our own, how often something was done, and roles that need a second factor."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Whoever takes an account over, or is to be kept out of it, may be signed in somewhere: whatever changes the password or
# the account, a page, a command or SQL, ends that. (Who changes the own password gets a new session.)
END_SESSIONS = """
    CREATE FUNCTION billing_admin_end_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM billing_admin_staffsession WHERE person_id = NEW.id;
        RETURN NULL;
    END $$;
    CREATE TRIGGER end_sessions AFTER UPDATE OF password, is_active ON auth_user FOR EACH ROW
        WHEN (OLD.password IS DISTINCT FROM NEW.password OR (OLD.is_active AND NOT NEW.is_active))
        EXECUTE FUNCTION billing_admin_end_sessions();
"""
KEEP_SESSIONS = """
    DROP TRIGGER end_sessions ON auth_user;
    DROP FUNCTION billing_admin_end_sessions();
"""
# What django-axes counted, and Django's own sessions: everybody signs in once more.
FORGET = """
    -- squawk-ignore ban-drop-table
    DROP TABLE IF EXISTS axes_accessattempt, axes_accesslog, axes_accessattemptexpiration, axes_accessfailurelog,
        django_session;
    DELETE FROM auth_group_permissions USING auth_permission, django_content_type
        WHERE permission_id = auth_permission.id AND content_type_id = django_content_type.id
            AND app_label IN ('axes', 'sessions');
    DELETE FROM auth_user_user_permissions USING auth_permission, django_content_type
        WHERE permission_id = auth_permission.id AND content_type_id = django_content_type.id
            AND app_label IN ('axes', 'sessions');
    DELETE FROM auth_permission USING django_content_type
        WHERE content_type_id = django_content_type.id AND app_label IN ('axes', 'sessions');
    DELETE FROM django_content_type WHERE app_label IN ('axes', 'sessions');
    DELETE FROM django_migrations WHERE app IN ('axes', 'sessions');
"""


class Migration(migrations.Migration):

    dependencies = [
        ('billing_admin', '0010_roles'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        migrations.AddField(
            model_name='role',
            name='second_factor',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name='RateCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('key', models.CharField(max_length=64)),
                ('address', models.GenericIPAddressField(null=True)),
                ('count', models.PositiveIntegerField()),
                ('since', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('kind', 'key'), name='counted_once')],
            },
        ),
        migrations.CreateModel(
            name='StaffSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('data', models.TextField()),
                ('made_at', models.DateTimeField()),
                ('last_used_at', models.DateTimeField()),
                ('address', models.GenericIPAddressField(null=True)),
                ('agent', models.CharField(blank=True, max_length=200)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('digest',), name='session_digest')],
            },
        ),
        migrations.RunSQL(END_SESSIONS, KEEP_SESSIONS),
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
    ]
