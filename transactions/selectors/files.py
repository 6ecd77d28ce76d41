"""Files of payments that wait, and the formats that they are read by."""

from django.db.models import FETCH_RAISE, Exists, OuterRef, QuerySet

from transactions.models import PaymentBatch, PaymentFile, PaymentFileMapping, Transaction


def waiting_files() -> QuerySet[PaymentFile]:
    """Uploaded files that are neither booked nor discarded, the latest first; without what is in them."""
    files = PaymentFile.objects.select_related("mapping", "uploaded_by").defer("content")
    return files.fetch_mode(FETCH_RAISE).order_by("-pk")


def file_mappings() -> QuerySet[PaymentFileMapping]:
    """The saved formats by name."""
    mappings = PaymentFileMapping.objects.select_related("payment_method")
    return mappings.fetch_mode(FETCH_RAISE).order_by("name", "pk")


def unconfirmed_formats() -> QuerySet[PaymentFileMapping]:
    """Formats of which nobody has said whether their ids are the gateway's or the payers'."""
    return file_mappings().filter(id_confirmed=False).exclude(id_column="")


def booked_files() -> QuerySet[PaymentBatch]:
    """Files that were booked, the latest first, and whether something of each `is_left` that can be taken back."""
    left = Transaction.objects.filter(batch=OuterRef("pk"))
    return PaymentBatch.objects.annotate(is_left=Exists(left)).fetch_mode(FETCH_RAISE).order_by("-created_at", "-pk")
