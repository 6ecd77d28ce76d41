"""Documents as answers. Nothing that is in a file is run, or read from elsewhere, whatever a browser takes it for."""

from io import BytesIO

from django.http import FileResponse

_SAVED = "sandbox; default-src 'none'"
# A browser shows a PDF with a program of its own, which a sandbox keeps out.
_SHOWN = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"


def pdf_response(content: bytes, name: str, *, shown: bool = False, **headers: str) -> FileResponse:
    """A PDF to save, or to be shown."""
    return _answer(content, name, "application/pdf", shown=shown, **headers)


def xml_response(content: bytes, name: str) -> FileResponse:
    """An XML file to save."""
    return _answer(content, name, "application/xml")


def _answer(content: bytes, name: str, content_type: str, *, shown: bool = False, **headers: str) -> FileResponse:
    safe = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": _SHOWN if shown else _SAVED}
    return FileResponse(
        BytesIO(content), as_attachment=not shown, filename=name, content_type=content_type, headers={**safe, **headers}
    )
