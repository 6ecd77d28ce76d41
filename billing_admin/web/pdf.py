"""Documents as answers."""

from io import BytesIO

from django.http import FileResponse


def pdf_response(content: bytes, name: str) -> FileResponse:
    """A PDF to save; no cache keeps it."""
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}
    return FileResponse(
        BytesIO(content), as_attachment=True, filename=name, content_type="application/pdf", headers=headers
    )
