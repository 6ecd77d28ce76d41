"""Pausing, resuming, ending and deleting a billable item: popups that say what it means."""

from collections.abc import Callable

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from billing_admin.errors import BusinessError
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import dialog_saved, render_popup, staff
from billing_admin.web.needs import needs
from invoices.forms.items import EndForm, ResumeForm
from invoices.models import BillableItem
from invoices.selectors.billable_items import missed_periods
from invoices.services.billable_items import delete_item, end_item, pause_item, resume_item
from invoices.views.items import item_or_404, next_invoice


@require_http_methods(["GET", "HEAD", "POST"])
@needs("invoices.add_billableitem")
def pause(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Bill nothing of it for the time being."""
    item = item_or_404(pk)
    form = forms.Form(request.POST if request.method == "POST" else None)

    def act() -> str:
        return f"“{pause_item(item=item, by=staff(request)).description}” paused; nothing of it is billed."

    return _answer(request, item, form, act, title="Pause this item?", save_label="Pause", kind="pause")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("invoices.add_billableitem")
def resume(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Bill it again, with or without what fell due meanwhile."""
    item = item_or_404(pk)
    form = ResumeForm(request.POST if request.method == "POST" else None, initial={"missed": "bill"})
    if item.cycle == BillableItem.Cycle.ONCE or not missed_periods(item, timezone.localdate()):
        del form.fields["missed"]

    def act() -> str:
        skip = form.cleaned_data.get("missed") == "skip"
        resumed = resume_item(item=item, by=staff(request), skip_missed=skip)
        return f"“{resumed.description}” resumed. {next_invoice(resumed)[0]}"

    return _answer(request, item, form, act, title="Resume this item?", save_label="Resume", kind="resume")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("invoices.add_billableitem")
def end(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give it a last day."""
    item = item_or_404(pk)
    form = EndForm(request.POST if request.method == "POST" else None, today=timezone.localdate())

    def act() -> str:
        ended = end_item(item=item, by=staff(request), last_day=form.cleaned_data["last_day"])
        return f"“{ended.description}” ends on {ended.ends_on:%-d %b %Y}. {next_invoice(ended)[0]}"

    return _answer(request, item, form, act, title="End this item?", save_label="End", kind="end")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("invoices.add_billableitem")
def delete(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Delete one that was never billed."""
    item = item_or_404(pk)
    form = forms.Form(request.POST if request.method == "POST" else None)

    def act() -> str:
        return f"“{delete_item(item=item, by=staff(request)).description}” deleted."

    return _answer(request, item, form, act, title="Delete this item?", save_label="Delete", kind="delete")


def _answer(
    request: HttpRequest,
    item: BillableItem,
    form: forms.Form,
    act: Callable[[], str],
    *,
    title: str,
    save_label: str,
    kind: str,
) -> HttpResponseBase:
    """Show the popup, or do it and say what came of it."""
    url = reverse("invoices:billable_items_of_client", args=[item.client.number])
    if request.method == "POST" and form.is_valid():
        try:
            said = act()
        except BusinessError as error:
            add_error(form, error)
        else:
            return dialog_saved(request, message=said, events=["itemsChanged"], fallback_url=url)
    context = {
        "form": form,
        "item": item,
        "outlook": next_invoice(item),
        "billed": item.lines.count(),
        "kind": kind,
        "save_label": save_label,
        "danger": kind == "delete",
    }
    return render_popup(request, "invoices/item_action.html", context, title=title, close_url=url)
