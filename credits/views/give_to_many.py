"""Add Credit to clients of the Clients List: what each gets is typed, then the batch is looked at as any other."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing_admin.errors import BusinessError
from billing_admin.listing.acting_page import NOTHING_CHOSEN
from billing_admin.text import pluralize
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import leave_for, render_popup, staff
from billing_admin.web.needs import needs
from clients.lists import ClientList
from clients.models import Client
from credits.forms import GiveToManyForm
from credits.services.bulk.give_to_many import prepare_credit_for_many
from credits.views.batches import url_of_uploaded

# One batch has no more rows of ours.
MOST_CLIENTS = 20_000


@require_http_methods(["GET", "HEAD", "POST"])
@needs("credits.give_bulk_credit", "credits.view_credit", "clients.view_client")
def give_to_many(request: HttpRequest) -> HttpResponseBase:
    """The address names the clients; POST makes a batch of them, and goes to its preview."""
    chosen = ClientList.asked_for(request).chosen(at_most=MOST_CLIENTS + 1)
    theirs = Client.objects.filter(pk__in=chosen).values_list("currency").annotate(clients=Count("pk"))
    currencies = [code for code, _ in theirs.order_by("-clients", "currency")]
    form = GiveToManyForm(request.POST if request.method == "POST" else None, currencies=currencies)
    nothing = "" if chosen else NOTHING_CHOSEN
    if len(chosen) > MOST_CLIENTS:
        nothing = (
            f"More than {MOST_CLIENTS:,} clients are chosen, which is too much for one batch. Filter the list first."
        )
    if request.method == "POST" and not nothing and form.is_valid():
        try:
            return leave_for(request, _prepared(request, form.cleaned_data, chosen))
        except BusinessError as error:
            add_error(form, error)
    context = {"form": form, "nothing": nothing, "who": pluralize(len(chosen), "client")}
    return render_popup(
        request, "credits/give_to_many.html", context, title="Add Credit", close_url=reverse("clients:list")
    )


def _prepared(request: HttpRequest, typed: dict[str, Any], chosen: list[int]) -> str:
    """Where the batch is looked at."""
    numbers = Client.objects.filter(pk__in=chosen).order_by("number").values_list("number", flat=True)
    batch = prepare_credit_for_many(
        numbers=numbers,
        amount=typed["money"],
        description=typed["description"],
        expires_on=typed["expires_on"],
        by=staff(request),
    )
    return url_of_uploaded(request, batch)
