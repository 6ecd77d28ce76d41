"""Invoices and credit notes whose documents are wanted, with what these are drawn from."""

from collections.abc import Iterator, Sequence
from itertools import batched, chain
from typing import Any

from invoices.models import CreditNote, Invoice

_AT_ONCE = 200


def documents_of(model: type[Any], ids: Sequence[int]) -> Iterator[Invoice | CreditNote]:
    """Those of the rows that are issued, in the order of their ids, each invoice before its credit notes.

    Of invoices or of credit notes alone, by `model`; so many are read at a time that memory does not grow with them.
    """
    for some in batched(ids, _AT_ONCE):
        if model is CreditNote:
            yield from _notes().filter(pk__in=some).order_by("pk")
            continue
        invoices = Invoice.objects.select_related("client", "seller__logo").filter(pk__in=some)
        notes: dict[int, list[CreditNote]] = {}
        for note in _notes().filter(invoice__in=some).order_by("pk"):
            notes.setdefault(note.invoice_id, []).append(note)
        issued = invoices.exclude(status=Invoice.Status.DRAFT).order_by("pk")
        yield from chain.from_iterable([invoice, *notes.get(invoice.pk, ())] for invoice in issued)


def _notes() -> Any:
    return CreditNote.objects.select_related("client", "seller__logo", "invoice__client", "invoice__seller")
