"""What is said after an invoice was made or issued."""

from billing_admin.money.amounts import money_text
from clients.models import Client
from invoices.models import Invoice


def what_happened(invoice: Invoice, client: Client) -> str:
    """One or two sentences with all the figures."""
    if invoice.status == Invoice.Status.DRAFT:
        return f"Draft of {money_text(invoice.total)} for {client.name} saved; it is not issued yet."
    said = f"{invoice.label} of {money_text(invoice.total)} issued to {invoice.bill_to_name}. "
    said += (
        f"Credit of {money_text(invoice.credit_applied)} was applied; "
        if invoice.credit_applied.amount
        else ("No credit was applied; ")
    )
    if not invoice.due.amount:
        return said + "nothing is due, it is Paid."
    return said + f"{money_text(invoice.due)} is due on {invoice.due_on:%-d %b %Y}."
