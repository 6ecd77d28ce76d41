"""Mail with a client's statement of account."""

import datetime

from django.db.models import Q
from djmoney.money import Money

from billing_admin.documents import Press
from billing_admin.documents.languages import day_in
from billing_admin.mail.letters import Attachment
from clients.documents.statement import statement_sheet
from clients.models import Client, MailMessage
from clients.models.client_queryset import ClientGone
from clients.selectors.statement import statement
from invoices.models import SellerVersion

from .said import Said, Withheld, money


def period_of(message: MailMessage) -> tuple[datetime.date, datetime.date]:
    """The first and the last day."""
    first, last = message.data["first"], message.data["last"]
    return datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)


def say(message: MailMessage, client: Client | None, language: str) -> Said:
    """The period, and how the account stands after it."""
    if client is None:
        raise Withheld("The client is not there any more.")
    first, last = period_of(message)
    if message.subject_id != client.pk and not message.is_by_hand and _has_another(message, client):
        raise Withheld("Since the merge the client has a message with this very statement.")
    accounts = statement(client, first, last)
    owed = [account.owed_after for account in accounts if account.owed_after.amount]
    values = {
        "first_day": day_in(first, language),
        "last_day": day_in(last, language),
        "owed": ", ".join(money(each, language) for each in owed) or money(Money(0, client.currency), language),
        "credit": ", ".join(money(each.held_after, language) for each in accounts if each.held_after.amount),
    }
    return Said(values)


def _has_another(message: MailMessage, client: Client) -> bool:
    """Of a merged client: whether the one that was kept gets this statement anyway, or one merged before does."""
    same = MailMessage.objects.filter(client=client, kind=message.kind, contact_id=message.contact_id)
    same = same.filter(data__first=message.data["first"], data__last=message.data["last"]).exclude(pk=message.pk)
    others = same.exclude(state__in=[MailMessage.State.WITHHELD, MailMessage.State.FAILED])
    return others.filter(Q(subject_id=client.pk) | Q(pk__lt=message.pk)).exists()


def files(message: MailMessage, press: Press) -> list[Attachment]:
    """The statement, drawn for this message: it is not kept."""
    client = Client.objects.filter(pk=message.client_id or 0).first()
    if client is None:
        raise ClientGone
    first, last = period_of(message)
    accounts = statement(client, first, last)
    drawn = press.draw(statement_sheet(client, accounts, first, last, SellerVersion.objects.current()))
    return [Attachment(f"statement-{client.number}-{first}-{last}.pdf", drawn.content)]
