"""What each right is called, and which belong together: for the table of roles, and to say which one is missing.

The words are those that the models declare with their permissions. A right that is not here fails a test.
"""

from collections.abc import Iterable
from functools import cache

from django.apps import apps

# Heading → rights, as `app_label.codename`, in the order of the table.
SECTIONS: dict[str, tuple[str, ...]] = {
    "Clients": (
        "clients.view_client",
        "clients.add_client",
        "clients.change_client",
        "clients.change_contact",
        "clients.add_clientnote",
        "clients.add_clientdocument",
        "clients.close_client",
        "clients.merge_client",
        "clients.undo_merge",
        "clients.delete_client",
        "clients.delete_transactions",
        "clients.export_client",
        "clients.save_lists",
    ),
    "Mail": (
        "clients.view_mailmessage",
        "clients.send_mailmessage",
    ),
    "Credit": (
        "credits.view_credit",
        "credits.add_credit",
        "credits.grant_paid_credit",
        "credits.give_bulk_credit",
        "credits.apply_credit",
        "credits.remove_credit",
        "credits.reverse_credit",
        "credits.edit_credit",
        "credits.transfer_credit",
        "credits.adjust_balance",
        "credits.check_ledger",
        "clients.approve_request",
        "clients.view_activity",
    ),
    "Invoices": (
        "invoices.view_invoice",
        "invoices.add_billableitem",
        "invoices.issue_invoice",
        "invoices.cancel_invoice",
        "invoices.issue_creditnote",
        "invoices.write_off_invoice",
        "invoices.add_reminderhold",
        "invoices.generate_invoices",
    ),
    "Transactions": (
        "transactions.view_transaction",
        "transactions.record_payment",
        "transactions.refund_payment",
        "transactions.reverse_payment",
        "transactions.delete_transaction",
    ),
    "Settings": (
        "credits.change_creditsettings",
        "invoices.change_runlimits",
        "invoices.change_reminderlevel",
        "invoices.change_seller",
        "invoices.change_tax",
        "invoices.change_numbering",
        "transactions.manage_payment_methods",
        "clients.change_customfield",
        "clients.change_documentsettings",
        "clients.change_mailsettings",
    ),
    "Staff": (
        "billing_admin.manage_staff",
        "billing_admin.manage_roles",
        "billing_admin.import_system",
    ),
}


@cache
def names() -> dict[str, str]:
    """Right → what it is called, of all that the models declare."""
    return {
        f"{model._meta.app_label}.{codename}": str(name)
        for model in apps.get_models()
        for codename, name in model._meta.permissions
    }


def missing_rights(rights: Iterable[str]) -> str:
    """The sentence for somebody who lacks these rights."""
    first, *more = [f"“{names()[right]}”" for right in rights]
    said = f"the rights {', '.join([first, *more[:-1]])} and {more[-1]}" if more else f"the right {first}"
    return f"This needs {said}. An owner can give {'them' if more else 'it'} to you."
