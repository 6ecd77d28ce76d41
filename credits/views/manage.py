"""Manage Credits: the popup from Quick Links."""

from typing import Any

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from billing_admin.errors import BusinessError
from billing_admin.money.amounts import money_text
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import dialog_saved, render_popup, sent_before, staff
from billing_admin.web.needs import needs
from clients.decorators import client_from_url
from clients.models import Client, FormKey, NeedsApproval
from clients.views.asking import ask_or_offer
from credits.forms import AddCreditForm, ask_above_limit
from credits.models import CreditGrant
from credits.selectors.lists import credits_list
from credits.services.grant import add_credit
from credits.services.limits import AboveLimit

# How many grants the popup lists; the Credits tab has them all.
LISTED = 50


@require_http_methods(["GET", "HEAD", "POST"])
@needs("credits.view_credit", to_send="credits.add_credit")
@client_from_url
def manage(request: HttpRequest, client: Client) -> HttpResponseBase:
    """Balance, Add Credit and the Credits List. After saving the popup stays, with the new entry and a fresh form."""
    form = _form(request, client, request.POST or None)
    if request.method == "POST" and form.is_valid() and (answer := _give(request, form, client)):
        return answer
    return render_popup(request, "credits/manage.html", _context(request, client, form), **_frame(client))


def _form(request: HttpRequest, client: Client, sent: QueryDict | None = None) -> AddCreditForm:
    return AddCreditForm(sent, client=client, may_give_paid=request.user.has_perm("credits.grant_paid_credit"))


def _give(request: HttpRequest, form: AddCreditForm, client: Client) -> HttpResponseBase | None:
    cleaned = form.cleaned_data
    key = FormKey(key=cleaned["key"])
    given = {
        "client": client,
        "amount": cleaned["money"],
        "description": cleaned["description"],
        "category": CreditGrant.Category(cleaned["category"]),
        "priority": cleaned["priority"],
        "expires_on": cleaned["expires_on"],
        "tell": cleaned.get("tell", False),
    }
    try:
        add_credit(**given, by=staff(request), key=key, agreed=cleaned["agreed"])
    except NeedsApproval as above:
        return ask_or_offer(request, form, above, action="credit.add", given=given, client=client, key=key)
    except BusinessError as error:
        if isinstance(error, AboveLimit):
            ask_above_limit(form, error)
        add_error(form, error)
        return None
    return _saved(request, client, form, key)


def _saved(request: HttpRequest, client: Client, form: AddCreditForm, key: FormKey) -> HttpResponseBase:
    context = {**_context(request, client, _form(request, client)), "saved": True}
    popup = render_popup(request, "credits/manage.html", context, **_frame(client))
    answer: dict[str, Any] = {
        "events": ["creditsChanged"],
        "fallback_url": reverse("credits:manage", args=[client.number]),
        "popup": popup,
    }
    if key.repeated:
        return sent_before(request, key.repeated_text, **answer)
    message = f"Credit of {money_text(form.cleaned_data['money'])} added to {client.name}."
    return dialog_saved(request, message=message, **answer)


def _context(request: HttpRequest, client: Client, form: AddCreditForm) -> dict[str, Any]:
    may_adjust = request.user.has_perm("credits.adjust_balance")
    adjustments = may_adjust and request.GET.get("adjustments") == "1"
    grants = list(credits_list(client, adjustments=adjustments)[: LISTED + 1])
    return {
        "client": client,
        "form": form,
        "balances": form.balances,
        "grants": grants[:LISTED],
        "more": len(grants) > LISTED,
        "today": timezone.localdate(),
        "may_adjust": may_adjust,
        "adjustments": adjustments,
    }


def _frame(client: Client) -> dict[str, Any]:
    return {"title": f"Manage Credits – {client.name}", "close_url": reverse("clients:summary", args=[client.number])}
