"""Transfer Credit: a popup from Manage Credits."""

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
from clients.models import Client, FormKey, NeedsApproval
from clients.views.asking import ask_or_offer
from credits.forms import TransferForm
from credits.models import CreditGrant
from credits.selectors.balances import available_balances, balances_of
from credits.services.transfer import transfer_credit

from .responses import CHANGED, done


@require_http_methods(["GET", "HEAD", "POST"])
@needs("credits.transfer_credit")
@client_from_url
def transfer(request: HttpRequest, client: Client) -> HttpResponseBase:
    """Move credit to another client as one linked movement; it keeps its category, expiry and priority."""
    url = reverse("credits:of_client", args=[client.number])
    held = balances_of(client)
    form = TransferForm(request.POST or None, held=held, source=client)
    if request.method == "POST" and form.is_valid():
        target: Client = form.cleaned_data["to"]
        amount: Money = form.cleaned_data["money"]
        key = FormKey(key=form.cleaned_data["key"])
        category = form.cleaned_data["category"]
        given = {
            "source": client,
            "target": target,
            "amount": amount,
            "reason": form.cleaned_data["description"],
            "category": CreditGrant.Category(category) if category else None,
        }
        try:
            transfer_credit(**given, by=staff(request), key=key)
        except NeedsApproval as above:
            asked = ask_or_offer(request, form, above, action="credit.transfer", given=given, client=client, key=key)
            if asked is not None:
                return asked
        except BusinessError as error:
            add_error(form, error)
        else:
            if key.repeated:
                return sent_before(request, key.repeated_text, events=CHANGED, fallback_url=url)
            message = f"Credit of {money_text(amount)} transferred from {client.name} to {target.name}."
            return done(request, message, url)
    context = {"client": client, "form": form, "available": available_balances(client, held, timezone.localdate())}
    return render_popup(
        request, "credits/transfer.html", context, title=f"Transfer Credit – {client.name}", close_url=url
    )
