"""Lists of invoices, everybody's and one client's."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from djmoney.money import Money

from billing_admin.db.over_rows import currencies_of, every_currency, over_rows
from clients.models import Client
from invoices.models import CreditNote, ImportedInvoice, Invoice

# The newest invoices, in which the currencies in use are looked for.
CURRENCIES_AMONG = 2_000

_NUMBER = re.compile(r"(?P<prefix>.*?)(?P<digits>[0-9]{1,18})", re.ASCII)


@dataclass(frozen=True)
class CurrencySum:
    """What the listed invoices of one currency come to, less their credit notes; what of it is due or written off."""

    total: Money
    due: Money
    written_off: Money


# What a list and its file show of an invoice with its client, and of a credit note: half of what there is.
_SHOWN = (
    "label", "origin", "status", "issued_on", "due_on", "bill_to_name", "currency", "total",
    "credit_applied", "amount_paid", "amount_credited", "amount_written_off", "balance_due", "client__number",
    "client__name",
)  # fmt: skip
_NOTES = """
    SELECT id, invoice_id, label, issued_on, reason, bill_to_name, currency, total
    FROM invoices_creditnote WHERE invoice_id = ANY(%s) ORDER BY id
"""


def invoices_list() -> QuerySet[Invoice]:
    """Every invoice with its client; of both only what a list shows."""
    return Invoice.objects.select_related("client").only(*_SHOWN)


def notes_below(invoices: Iterable[Invoice]) -> dict[int, list[CreditNote]]:
    """Invoice id → its credit notes with that invoice, in order; of each only what a list shows."""
    by_id = {invoice.pk: invoice for invoice in invoices}
    notes: dict[int, list[CreditNote]] = defaultdict(list)
    for note in CreditNote.objects.raw(_NOTES, [list(by_id)]):
        note.invoice = by_id[note.invoice_id]
        notes[note.invoice_id].append(note)
    return notes


def statuses_there(invoices: Iterable[Invoice]) -> dict[int, str]:
    """Invoice id → its status in the system it came from, of those that were open there; one statement, or none."""
    opened = [invoice.pk for invoice in invoices if invoice.origin == Invoice.Origin.OPEN]
    if not opened:
        return {}
    return dict(ImportedInvoice.objects.filter(invoice__in=opened).values_list("invoice_id", "status"))


def currencies_in_use(client: Client | None = None) -> list[str]:
    """The currencies of invoices, for a filter; of one client's those of its newest."""
    if client is None:
        return every_currency(Invoice)
    return currencies_of(Invoice.objects.filter(client=client).order_by("-id"), CURRENCIES_AMONG)


# Of the columns that `sums` asks for. Of refunded ones nothing is due.
_SUMS = """
    currency, sum(total - amount_credited) FILTER (WHERE status NOT IN ('draft', 'cancelled')),
    sum(balance_due) FILTER (WHERE status = 'unpaid'), sum(amount_written_off)
"""


def sums(invoices: QuerySet[Invoice]) -> list[CurrencySum]:
    """Totals per currency of what is listed, drafts and cancelled ones left out."""
    columns = ("currency", "status", "total", "amount_credited", "amount_written_off", "balance_due")
    rows = over_rows(invoices.values_list(*columns), _SUMS, "GROUP BY currency ORDER BY currency")
    return [
        CurrencySum(Money(total, currency), Money(due or 0, currency), Money(written_off, currency))
        for currency, total, due, written_off in rows
        if total is not None
    ]


def invoices_matching(search: str, *, everybody: bool, beside: bool) -> Q:
    """Invoices by their number, with or without prefix and zeros, that of a credit note with its prefix, or by client.

    An invoice number wins over a client's number: this is for the list of invoices. By what stands `beside` a client
    only for those who may see it.

    Raises SearchTooBroad.
    """
    invoices, notes = documents_numbered(search)
    if invoices or notes:
        return Q(pk__in=[*invoices, *notes.values()])
    return Q(client__in=Client.objects.ids_matching(search, beside=beside)) if everybody else Q(pk__in=[])


def documents_numbered(search: str) -> tuple[list[int], dict[int, int]]:
    """The invoices and credit notes of a number, by id; those of the notes lead to their invoices.

    A prefix counts only where one was typed: `INV-000012`, `inv 12` and `12` are one. A credit note is meant only where
    its prefix was typed. An imported invoice is found by its number as it is printed.
    """
    if search.startswith("#"):
        return [], {}
    imported = list(Invoice.objects.exclude(origin="").filter(label__iexact=search).values_list("pk", flat=True))
    match = _NUMBER.fullmatch(search)
    if match is None:
        return imported, {}
    typed, number = _letters(match["prefix"]), int(match["digits"])
    invoices = Invoice.objects.filter(number=number).values_list("pk", "number_prefix")
    notes = CreditNote.objects.filter(number=number).values_list("pk", "invoice_id", "number_prefix")
    return (
        [pk for pk, prefix in invoices if typed in ("", _letters(prefix))] + imported,
        {pk: invoice for pk, invoice, prefix in notes if typed and typed == _letters(prefix)},
    )


def documents_found(search: str, most: int) -> tuple[list[Invoice], list[CreditNote]]:
    """The first invoices and credit notes of a number, with what a line says of them."""
    invoices, notes = documents_numbered(search)
    shown = ("label", "status", "due_on", "currency", "balance_due", "bill_to_name")
    return (
        list(Invoice.objects.filter(pk__in=invoices[:most]).only(*shown).order_by("-pk")) if invoices else [],
        list(CreditNote.objects.filter(pk__in=[*notes][:most]).only("label", "currency", "total", "bill_to_name"))
        if notes
        else [],
    )


def _letters(prefix: str) -> str:
    return "".join(character for character in prefix.casefold() if character.isalnum())
