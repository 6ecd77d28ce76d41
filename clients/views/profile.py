"""Adding a client, and the Profile tab."""

from contextlib import suppress
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing_admin.errors import BusinessError
from billing_admin.rights import missing_rights
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import leave_for, render_popup, sent_before, staff
from billing_admin.web.needs import needs
from clients.decorators import client_from_url
from clients.forms import AddClientForm, ProfileForm
from clients.models import Client, FormKey, NeedsApproval
from clients.services.profile import EmailInUse, ProfileUnchanged, open_client, save_profile
from credits.forms import BalanceForm, ask_above_limit, balance_forms, balances_sent
from credits.selectors.balances import balances_of
from credits.services.adjust import BalanceChange, BalanceMoved
from credits.services.limits import AboveLimit

from .asking import ask_or_offer


@require_http_methods(["GET", "HEAD", "POST"])
@needs("clients.add_client")
def add(request: HttpRequest) -> HttpResponseBase:
    """Add a client and go to its Summary."""
    form = AddClientForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        key = FormKey(key=form.cleaned_data["key"])
        try:
            shares_email = form.cleaned_data["add_anyway"]
            client = open_client(by=staff(request), key=key, shares_email=shares_email, **form.changes())
        except BusinessError as error:
            add_error(form, error)
            if isinstance(error, EmailInUse):
                form.duplicates = error.clients
        else:
            url = reverse("clients:summary", args=[client.number])
            if key.repeated:
                return sent_before(request, key.repeated_text, fallback_url=url, leave=True)
            return leave_for(request, url, message=f"Client {client.name} added with the number {client.number}.")
    return render_popup(
        request, "clients/add.html", {"form": form}, title="Add Client", close_url=reverse("clients:list"), wide=True
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("clients.view_client")
@client_from_url
def profile(request: HttpRequest, client: Client) -> HttpResponseBase:
    """The profile and its credit balances, in one form; what somebody may not change is text."""
    may_edit, may_adjust = map(request.user.has_perm, ("clients.change_client", "credits.adjust_balance"))
    sent = request.POST if request.method == "POST" else None
    may_close = request.user.has_perm("clients.close_client")
    form = ProfileForm(sent, instance=client, read_only=not may_edit, may_close=may_close)
    balances = balance_forms(client, sent) if may_adjust else []
    if sent is not None:
        if not may_edit and not may_adjust:
            raise PermissionDenied(missing_rights(["clients.change_client"]))
        if not may_adjust and balances_sent(sent):
            raise PermissionDenied(missing_rights(["credits.adjust_balance"]))
        valid = [each.is_valid() for each in (form, *balances) if each.is_bound]
        if all(valid) and (answer := _save(request, client, form, balances, may_edit=may_edit)):
            return answer
        # The form has put what was typed into the object; the frame shows what is stored.
        client = get_object_or_404(Client.objects.select_related("group"), pk=client.pk)
    status = HTTPStatus.UNPROCESSABLE_CONTENT if form.is_bound else HTTPStatus.OK
    context = {"client": client, "balances": balances_of(client), "form": form, "balance_forms": balances}
    return render(request, "clients/profile.html", context, status=status)


def _save(
    request: HttpRequest, client: Client, form: ProfileForm, balances: list[BalanceForm], *, may_edit: bool
) -> HttpResponseBase | None:
    changes: dict[str, Any] = (
        {"changes": form.changes(), "seen": form.cleaned_data["seen"]} if may_edit else {"changes": {}}
    )
    adjusted = [each.cleaned_data["change"] for each in balances if each.is_bound and "change" in each.cleaned_data]
    try:
        messages.success(request, save_profile(client=client, by=staff(request), balances=adjusted, **changes))
    except ProfileUnchanged as error:
        messages.info(request, str(error))
    except BalanceMoved as error:
        (moved,) = (each for each in balances if each.currency == error.current.currency.code)
        add_error(moved, error)
        moved.look_again(error.current)
        return None
    except NeedsApproval as error:
        return _ask_for_balance(request, client, balances, error, changes, adjusted)
    except AboveLimit as error:
        (above,) = (each for each in balances if each.currency == error.amount.currency.code)
        ask_above_limit(above, error)
        add_error(above, error)
        return None
    except BusinessError as error:
        form.refuse(error)
        return None
    return HttpResponseRedirect(reverse("clients:profile", args=[client.number]))


def _ask_for_balance(
    request: HttpRequest,
    client: Client,
    balances: list[BalanceForm],
    above: NeedsApproval,
    changes: dict[str, Any],
    adjusted: list[BalanceChange],
) -> HttpResponseBase | None:
    """Ask for approval of a balance where that was ticked; what else is on the form is saved then."""
    currency = above.amount.currency
    (refused,) = (each for each in balances if each.currency == currency.code)
    (change,) = (each for each in adjusted if each.balance.currency == currency)
    given = {"client": client, "seen": change.seen, "balance": change.balance, "reason": change.reason}
    asked = ask_or_offer(request, refused, above, action="credit.adjust", given=given, client=client)
    if asked is not None:
        rest = [each for each in adjusted if each is not change]
        try:
            with suppress(ProfileUnchanged):
                messages.success(request, save_profile(client=client, by=staff(request), balances=rest, **changes))
        except BusinessError as error:
            messages.error(request, f"What else was changed was not saved. {error}")
    return asked
