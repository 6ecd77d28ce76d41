"""What is done with many rows at once: drafts issued or deleted, invoices cancelled, written off or reminded of …"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Sum
from django.urls import reverse
from django.utils import timezone

from billing_admin.listing.acting import RowsAction, rows_action
from billing_admin.money.amounts import totals_text
from billing_admin.templatetags.format_tags import money
from billing_admin.templatetags.ui import cut
from billing_admin.text import pluralize
from clients.models import Client
from invoices.forms.write_off import WriteOffManyForm
from invoices.models import BillableItem, Invoice, ReminderLevel
from invoices.selectors.reminder_pages import invoices_to_remind
from invoices.selectors.reminders import reminders_due
from invoices.services.billable_items import delete_item
from invoices.services.cancel import cancel_invoice, why_not_cancelled
from invoices.services.drafts import delete_draft
from invoices.services.issue import issue_invoice
from invoices.services.reminders.send import send_reminders, why_no_reminders
from invoices.services.write_off import why_not_written_off, write_off_invoice
from transactions.models import Transaction


def _rows(ids: Sequence[int]) -> list[Invoice]:
    return list(Invoice.objects.filter(pk__in=ids).select_related("client").order_by("pk"))


def _rows_to_cancel(ids: Sequence[int]) -> list[Invoice]:
    """The same, each with whether anything was ever paid on it: of few of them only is asked what became of that."""
    paid = Transaction.objects.filter(invoice=OuterRef("pk"), amount_in__gt=0)
    found = Invoice.objects.filter(pk__in=ids).select_related("client").order_by("pk")
    return list(found.annotate(was_paid=Exists(paid)))


def _why_not_cancelled(invoice: Any) -> str:
    return why_not_cancelled(invoice, was_paid=invoice.was_paid)


def _lock(ids: Sequence[int]) -> None:
    """The clients, before the number series and anything else."""
    Client.objects.lock_ids(Invoice.objects.filter(pk__in=ids).values("client"))


def _mark(invoice: Invoice) -> str:
    return f"{invoice.client_id} {invoice.status} {invoice.version} {invoice.total} {invoice.balance_due}"


def _describe(invoice: Invoice) -> list[Any]:
    return [invoice.label, cut(invoice.client.name), money(invoice.total)]


def _not_a_draft(invoice: Invoice) -> str:
    return "" if invoice.status == Invoice.Status.DRAFT else f"It is {invoice.get_status_display()}, no draft."


def _called(invoice: Invoice) -> str:
    return f"{invoice.label} of {invoice.client.name}"


def _page_of(name: str) -> Callable[[int], str]:
    return lambda pk: reverse(name, args=[pk])


_OF_INVOICES: dict[str, Any] = {"called": _called, "rows": _rows, "lock": _lock, "mark": _mark, "describe": _describe}
_OF_DRAFTS: dict[str, Any] = {
    **_OF_INVOICES, "noun": "draft", "nouns": "drafts", "why_not": _not_a_draft,
    "permissions": ("invoices.issue_invoice", "invoices.view_invoice"),
}  # fmt: skip


@rows_action("invoices.issue")
def issue(client: int | None) -> RowsAction[Invoice]:
    """Give drafts their numbers."""
    return RowsAction(
        name="invoices.issue", title="Issue Drafts?", label="Issue Drafts", done="issued",
        act=lambda invoice, by: issue_invoice(invoice=invoice, by=by), **_OF_DRAFTS,
    )  # fmt: skip


@rows_action("invoices.delete")
def delete(client: int | None) -> RowsAction[Invoice]:
    """Delete drafts."""
    return RowsAction(
        name="invoices.delete", title="Delete Drafts?", label="Delete Drafts", done="deleted", danger=True,
        act=lambda invoice, by: delete_draft(invoice=invoice, by=by), **_OF_DRAFTS,
    )  # fmt: skip


@rows_action("invoices.cancel")
def cancel(client: int | None) -> RowsAction[Invoice]:
    """Cancel what nobody has paid."""
    return RowsAction(
        name="invoices.cancel", title="Cancel Invoices?", label="Cancel Invoices", done="cancelled", danger=True,
        keep="Keep Them", noun="invoice", nouns="invoices", why_not=_why_not_cancelled,
        permissions=("invoices.cancel_invoice", "invoices.view_invoice"),
        act=lambda invoice, by: cancel_invoice(invoice=invoice, by=by), alone=_page_of("invoices:cancel"),
        **{**_OF_INVOICES, "rows": _rows_to_cancel},
    )  # fmt: skip


def _written_off_of(ids: Sequence[int]) -> list[str]:
    owed = Invoice.objects.filter(pk__in=ids).values_list("currency").annotate(left=Sum("balance_due"))
    return [
        f"{totals_text(dict(owed.order_by('currency')))} that is due on them is written off, all of it.",
        "They are never shown as Paid. A payment that comes later takes back as much as it pays.",
    ]


@rows_action("invoices.write-off", WriteOffManyForm)
def write_off(client: int | None, reason: str = "") -> RowsAction[Invoice]:
    """Write off all that is due on them."""
    return RowsAction(
        name="invoices.write-off", title="Write Off Invoices?", label="Write Off", done="written off", danger=True,
        keep="Keep Them", noun="invoice", nouns="invoices", why_not=why_not_written_off,
        permissions=("invoices.write_off_invoice", "invoices.view_invoice"), effects=_written_off_of,
        act=lambda invoice, by: write_off_invoice(invoice=invoice, by=by, reason=reason),
        alone=_page_of("invoices:write_off"),
        **{**_OF_INVOICES, "describe": lambda each: [each.label, cut(each.client.name), money(each.due)]},
    )  # fmt: skip


def _reminded_of(ids: Sequence[int]) -> list[str]:
    today = timezone.localdate()
    levels, numbers = ReminderLevel.objects.in_force(), Counter[int]()
    fees: dict[str, Decimal] = defaultdict(Decimal)
    rows = reminders_due(today).filter(pk__in=ids).order_by().values_list("reminder_level", "currency")
    for level, currency, number in rows.filter(client__e_invoice="", bills_fees_alone=False).annotate(
        number=Count("pk")
    ):
        fees[currency] += number * levels[level - 1].fee(currency).amount
    for level, number in rows.values_list("reminder_level").annotate(number=Count("pk")):
        numbers[level] += number
    said = [f"Reminder {level} of {pluralize(number, 'invoice')}." for level, number in sorted(numbers.items())]
    if billed := {code: amount for code, amount in sorted(fees.items()) if amount}:
        said.append(
            f"Fees of {totals_text(billed)} are billed with the clients’ next invoices, once the reminders go out."
        )
    return said


@rows_action("reminders-due.send")
def send_them_reminders(client: int | None) -> RowsAction[Any]:
    """Send the reminder that is due for each of them."""
    today = timezone.localdate()
    none = why_no_reminders(today)

    def why_not(invoice: Any) -> str:
        return none or ("" if invoice.reminder_level else "No reminder of it is due any more.")

    return RowsAction(
        noun="reminder", nouns="reminders", permissions=("clients.send_mailmessage", "invoices.view_invoice"),
        describe=lambda each: [each.label, cut(each.client.name), str(each.reminder_level), money(each.due)],
        called=_called, rows=lambda ids: invoices_to_remind(ids, today), why_not=why_not, lock=_lock,
        mark=lambda each: f"{each.client_id} {each.reminder_level} {each.balance_due} {each.client.email}",
        act_together=lambda rows, by: _put_in(
            send_reminders(as_of=today, by=by, invoice_ids=[each.pk for each in rows]).number
        ),
        name="reminders-due.send", title="Send Reminders?", label="Send Reminders", done="put in to be sent",
        effects=_reminded_of,
    )  # fmt: skip


def _put_in(number: int) -> str:
    return f"{pluralize(number, 'reminder')} put in to be sent."


def _items(ids: Sequence[int]) -> list[BillableItem]:
    return list(BillableItem.objects.filter(pk__in=ids).select_related("client").order_by("pk"))


@rows_action("billable-items.delete")
def delete_items(client: int | None) -> RowsAction[BillableItem]:
    """Delete items that were never billed."""
    return RowsAction(
        name="billable-items.delete",
        title="Delete Billable Items?",
        label="Delete Items",
        done="deleted",
        noun="billable item",
        nouns="billable items",
        permissions=("invoices.add_billableitem", "invoices.view_invoice"),
        describe=lambda item: [cut(item.description), cut(item.client.name), money(item.unit_price)],
        called=lambda item: f"“{item.description}” of {item.client.name}",
        rows=_items,
        mark=lambda item: f"{item.client_id} {item.version} {item.periods_billed}",
        why_not=lambda item: "It has been billed; use End instead." if item.periods_billed else "",
        lock=lambda ids: Client.objects.lock_ids(BillableItem.objects.filter(pk__in=ids).values("client")),
        act=lambda item, by: delete_item(item=item, by=by),
        danger=True,
    )
