"""The groups that staff are put in, and what each may do; `migrate` brings an installation's groups up to date.

What a group was once offered is remembered, so that an upgrade gives it only what is new: a permission that staff took
away stays away, and a group that staff deleted is not made again.
"""

from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import connections

from billing_admin.models import OfferedPermission

VIEWER = "Viewer"
BILLING = "Billing"
OWNER = "Owner"

_SEE = (
    "clients.view_client",
    "clients.view_mailmessage",
    "invoices.view_invoice",
    "transactions.view_transaction",
    "credits.view_credit",
)
_BILL = (
    "clients.add_client",
    "clients.change_client",
    "clients.merge_client",
    "clients.change_contact",
    "clients.add_clientnote",
    "clients.add_clientdocument",
    "clients.send_mailmessage",
    "invoices.add_billableitem",
    "invoices.issue_invoice",
    "invoices.cancel_invoice",
    "invoices.issue_creditnote",
    "invoices.generate_invoices",
    "invoices.add_reminderhold",
    "transactions.record_payment",
    "transactions.refund_payment",
    "credits.add_credit",
    "credits.apply_credit",
    "credits.remove_credit",
    "credits.transfer_credit",
)
_OWN = (
    "clients.export_client",
    "clients.delete_client",
    "clients.delete_transactions",
    "clients.change_documentsettings",
    "clients.change_customfield",
    "clients.change_mailsettings",
    "invoices.change_numbering",
    "invoices.change_reminderlevel",
    "invoices.change_runlimits",
    "invoices.change_seller",
    "invoices.change_tax",
    "invoices.write_off_invoice",
    "transactions.delete_transaction",
    "transactions.manage_payment_methods",
    "credits.adjust_balance",
    "credits.grant_paid_credit",
    "credits.change_creditsettings",
    "credits.check_ledger",
)

# Group → permissions, as `app_label.codename`.
GROUPS: dict[str, tuple[str, ...]] = {
    VIEWER: _SEE,
    BILLING: (*_SEE, *_BILL),
    OWNER: (*_SEE, *_BILL, *_OWN),
}


def synchronize_groups(*, using: str, **_signal: Any) -> None:
    """Make the groups that are missing and give each what it was never offered. Runs after each `migrate`.

    Does nothing where the tables are not there: after a migration back to an older state.
    """
    if OfferedPermission._meta.db_table not in connections[using].introspection.table_names():
        return
    for app_config in apps.get_app_configs():  # Django itself makes each app's only after that app's signal
        create_permissions(app_config, verbosity=0, using=using)
    permissions = {
        f"{label}.{codename}": pk
        for pk, label, codename in Permission.objects.using(using).values_list(
            "pk", "content_type__app_label", "codename"
        )
    }
    offered = set(OfferedPermission.objects.using(using).values_list("group_name", "permission"))
    known = {name for name, _ in offered}
    for name, granted in GROUPS.items():
        new = [permission for permission in granted if (name, permission) not in offered]
        if not new:
            continue
        if name not in known:
            group: Group | None = Group.objects.using(using).get_or_create(name=name)[0]
        else:
            group = Group.objects.using(using).filter(name=name).first()
        if group is not None:
            group.permissions.add(*(permissions[permission] for permission in new))
        OfferedPermission.objects.using(using).bulk_create(
            OfferedPermission(group_name=name, permission=permission) for permission in new
        )
