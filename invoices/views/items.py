"""Billable items: the lists, and the popups that add and change them."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from billing_admin.errors import BusinessError
from billing_admin.listing.pages import show_list
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import dialog_saved, render_popup, sent_before, staff
from billing_admin.web.needs import needs
from billing_admin.web.replica import may_read_replica
from clients.decorators import client_from_url
from clients.models import Client, FormKey
from credits.selectors.balances import balances_of
from invoices.forms.items import AddItemForm, EditItemForm
from invoices.lists import BillableItemList
from invoices.models import BillableItem, TaxSettings
from invoices.selectors import billable_items as items
from invoices.selectors.tax import plain_rate, tax_of
from invoices.services.billable_items import ItemMoved, add_billable_item, edit_billable_item
from invoices.services.tax import tax_line


@require_http_methods(["GET", "HEAD", "POST"])
@needs("invoices.view_invoice", to_send="clients.save_lists")
@may_read_replica
def billable_items(request: HttpRequest) -> HttpResponseBase:
    """Everybody's billable items."""
    return show_list(request, "invoices/billable_items.html", BillableItemList.asked_for(request))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("invoices.view_invoice", to_send="clients.save_lists")
@may_read_replica
@client_from_url
def billable_items_of_client(request: HttpRequest, client: Client) -> HttpResponseBase:
    """The same list in the client's frame."""
    listing = BillableItemList.asked_for(request, client)
    return show_list(request, "invoices/billable_items_of_client.html", listing, balances=balances_of(client))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("invoices.add_billableitem")
@client_from_url
def add_item(request: HttpRequest, client: Client) -> HttpResponseBase:
    """Let invoice runs bill something to this client."""
    initial = {"starts_on": timezone.localdate()}
    form = AddItemForm(request.POST if request.method == "POST" else None, client=client, initial=initial)
    url = reverse("invoices:billable_items_of_client", args=[client.number])
    if request.method == "POST" and form.is_valid():
        key = FormKey(key=form.cleaned_data["key"])
        try:
            item = add_billable_item(client=client, terms=form.terms(), by=staff(request), key=key)
        except BusinessError as error:
            add_error(form, error)
        else:
            if key.repeated:
                return sent_before(request, key.repeated_text, fallback_url=url)
            said = f"“{item.description}” added. {next_invoice(item)[0]}"
            return dialog_saved(request, message=said, events=["itemsChanged"], fallback_url=url)
    context = {"form": form, "client": client}
    return render_popup(request, "invoices/item.html", context, title="Add Billable Item", close_url=url)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("invoices.add_billableitem")
def edit_item(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say what the next invoice bills of an item, and change its terms."""
    item = item_or_404(pk)
    form = EditItemForm(request.POST if request.method == "POST" else None, item=item)
    url = reverse("invoices:billable_items_of_client", args=[item.client.number])
    if request.method == "POST" and form.is_valid():
        try:
            changed = edit_billable_item(
                item=item, seen=form.cleaned_data["seen"], terms=form.terms(), by=staff(request)
            )
        except BusinessError as error:
            add_error(form, error)
            if isinstance(error, ItemMoved):
                form.look_again(error.current)
        else:
            said = f"“{changed.description}” saved. {next_invoice(changed)[0]}"
            return dialog_saved(request, message=said, events=["itemsChanged"], fallback_url=url)
    context = {"form": form, "client": item.client, "item": item, "outlook": next_invoice(item)}
    return render_popup(request, "invoices/item.html", context, title="Billable Item", close_url=url)


def item_or_404(pk: int) -> BillableItem:
    """The item in the address."""
    item = items.item_with_client(pk)
    if item is None:
        raise Http404("There is no such billable item.")
    return item


def next_invoice(item: BillableItem) -> list[str]:
    """What the next invoice bills of it, in words."""
    rate = tax_of(item.client).rate if item.tax_rate is None or item.client.tax_exempt else item.tax_rate
    included = TaxSettings.objects.current().prices_include_tax if item.tax_included is None else item.tax_included
    taxed = tax_line(price=item.unit_price, quantity=item.quantity, rate=rate, included=included)
    return items.outlook(item, on=timezone.localdate(), gross=taxed.gross, tax=taxed.tax, rate=plain_rate(rate))
