"""The guide."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .pages import PAGES, guide_page, guide_pages


@require_safe
def guide(request: HttpRequest, page: str = PAGES[0]) -> HttpResponse:
    """One page, the first where none is named; everybody who is signed in may read them all."""
    if page not in PAGES:
        raise Http404(f"The guide has no page {page}.")
    return render(request, "guide.html", {"page": guide_page(page), "pages": guide_pages()})
