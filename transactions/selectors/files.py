"""Files of payments that wait, and the formats that they are read by."""

from django.db.models import FETCH_RAISE, QuerySet

from transactions.models import PaymentFile, PaymentFileMapping


def waiting_files() -> QuerySet[PaymentFile]:
    """Uploaded files that are neither booked nor discarded, the latest first; without what is in them."""
    files = PaymentFile.objects.select_related("mapping", "uploaded_by").defer("content")
    return files.fetch_mode(FETCH_RAISE).order_by("-pk")


def file_mappings() -> QuerySet[PaymentFileMapping]:
    """The saved formats by name."""
    mappings = PaymentFileMapping.objects.select_related("payment_method")
    return mappings.fetch_mode(FETCH_RAISE).order_by("name", "pk")
