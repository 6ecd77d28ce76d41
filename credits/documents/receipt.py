"""The receipt for money that was kept as credit: drawn once, and of nothing that changes afterwards."""

from typing import Any

from djmoney.money import Money

from billing_admin.documents import Sheet, day_in, money_in, words
from clients.models import ClientMerge
from credits.models import CreditEntry, CreditGrant
from credits.selectors.balances import balances_after
from invoices.documents.letterhead import addressed_to, language_of, letterhead, logo_of
from invoices.models import SellerVersion
from transactions.models import Transaction
from transactions.selectors.remaining import first_part, parts_of


def receipt_sheet(grant: CreditGrant) -> Sheet:
    """What came in with the payment that gave this credit, what of it paid invoices, and what became credit.

    Of a credit that is money received. The sender is the company as it was when that was booked, the addressee who the
    money was booked for.
    """
    kept = grant.transaction
    assert kept is not None
    first = first_part(kept)
    client = grant.client
    company = SellerVersion.objects.at(grant.created_at)
    language = language_of(client, company)
    said = words(language)
    received, paid = _uses(first)
    title = f"{said['receipt']} {first.pk}"
    facts = [
        (said["received_on"], day_in(first.date, language)),
        (said["method"], first.payment_method.name),
        (said["transaction"], str(first.pk)),
        (said["reference"], first.reference),
        (said["client"], str(kept.client_number)),
    ]
    money = [(said["received"], received, "regular")]
    money += [(said["payment_of"].format(number=row.invoice_label), row.amount_in, "regular") for row in paid]
    money.append((said["kept_as_credit"], grant.amount, "bold"))
    if (held := _held_after(grant)) is not None:
        money.append((said["credit_balance"], held, "regular"))
    data: dict[str, Any] = {
        **letterhead(company, language),
        **addressed_to(client, language, kept.client_name),
        "title": title,
        "heading": title,
        "date": [first.date.year, first.date.month, first.date.day],
        "facts": [[label, value] for label, value in facts if value],
        "highlight": f"{said['received']} {money_in(received.amount, grant.currency, language)}",
        "totals": [
            {"label": label, "amount": money_in(amount.amount, grant.currency, language), "weight": weight}
            for label, amount, weight in money
        ],
        "notes": [],
    }
    return Sheet("receipt.typ", data, first.date, logo=logo_of(company))


def _uses(first: Transaction) -> tuple[Money, list[Transaction]]:
    """All that came in with the payment, and its rows that paid invoices.

    Money that was attached later came in on one row, and was moved to others.
    """
    rows = parts_of(first)
    received = sum((row.amount_in for row in rows if row.kind == Transaction.Kind.PAYMENT), Money(0, first.currency))
    return received, [row for row in rows if row.invoice_label]


def _held_after(grant: CreditGrant) -> Money | None:
    """What the client held then. Of accounts that were merged later nobody held the sum then: None."""
    if ClientMerge.objects.filter(kept=grant.client_id, undone_at=None, merged_at__gt=grant.created_at).exists():
        return None
    entry = CreditEntry.objects.filter(grant=grant).order_by("pk")[0]
    return balances_after([entry])[entry.pk]
