"""What the page of one invoice shows."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth.models import User
from django.db.models import FETCH_RAISE, Q, QuerySet, Sum
from djmoney.money import Money

from clients.models import Activity, ExternalReference
from credits.models import CreditEntry, CreditGrant
from invoices.models import CreditNoteLine, ImportedInvoice, ImportedLine, Invoice, InvoiceLine, WriteOff
from transactions.models import Transaction

# How much of what was done about an invoice its page shows.
ACTIVITY_SHOWN = 20


def invoice_shown(pk: int) -> Invoice | None:
    """The invoice with its client."""
    return Invoice.objects.select_related("client").filter(pk=pk).first()


def lines_of(invoice: Invoice) -> QuerySet[InvoiceLine]:
    """The lines in their order."""
    return InvoiceLine.objects.filter(invoice=invoice).fetch_mode(FETCH_RAISE).order_by("position")


@dataclass(frozen=True)
class Imported:
    """What an invoice came to in the system it came from: the figures, and its lines there where none are ours.

    `source` names that system and `external_id` is the id there.
    """

    figures: ImportedInvoice
    lines: list[ImportedLine]
    source: str
    external_id: str

    @property
    def lines_add_up(self) -> bool:
        """Whether they come to the subtotal, or to it with tax."""
        total = sum((line.amount for line in self.lines), Money(0, self.figures.currency))
        return not self.lines or total in (self.figures.subtotal, self.figures.subtotal + self.figures.all_tax)


def imported(invoice: Invoice) -> Imported | None:
    """What it came to there; None for one that was made here."""
    figures = ImportedInvoice.objects.filter(invoice=invoice).first() if invoice.origin else None
    if figures is None:
        return None
    named = ExternalReference.objects.filter(client=invoice.client_id, kind="invoice", row_id=invoice.pk)
    reference = named.order_by("pk").first()
    return Imported(
        figures,
        list(ImportedLine.objects.filter(invoice=invoice).fetch_mode(FETCH_RAISE).order_by("position")),
        reference.source if reference else "",
        reference.external_id if reference else "",
    )


def tax_by_rate(lines: Sequence[InvoiceLine | CreditNoteLine]) -> list[tuple[Decimal, Money]]:
    """Tax per rate, lowest rate first; lines without tax are left out."""
    sums: dict[Decimal, Money] = defaultdict(lambda: Money(0, lines[0].currency))
    for line in lines:
        if line.tax_rate:
            sums[line.tax_rate] += line.tax
    return sorted(sums.items())


def credit_entries(invoice: Invoice) -> QuerySet[CreditEntry]:
    """Which grants paid, and what was released again."""
    entries = CreditEntry.objects.filter(invoice=invoice).select_related("grant")
    return entries.fetch_mode(FETCH_RAISE).order_by("id")


def credit_by_grant(invoice: Invoice) -> list[tuple[CreditGrant, Money]]:
    """What each grant pays of this invoice now, which is what it gets back."""
    grants = (
        CreditGrant.objects.filter(entries__invoice=invoice)
        .annotate(applied=-Sum("entries__amount"))
        .filter(applied__gt=0)
        .in_draw_down_order()
    )
    return [(grant, Money(grant.applied, invoice.currency)) for grant in grants]


def billed_periods(invoice: Invoice) -> int:
    """How many periods of billable items it bills."""
    return InvoiceLine.objects.filter(invoice=invoice, billable_item__isnull=False).count()


def payments(invoice: Invoice) -> QuerySet[Transaction]:
    """Money in and out for this invoice."""
    paid = Transaction.objects.filter(invoice=invoice).select_related("payment_method")
    return paid.fetch_mode(FETCH_RAISE).order_by("date", "id")


def write_offs(invoice: Invoice) -> QuerySet[WriteOff]:
    """What was written off of it, and what of that was taken back."""
    return WriteOff.objects.filter(invoice=invoice).fetch_mode(FETCH_RAISE).order_by("id")


def activity(invoice: Invoice, person: User) -> QuerySet[Activity]:
    """What was done about this invoice, also together with others, that the person may see; the latest first.

    Reads the client's activity, which an index leads to.
    """
    about = Q(data__invoice=invoice.pk) | Q(data__contains={"invoices": [invoice.pk]})
    done = Activity.objects.visible_to(person).filter(about, client_id=invoice.client_id).defer("data")
    return done.fetch_mode(FETCH_RAISE).order_by("-id")[:ACTIVITY_SHOWN]


def issued_at(invoice: Invoice, activities: list[Activity]) -> datetime.datetime:
    """The moment of issue, by the activity; that of the making where it is not among the latest."""
    moments = [action.at for action in activities if action.verb == "invoice.issued"]
    return moments[0] if moments else invoice.created_at


def reversal_billed(invoice: Invoice) -> Transaction | None:
    """The reversal whose missing credit this invoice bills."""
    billed = Activity.objects.filter(
        client_id=invoice.client_id, verb="payment.shortfall_billed", data__invoice=invoice.pk
    )
    return Transaction.objects.filter(pk__in=list(billed.values_list("data__transaction", flat=True))).first()
