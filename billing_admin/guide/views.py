"""The guide."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from billing_admin.web.needs import needs

from .pages import PAGES, guide_page, guide_pages


@require_safe
@needs("clients.view_client")
def guide(request: HttpRequest, page: str = PAGES[0]) -> HttpResponse:
    """One page, the first where none is named."""
    if page not in PAGES:
        raise Http404(f"The guide has no page {page}.")
    return render(request, "guide.html", {"page": guide_page(page), "pages": guide_pages()})
