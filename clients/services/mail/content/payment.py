"""Mail that a payment has arrived."""

from djmoney.money import Money

from billing_admin.documents.languages import day_in
from clients.models import Client, MailMessage
from transactions.models import Transaction

from .invoice import to_pay_of
from .said import Said, Withheld, money, money_if_any


def say(message: MailMessage, client: Client | None, language: str) -> Said:
    """What came in, and what became of it: of money that was attached later, by the rows that it was moved to."""
    first = (
        Transaction.objects.select_related("payment_method").filter(pk=message.subject_id or 0, client=client).first()
    )
    if first is None:
        raise Withheld(f"The payment for {message.about} is not there any more.")
    others = list(Transaction.objects.select_related("invoice").filter(part_of=first, amount_in__gt=0).order_by("pk"))
    moved = [row for row in others if row.kind == Transaction.Kind.MOVED]
    rows = moved or [Transaction.objects.select_related("invoice").get(pk=first.pk), *others]
    came_in = [first] if moved else rows
    nothing = Money(0, first.currency)
    amount = sum((row.amount_in for row in came_in), nothing)
    if _given_back(rows, nothing) >= amount:
        raise Withheld(f"The payment for {message.about} was given back.")
    paid = {row.invoice.pk: row.invoice for row in rows if row.invoice}
    values = {
        "amount": money(amount, language),
        "received_on": day_in(first.date, language),
        "method": first.payment_method.name,
        "reference": first.reference,
        "invoices": ", ".join(invoice.label for invoice in paid.values()),
        "to_pay": money_if_any(sum((to_pay_of(invoice) for invoice in paid.values()), nothing), language),
        "kept_as_credit": money_if_any(sum((row.amount_in for row in rows if row.invoice is None), nothing), language),
    }
    return Said(values)


def _given_back(rows: list[Transaction], nothing: Money) -> Money:
    back = Transaction.objects.filter(refund_of__in=rows).exclude(kind=Transaction.Kind.MOVED)
    return sum((row.amount_out for row in back), nothing)
