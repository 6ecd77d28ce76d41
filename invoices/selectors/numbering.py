"""How documents are numbered at present."""

import datetime

from invoices.models import NumberFormat, NumberSeries
from invoices.models.number_series import DEFAULT_PREFIXES, YEAR, Document, document_label


def prefix_of(document: Document) -> str:
    """What stands before the numbers of this kind, with `{year}` where it depends on the year."""
    stored = NumberFormat.objects.filter(document=document).values_list("prefix", flat=True).first()
    return DEFAULT_PREFIXES[document] if stored is None else stored


def next_label(document: Document, on: datetime.date) -> str:
    """The number that the next document of this kind gets if it is issued on that day."""
    prefix = prefix_of(document).replace(YEAR, str(on.year))
    series = NumberSeries.objects.filter(document=document, prefix=prefix).first()
    return document_label(prefix, series.next_number if series else 1)
