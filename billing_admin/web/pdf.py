"""Documents as answers."""

from io import BytesIO

from django.http import FileResponse


def pdf_response(content: bytes, name: str) -> FileResponse:
    """A PDF to save. Nothing that is in it is run, or read from elsewhere, whatever a browser takes it for."""
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}
    return FileResponse(
        BytesIO(content), as_attachment=True, filename=name, content_type="application/pdf", headers=headers
    )
