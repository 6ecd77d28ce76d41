"""The search, as a page and as the lines below the box of every page."""

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from billing_admin.web.http import ids_of, staff, vary_by_htmx
from billing_admin.web.needs import of_oneself
from billing_admin.web.rates import count

from .groups import find, recent
from .results import only_exact

# How many lines of each kind stand below the box, and on the page.
IN_BOX, ON_PAGE = 6, 25
# So many of the clients looked at last are offered.
RECENT = 8


@require_safe
@of_oneself
def search(request: HttpRequest) -> HttpResponseBase:
    """What matches, by kind. Only one thing that is just what was typed opens at once; asked by script, it is shown."""
    text = " ".join(request.GET.get("q", "").replace("\0", "").split())[:200]
    in_box = bool(getattr(request, "htmx", False))
    person = staff(request)
    if text:
        count(request, "search box" if in_box else "search")
        groups = find(text, person, IN_BOX if in_box else ON_PAGE)
    else:
        groups = recent(ids_of(request, "recent")[:RECENT], person)
    if text and not in_box and (only := only_exact(groups)):
        return HttpResponseRedirect(only.url)
    context = {"text": text, "groups": groups}
    return vary_by_htmx(render(request, f"search.html{'#choices' if in_box else ''}", context))
