"""The list of billable items, declared."""

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from billing_admin.db.pagination import Sorts
from billing_admin.templatetags.format_tags import percent, quantity
from billing_admin.templatetags.ui import badge, cut
from billing_admin.web.columns import Column, Empty, amount, date, text
from billing_admin.web.filters import Filters
from billing_admin.web.lists import Listing
from billing_admin.web.row_actions import RowAction
from clients.services.export import recorded
from invoices.documents.codes import UNITS
from invoices.filters import BillableItemFilters
from invoices.models import BillableItem
from invoices.selectors.billable_items import items_list


class BillableItemList(Listing[BillableItem]):
    """Billable items, and what the next run makes of each."""

    label, noun, nouns = "Billable items", "billable item", "billable items"
    filters_class: type[Filters] = BillableItemFilters
    figures = {
        "client": "client__sort_name", "cycle": "cycle", "quantity": "quantity", "price": ("currency", "unit_price"),
        "due": "next_due_on", "ends": "ends_on",
    }  # fmt: skip
    panel_id, events = "items", "itemsChanged from:body"
    file_name = "billable-items"
    page_name, permission = "invoices:billable_items", "invoices.view_invoice"
    page_of_client = "invoices:billable_items_of_client"
    write_down = recorded("billable_items.exported")

    def every_row(self) -> QuerySet[BillableItem]:
        items = items_list(on=timezone.localdate())
        return items.filter(client=self.client) if self.client else items

    def columns(self, rows: Sequence[Any]) -> Iterable[Column]:
        edit = self.row_link("invoices:edit_item", permission="invoices.add_billableitem", dialog=True)
        yield Column(
            "Description",
            lambda row: edit(cut(row.description), row.pk),
            td="fill",
            sort="id",
            file=attrgetter("description"),
        )
        yield Column("Client ID", file=attrgetter("client.number"))
        theirs = None if self.client else self._client()
        yield Column("Client", theirs, td="fill min-w-24", sort="client", file=attrgetter("client.name"))
        yield Column(
            "Cycle",
            lambda row: row.get_cycle_display(),
            "extra",
            "code",
            sort="cycle",
            file=lambda row: row.get_cycle_display(),
        )
        yield Column(
            "Quantity", lambda row: quantity(row.quantity), "num extra", sort="quantity", file=attrgetter("quantity")
        )
        yield Column("Currency", file=attrgetter("currency"))
        yield amount("Price", "unit_price", sort="price")
        yield Column(
            "Tax, %",
            lambda row: "usual" if row.tax_rate is None else percent(row.tax_rate),
            "num extra",
            file=attrgetter("tax_rate"),
        )
        yield date("Next due", attrgetter("next_due_on"), "extra", "code", sort="due")
        yield date("Last day", attrgetter("ends_on"), "extra", "code", sort="ends")
        yield text("Unit", lambda row: UNITS.get(row.unit, row.unit), "extra", waits=True)
        yield text("Tax category", lambda row: row.get_tax_category_display(), "extra", waits=True)
        yield text("Purchase Order", attrgetter("po_number"), "extra", "max-w-40", waits=True)
        yield Column("State", _state, "extra", file=lambda row: _state_shown(row)[0])

    # What is done with one item stands in its own popup.
    links_in_rows = False

    def actions(self) -> Iterable[RowAction]:
        if self.may("invoices.add_billableitem"):
            yield RowAction("Delete Items", "trash-2", self.act_url("delete"), danger=True)

    def _client(self) -> Callable[[Any], str]:
        theirs = self.link("invoices:billable_items_of_client", permission="clients.view_client")
        return lambda row: theirs(cut(row.client.name), row.client.number)

    def orders(self) -> tuple[Sorts, str]:
        """By due date only where every row has one and an index leads to them."""
        state = self.filters.asked("state")
        sorts = {"id": "id"} | ({"due": "next_due_on"} if state in ("due", "paused") else {})
        return sorts, "due" if state == "due" else "-id"

    def nothing_yet(self) -> Empty:
        if not self.client:
            said = "No billable items yet. They are added to a client, or imported from a file."
            return Empty(said, "calendar-clock", "Go to Clients", reverse("clients:list"))
        if not self.may("invoices.add_billableitem"):
            return Empty("No billable items yet.", "calendar-clock")
        said, url = (
            "Invoice runs bill them, once or each cycle.",
            reverse("invoices:add_item", args=[self.client.number]),
        )
        return Empty(f"No billable items yet. {said}", "calendar-clock", "Add Billable Item", url, dialog=True)


# What is shown of an item's state: in which word, and which colour.
_STATES = {
    "waiting": ("Waits for the switch", "quiet"), "paused": ("Paused", "quiet"), "ended": ("Ended", "quiet"),
    "coming": ("Active", "good"),
}  # fmt: skip


def _state_shown(item: Any) -> tuple[str, str]:
    """The state as a word, and its meaning."""
    if item.state == "due" and item.client.status != "active":
        return "Client not active", "quiet"
    return _STATES.get(item.state, ("Due", "attention"))


def _state(item: Any) -> SafeString | str:
    label, meaning = _state_shown(item)
    return badge("", label=label, meaning=meaning)
