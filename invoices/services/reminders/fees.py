"""What a reminder costs: booked as a billable item when it goes out, taken back when the invoice is not owed after all.

Everything here expects the client's row to be locked, in a transaction that is already open.
"""

from decimal import Decimal

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from djmoney.money import Money

from billing_admin.actor import Actor
from billing_admin.money.amounts import money_text
from clients.models import Activity, Client, MailMessage
from clients.models.activity import Deed
from clients.models.client import Exemption
from clients.models.mail.kinds import MailKind
from invoices.models import BillableItem, Invoice, InvoiceLine, ReminderFee, ReminderLevel
from invoices.selectors.reminders import ON_ITS_WAY, reminder_fee
from invoices.services.billable_items import ItemTerms, add_billable_item

State = MailMessage.State


def fee_of(invoice: Invoice, level: int, client: Client) -> Money:
    """What the reminder costs: what is booked for it already, else what its level says."""
    booked = ReminderFee.objects.select_related("item").filter(invoice=invoice, level=level).first()
    if booked:
        return booked.item.unit_price
    return reminder_fee(ReminderLevel.objects.of(level), invoice, client).amount


def book_fee(*, invoice: Invoice, level: int, client: Client, by: Actor) -> ReminderFee | None:
    """Bill the reminder that goes out now with the client's next invoice, outside the scope of tax.

    Once for each invoice and level, however many recipients there are and however often it is tried. None where it
    costs nothing, or is booked already.
    """
    if ReminderFee.objects.filter(invoice=invoice, level=level).exists():
        return None
    fee = fee_of(invoice, level, client)
    if not fee.amount:
        return None
    item = add_billable_item(
        client=client,
        terms=ItemTerms(
            description=f"Reminder fee for {invoice.label}",
            unit_price=fee,
            starts_on=timezone.localdate(),
            tax_rate=Decimal(0),
            tax_category=Exemption.OUTSIDE,
            tax_included=False,
        ),
        by=by,
    )
    return ReminderFee.objects.create(client=client, invoice=invoice, currency=invoice.currency, level=level, item=item)


def withdraw_fees(*, invoice: Invoice, client: Client, why: str, by: Actor) -> list[str]:
    """Take back the fees of an invoice's reminders, as far as they are not billed yet. Returns what became of each.

    What is billed stays, and the activity says so: it is credited by hand.
    """
    return _withdraw(ReminderFee.objects.filter(invoice=invoice), client, why, by)


def withdraw_fee_not_sent(*, invoice_id: int, level: int, client: Client, by: Actor) -> list[str]:
    """Take back the fee of a reminder that came to nothing: no recipient got it, and none is still to get it."""
    messages = MailMessage.objects.filter(kind=MailKind.REMINDER, subject_id=invoice_id, level=level)
    went = messages.filter(state__in=[*ON_ITS_WAY, State.SENT, State.PERHAPS_SENT])
    came_back = messages.filter(state=State.BOUNCED, sent_at__isnull=False)
    fees = ReminderFee.objects.filter(invoice_id=invoice_id, level=level)
    if not fees.exists() or went.exists() or came_back.exists():
        return []
    return _withdraw(fees, client, "the reminder did not go out", by)


def _withdraw(fees: QuerySet[ReminderFee], client: Client, why: str, by: Actor) -> list[str]:
    billed = InvoiceLine.objects.filter(billable_item=OuterRef("item")).order_by("pk").values("invoice__label")[:1]
    found = list(fees.select_related("item", "invoice").annotate(billed_on=Subquery(billed)).order_by("level"))
    if not found:
        return []
    deeds = []
    for fee in found:
        said = f"Reminder fee of {money_text(fee.item.unit_price)} for {fee.invoice.label}"
        verb, became = "reminder.fee_withdrawn", f"{said} withdrawn: {why}"
        if fee.billed_on:
            verb, became = "reminder.fee_stays", f"{said} stays, though {why}: it is billed on {fee.billed_on}"
        deeds.append(Deed(verb, became, data={"invoice": fee.invoice_id, "level": fee.level}))
    BillableItem.objects.filter(pk__in=[fee.item_id for fee in found if not fee.billed_on]).delete()
    Activity.objects.record_all(deeds, by=by, client=client)
    return [deed.summary for deed in deeds]
