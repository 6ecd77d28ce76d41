"""Find duplicates."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing_admin.errors import BusinessError
from billing_admin.web.http import next_url, staff
from billing_admin.web.needs import needs
from clients.models import Client
from clients.selectors.duplicates import duplicates_page
from clients.services.dismiss_duplicate import dismiss_duplicate


@require_http_methods(["GET", "HEAD", "POST"])
@needs("clients.merge_client")
def duplicates(request: HttpRequest) -> HttpResponseBase:
    """Pairs that may be one client, a page at a time; sent, it remembers that a pair is two."""
    if request.method == "POST":
        return _dismiss_duplicate(request)
    before = request.GET.get("before", "")
    page = duplicates_page(int(before) if before.isascii() and before.isdigit() and len(before) <= 18 else None)
    return render(request, "clients/duplicates.html", {"page": page, "before": before})


def _dismiss_duplicate(request: HttpRequest) -> HttpResponseBase:
    ids = [
        int(text) for name in ("one", "other") if (text := request.POST.get(name, "")).isdecimal() and len(text) < 19
    ]
    clients = list(Client.objects.filter(pk__in=ids).order_by("pk"))
    try:
        if len(clients) < 2:
            raise BusinessError("One of the two is no longer there; nothing was changed.")
        dismiss_duplicate(one=clients[0], other=clients[1], by=staff(request))
    except BusinessError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, f"Clients {clients[0].number} and {clients[1].number} are not suggested again.")
    return HttpResponseRedirect(next_url(request, reverse("clients:duplicates")))
