"""HTML of mail, shown as a page of its own in which nothing runs and which asks nothing of anybody."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override

# Mail has its styles inside; a browser shows it as it would show a stranger's.
_POLICY: dict[str, Any] = {
    "default-src": [CSP.NONE], "style-src": [CSP.UNSAFE_INLINE], "sandbox": True,
    "form-action": [CSP.NONE], "base-uri": [CSP.NONE], "frame-ancestors": [CSP.NONE],
}  # fmt: skip


def in_a_sandbox[View: Callable[..., Any]](view: View) -> View:
    """Let a view answer with HTML of mail."""
    decorated: View = csp_override(_POLICY)(view)
    return decorated


def html_page(html: str) -> HttpResponse:
    """The answer of such a view."""
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
        "Referrer-Policy": "no-referrer",
    }
    return HttpResponse(html, headers=headers)
