"""Mail about requests for approval. What there is already is of a kind that the constraint before allowed: it is not read."""

import django.contrib.postgres.fields
import pgtrigger.compiler
import pgtrigger.migrations
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
        pgtrigger.migrations.RemoveTrigger(
            model_name='approvalrequest',
            name='asked_stays',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='approvalrequest',
            trigger=pgtrigger.compiler.Trigger(name='asked_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.action IS DISTINCT FROM NEW.action OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.currency IS DISTINCT FROM NEW.currency OR OLD.amount IS DISTINCT FROM NEW.amount OR OLD.why IS DISTINCT FROM NEW.why OR OLD.requester_name IS DISTINCT FROM NEW.requester_name OR OLD.asked_at IS DISTINCT FROM NEW.asked_at) AND (false) IS NOT TRUE)', func="RAISE EXCEPTION 'What was asked for stays as it was asked.' USING ERRCODE = 'check_violation';", hash='b0c6333016bd36f622f1e6477d463dc50b0758f2', operation='UPDATE', pgid='pgtrigger_asked_stays_c1005', table='clients_approvalrequest', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='approvalrequest',
            trigger=pgtrigger.compiler.Trigger(name='subject_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.subject IS DISTINCT FROM NEW.subject) AND (current_setting('billing_admin.maintenance', true) = 'delete') IS NOT TRUE)", func="RAISE EXCEPTION 'What was asked for stays as it was asked.' USING ERRCODE = 'check_violation';", hash='1803135b5dcb35bb611b14b6873ed46664238d6b', operation='UPDATE', pgid='pgtrigger_subject_stays_07586', table='clients_approvalrequest', when='BEFORE')),
        ),
    ]
