"""The roles that come with this, and what each may do; `migrate` brings an installation's groups up to date.

What a group was once offered is remembered, so that an upgrade gives it only what is new: a permission that staff took
away stays away, and a group that staff deleted is not made again. Where a permission becomes several, whoever holds it
at that moment gets the new ones, and nobody else.
"""

import sys
from typing import Any, TextIO

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission, User
from django.db import connections
from django.db import transaction as db_transaction

from billing_admin.models import OfferedPermission, Role

VIEWER, SUPPORT, BILLING, MANAGER, OWNER = Role.BuiltIn.labels

_SEE = (
    "clients.view_client",
    "clients.view_mailmessage",
    "invoices.view_invoice",
    "transactions.view_transaction",
    "credits.view_credit",
)
_LOOK = (*_SEE, "clients.save_lists")
_SERVE = (
    "clients.change_client",
    "clients.change_contact",
    "clients.add_clientnote",
    "clients.add_clientdocument",
    "clients.send_mailmessage",
    "credits.add_credit",
    "credits.apply_credit",
)
_BILL = (
    "clients.add_client",
    "clients.close_client",
    "clients.merge_client",
    "clients.undo_merge",
    "invoices.add_billableitem",
    "invoices.issue_invoice",
    "invoices.cancel_invoice",
    "invoices.issue_creditnote",
    "invoices.generate_invoices",
    "invoices.add_reminderhold",
    "transactions.record_payment",
    "transactions.refund_payment",
    "transactions.reverse_payment",
    "credits.give_bulk_credit",
    "credits.remove_credit",
    "credits.reverse_credit",
    "credits.edit_credit",
    "credits.transfer_credit",
)
_MANAGE = (
    "clients.export_client",
    "invoices.write_off_invoice",
    "credits.adjust_balance",
    "credits.grant_paid_credit",
    "credits.check_ledger",
    "clients.approve_request",
    "clients.view_activity",
)
_OWN = (
    "billing_admin.import_system",
    "billing_admin.manage_staff",
    "billing_admin.manage_roles",
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
    "transactions.delete_transaction",
    "transactions.manage_payment_methods",
    "credits.change_creditsettings",
)

# Group → permissions, as `app_label.codename`.
GROUPS: dict[str, tuple[str, ...]] = {
    VIEWER: _LOOK,
    SUPPORT: (*_LOOK, *_SERVE),
    BILLING: (*_LOOK, *_SERVE, *_BILL),
    MANAGER: (*_LOOK, *_SERVE, *_BILL, *_MANAGE),
    OWNER: (*_LOOK, *_SERVE, *_BILL, *_MANAGE, *_OWN),
}

# A permission that was part of others → those; whoever holds one of them when it comes gets it.
PARTS: dict[str, tuple[str, ...]] = {
    "clients.close_client": ("clients.change_client",),
    "clients.undo_merge": ("clients.merge_client",),
    "clients.save_lists": _SEE,
    "transactions.reverse_payment": ("transactions.refund_payment",),
    "clients.view_activity": ("credits.check_ledger",),
    "credits.give_bulk_credit": ("credits.add_credit",),
    "credits.reverse_credit": ("credits.remove_credit",),
    "credits.edit_credit": ("credits.remove_credit",),
}


def synchronize_groups(*, using: str, verbosity: int = 0, stdout: TextIO = sys.stdout, **_signal: Any) -> None:
    """Make the groups that are missing and give each what it was never offered. Runs after each `migrate`.

    Does nothing where the tables are not there: after a migration back to an older state.
    """
    tables = connections[using].introspection.table_names()
    if not {OfferedPermission._meta.db_table, Role._meta.db_table} <= set(tables):
        return
    with db_transaction.atomic(using=using):
        for app_config in apps.get_app_configs():  # Django itself makes each app's only after that app's signal
            create_permissions(app_config, verbosity=0, using=using)
        taken = _Groups(using).synchronize()
    for name in taken if verbosity else ():
        stdout.write(
            f"There is a group “{name}” that somebody made. It stays as it is, and the role of this name is not made; "
            "rename the group, and the next migrate makes it.\n"
        )


class _Groups:
    """The groups of an installation, and what they were offered."""

    def __init__(self, using: str) -> None:
        self.using = using
        self.permissions = {
            f"{label}.{codename}": pk
            for pk, label, codename in Permission.objects.using(using).values_list(
                "pk", "content_type__app_label", "codename"
            )
        }
        self.offered = set(OfferedPermission.objects.using(using).values_list("group_name", "permission"))
        self.made = {name for name, _ in self.offered}

    def synchronize(self) -> list[str]:
        """Bring them up to date; the names that are taken by groups of somebody's own."""
        self._give_parts()
        roles = Role.objects.using(self.using).filter(built_in__isnull=False).select_related("group")
        groups = {role.get_built_in_display(): role.group for role in roles}
        taken = []
        for name, granted in GROUPS.items():
            if name not in self.made:
                if Group.objects.using(self.using).filter(name=name).exists():
                    taken.append(name)
                    continue
                groups[name] = Group.objects.using(self.using).create(name=name)
                Role.objects.using(self.using).create(group=groups[name], built_in=Role.BuiltIn[name.upper()])
            new = [permission for permission in granted if (name, permission) not in self.offered]
            if new and name in groups:
                groups[name].permissions.add(*(self.permissions[permission] for permission in new))
            self._remember(name, new)
        return taken

    def _give_parts(self) -> None:
        """Give what was a part of something to who holds that, once: when nobody was ever offered it."""
        known = {permission for _, permission in self.offered}
        for part, wholes in PARTS.items():
            if part in known or known.isdisjoint(wholes):
                continue
            permission = Permission.objects.using(self.using).get(pk=self.permissions[part])
            held = [self.permissions[whole] for whole in wholes]
            permission.group_set.add(*Group.objects.using(self.using).filter(permissions__in=held).distinct())
            permission.user_set.add(*User.objects.using(self.using).filter(user_permissions__in=held).distinct())
            for name in self.made:
                if part in GROUPS.get(name, ()):
                    self._remember(name, [part])

    def _remember(self, name: str, permissions: list[str]) -> None:
        OfferedPermission.objects.using(self.using).bulk_create(
            OfferedPermission(group_name=name, permission=permission) for permission in permissions
        )
        self.offered.update((name, permission) for permission in permissions)
