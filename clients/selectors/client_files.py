"""Files of clients that wait, and the mappings that they are read by."""

from django.db.models import FETCH_RAISE, QuerySet

from clients.models import ClientFile, ClientFileMapping


def waiting_client_files() -> QuerySet[ClientFile]:
    """Uploaded files that are neither imported nor discarded, the latest first; without what is in them."""
    files = ClientFile.objects.select_related("mapping", "uploaded_by").defer("content")
    return files.fetch_mode(FETCH_RAISE).order_by("-pk")


def client_file_mappings() -> QuerySet[ClientFileMapping]:
    """The saved mappings by name."""
    return ClientFileMapping.objects.order_by("name", "pk")
