"""Remove Credit: a popup from Manage Credits."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from djmoney.money import Money

from billing_admin.errors import BusinessError
from billing_admin.money.amounts import money_text
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import render_popup, sent_before, staff
from billing_admin.web.needs import needs
from clients.decorators import client_from_url
from clients.models import Client, FormKey
from credits.forms import RemoveCreditForm
from credits.selectors.balances import available_balances, balances_of
from credits.services.remove import remove_credit

from .responses import CHANGED, done


@require_http_methods(["GET", "HEAD", "POST"])
@needs("credits.remove_credit")
@client_from_url
def remove(request: HttpRequest, client: Client) -> HttpResponseBase:
    """Take credit away, in the order in which it would be used; never more than there is."""
    url = reverse("credits:of_client", args=[client.number])
    held = balances_of(client)
    form = RemoveCreditForm(request.POST or None, held=held)
    if request.method == "POST" and form.is_valid():
        amount: Money = form.cleaned_data["money"]
        key = FormKey(key=form.cleaned_data["key"])
        try:
            left = remove_credit(
                client=client,
                amount=amount,
                description=form.cleaned_data["description"],
                by=staff(request),
                key=key,
            )
        except BusinessError as error:
            add_error(form, error)
        else:
            if key.repeated:
                return sent_before(request, key.repeated_text, events=CHANGED, fallback_url=url)
            message = f"Credit of {money_text(amount)} removed from {client.name}; {money_text(left)} is left."
            return done(request, message, url)
    context = {"client": client, "form": form, "available": available_balances(client, held, timezone.localdate())}
    return render_popup(request, "credits/remove.html", context, title=f"Remove Credit – {client.name}", close_url=url)
