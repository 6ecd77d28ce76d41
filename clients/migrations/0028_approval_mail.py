"""Mail about requests for approval. What there is already is of a kind that the constraint before allowed: it is not read."""

import django.contrib.postgres.fields
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0027_limits'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='mailmessage',
            name='mail_kind',
        ),
        migrations.AlterField(
            model_name='approvalrequest',
            name='kind',
            field=models.CharField(choices=[('given', 'Credit given'), ('adjusted', 'Balances raised'), ('transferred', 'Credit transferred'), ('refunded', 'Payments refunded or reversed'), ('written_off', 'Invoices written off or cancelled'), ('credited', 'Credit notes'), ('bulk', 'Bulk credit')], max_length=12),
        ),
        migrations.AlterField(
            model_name='limit',
            name='kind',
            field=models.CharField(choices=[('given', 'Credit given'), ('adjusted', 'Balances raised'), ('transferred', 'Credit transferred'), ('refunded', 'Payments refunded or reversed'), ('written_off', 'Invoices written off or cancelled'), ('credited', 'Credit notes'), ('bulk', 'Bulk credit')], max_length=12),
        ),
        migrations.AlterField(
            model_name='limituse',
            name='kind',
            field=models.CharField(choices=[('given', 'Credit given'), ('adjusted', 'Balances raised'), ('transferred', 'Credit transferred'), ('refunded', 'Payments refunded or reversed'), ('written_off', 'Invoices written off or cancelled'), ('credited', 'Credit notes'), ('bulk', 'Bulk credit')], max_length=12),
        ),
        migrations.AlterField(
            model_name='mailmessage',
            name='kind',
            field=models.CharField(choices=[('invoice', 'Invoice issued'), ('credit_note', 'Credit note'), ('payment', 'Payment received'), ('credit', 'Credit given'), ('expiring', 'Credit about to expire'), ('reminder', 'Reminder'), ('statement', 'Statement'), ('test', 'Test message'), ('invitation', 'Invitation'), ('password_reset', 'Password reset'), ('email_change', 'Confirmation of an e-mail address'), ('email_changed', 'E-mail address changed'), ('approval_asked', 'Approval asked for'), ('approval_given', 'Request approved'), ('approval_refused', 'Request refused')], max_length=16),
        ),
        migrations.AlterField(
            model_name='mailsettings',
            name='switched_on',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('invoice', 'Invoice issued'), ('credit_note', 'Credit note'), ('payment', 'Payment received'), ('credit', 'Credit given'), ('expiring', 'Credit about to expire'), ('reminder', 'Reminder'), ('statement', 'Statement'), ('test', 'Test message'), ('invitation', 'Invitation'), ('password_reset', 'Password reset'), ('email_change', 'Confirmation of an e-mail address'), ('email_changed', 'E-mail address changed'), ('approval_asked', 'Approval asked for'), ('approval_given', 'Request approved'), ('approval_refused', 'Request refused')], max_length=16), blank=True, db_default=[], default=list),
        ),
        migrations.AlterField(
            model_name='mailtemplate',
            name='kind',
            field=models.CharField(choices=[('invoice', 'Invoice issued'), ('credit_note', 'Credit note'), ('payment', 'Payment received'), ('credit', 'Credit given'), ('expiring', 'Credit about to expire'), ('reminder', 'Reminder'), ('statement', 'Statement'), ('test', 'Test message'), ('invitation', 'Invitation'), ('password_reset', 'Password reset'), ('email_change', 'Confirmation of an e-mail address'), ('email_changed', 'E-mail address changed'), ('approval_asked', 'Approval asked for'), ('approval_given', 'Request approved'), ('approval_refused', 'Request refused')], max_length=16),
        ),
        migrations.AlterField(
            model_name='mailwave',
            name='kind',
            field=models.CharField(choices=[('invoice', 'Invoice issued'), ('credit_note', 'Credit note'), ('payment', 'Payment received'), ('credit', 'Credit given'), ('expiring', 'Credit about to expire'), ('reminder', 'Reminder'), ('statement', 'Statement'), ('test', 'Test message'), ('invitation', 'Invitation'), ('password_reset', 'Password reset'), ('email_change', 'Confirmation of an e-mail address'), ('email_changed', 'E-mail address changed'), ('approval_asked', 'Approval asked for'), ('approval_given', 'Request approved'), ('approval_refused', 'Request refused')], max_length=16),
        ),
        AddConstraintNotValid(
            model_name='mailmessage',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['invoice', 'credit_note', 'payment', 'credit', 'expiring', 'reminder', 'statement', 'test', 'invitation', 'password_reset', 'email_change', 'email_changed', 'approval_asked', 'approval_given', 'approval_refused'])), name='mail_kind'),
        ),
    ]
