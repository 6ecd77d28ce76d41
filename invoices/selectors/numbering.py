"""How documents are numbered at present."""

import datetime

from invoices.models import NumberFormat, NumberSeries
from invoices.models.number_series import Document, document_label


def next_label(document: Document, on: datetime.date) -> str:
    """The number that the next document of this kind gets if it is issued on that day."""
    prefix = NumberFormat.objects.prefix_on(document, on)
    series = NumberSeries.objects.filter(document=document, prefix=prefix).first()
    return document_label(prefix, series.next_number if series else 1)
