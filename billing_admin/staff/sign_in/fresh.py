"""Who does something dangerous confirms who it is, unless that was shown a moment ago."""

import time
from functools import partial
from http import HTTPStatus
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase

from billing_admin.web.http import DIALOG_TARGET, is_for_dialog, render_popup, staff

from .events import Event, note
from .forms import ConfirmForm, PasskeyForm
from .passkeys import options_text, why_no_passkeys

SECONDS = 600
_CONFIRMED_AT = "confirmed_at"
# What the form that asks adds to what was sent.
_PASSWORD, _PASSKEY, _TO_OPEN = "confirm_password", "confirm_passkey", "confirm_to_open"
_OURS = ("csrfmiddlewaretoken", _PASSWORD, _PASSKEY, _TO_OPEN)


def is_fresh(request: HttpRequest) -> bool:
    """Whether who it is was shown within the last ten minutes, by signing in or by confirming it."""
    return 0 <= time.time() - float(request.session.get(_CONFIRMED_AT, 0)) < SECONDS


def mark_fresh(request: HttpRequest) -> None:
    """Who it is was shown now."""
    request.session[_CONFIRMED_AT] = time.time()


def ask_to_confirm(request: HttpRequest) -> HttpResponseBase | None:
    """Nothing where it is fresh, or is confirmed by what was sent; else the form that asks.

    The form carries what was sent and goes to the same address, so that nothing of it is typed twice: with the password
    added, or a passkey, it is what it was. Files are not carried; no view that asks for this takes one.
    """
    if is_fresh(request):
        return None
    sent = request.POST if request.method == "POST" else {}
    form: ConfirmForm | PasskeyForm = ConfirmForm(request=request)
    passkeys = _passkeys(staff(request)) and not why_no_passkeys(request)
    if sent.get(_PASSKEY) and passkeys:
        form = PasskeyForm({"credential": sent[_PASSKEY]}, user=request.user)
    elif _PASSWORD in sent:
        form = ConfirmForm(request.POST, request=request)
    if form.is_bound and form.is_valid():
        mark_fresh(request)
        note(Event.CONFIRMED, staff(request), request)
        return HttpResponseRedirect(request.get_full_path()) if _TO_OPEN in sent else None
    return _ask(request, form, passkeys=passkeys)


def _ask(request: HttpRequest, form: ConfirmForm | PasskeyForm, *, passkeys: bool) -> HttpResponseBase:
    told = []
    if isinstance(form, PasskeyForm):
        told, form = form.errors.get("credential", []), ConfirmForm(request=request)
    carried = [
        (name, value) for name, values in request.POST.lists() if name not in _OURS for value in values
    ]  # fmt: skip
    context: dict[str, Any] = {
        "confirm": form,
        "told": told,
        "carried": carried,
        "to_open": request.method != "POST" or _TO_OPEN in request.POST,
        "passkey_options": options_text(webauthn.begin_authentication(staff(request))) if passkeys else "",
    }
    answer = partial(
        render_popup, request, "account/confirm.html", title="Confirm that it is you",
        close_url="/", status=HTTPStatus.UNPROCESSABLE_CONTENT if request.method == "POST" else HTTPStatus.OK,
    )  # fmt: skip
    if getattr(request, "htmx", None) and not is_for_dialog(request):
        response = answer({**context, "popup_base": "components/popup.html"})
        response["HX-Retarget"], response["HX-Reswap"] = f"#{DIALOG_TARGET}", "innerHTML"
        return response
    return answer(context)


def _passkeys(person: User) -> bool:
    return Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN).exists()
