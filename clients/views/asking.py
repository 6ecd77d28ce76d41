"""What a form answers that was refused for a limit: it offers to ask for approval, or has asked."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.forms import BaseForm
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from billing_admin.errors import BusinessError
from billing_admin.money.amounts import money_text
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import dialog_saved, sent_before, staff
from clients.forms.approval import AskForm
from clients.models import Client, FormKey, NeedsApproval
from clients.services.approvals.requests import request_approval


def ask_or_offer(
    request: HttpRequest,
    form: BaseForm,
    above: NeedsApproval,
    *,
    action: str,
    given: Mapping[str, Any],
    client: Client | None,
    key: FormKey | None = None,
    subject: str = "",
    uploader: User | None = None,
) -> HttpResponseBase | None:
    """Ask for approval where that was ticked, and answer that it waits; else None, and the form offers it."""
    ask = AskForm(request.POST, above=above)
    form.ask = ask  # type: ignore[attr-defined]
    if ask.is_valid() and ask.is_asked:
        try:
            asked = request_approval(
                action=action, given=given, above=above, reason=ask.cleaned_data["ask_reason"], by=staff(request),
                client=client, subject=subject, uploader=uploader, key=key,
            )  # fmt: skip
        except BusinessError as error:
            add_error(form, error)
            return None
        url = reverse("approval", args=[asked.pk])
        if key is not None and key.repeated:
            return sent_before(request, key.repeated_text, fallback_url=url)
        said = f"{money_text(asked.amount)} waits for approval; nothing is booked yet."
        return dialog_saved(request, message=said, level="attention", fallback_url=url)
    add_error(form, above)
    return None
