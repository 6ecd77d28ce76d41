"""The groups that staff are put in, and what each may do. A migration makes them."""

VIEWER = "Viewer"
BILLING = "Billing"
OWNER = "Owner"

_SEE = (
    "clients.view_client",
    "invoices.view_invoice",
    "transactions.view_transaction",
    "credits.view_credit",
)
_BILL = (
    "clients.add_client",
    "clients.change_client",
    "clients.merge_client",
    "invoices.add_billableitem",
    "invoices.issue_invoice",
    "invoices.cancel_invoice",
    "invoices.issue_creditnote",
    "invoices.generate_invoices",
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
    "invoices.change_numbering",
    "invoices.change_runlimits",
    "invoices.change_tax",
    "transactions.delete_transaction",
    "transactions.manage_payment_methods",
    "credits.adjust_balance",
    "credits.change_creditsettings",
    "credits.check_ledger",
)

# Group → permissions, as `app_label.codename`.
GROUPS: dict[str, tuple[str, ...]] = {
    VIEWER: _SEE,
    BILLING: (*_SEE, *_BILL),
    OWNER: (*_SEE, *_BILL, *_OWN),
}
