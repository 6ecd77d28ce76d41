"""The figures on a client's Summary."""

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Case, QuerySet, Value, When
from django.db.models.functions import Upper
from djmoney.money import Money

from billing_admin.db.over_rows import over_rows
from billing_admin.money.amounts import money_text
from clients.models import Activity, Client, Contact, CreditUse
from clients.models.client import MAILBOX
from credits.models import CreditGrant, CreditSettings
from invoices.models import Invoice
from transactions.models import Transaction

# How far ahead the Summary looks for credit that expires.
SOON = datetime.timedelta(days=30)

# The Summary adds up so many invoices, and as many transactions; where there are more, that takes longer than a page.
ADDED_UP_TO = 2_000


@dataclass(frozen=True)
class StatusFigure:
    """How many invoices of one status in one currency, and what they come to.

    Where they are unpaid, that is what is due, where they are written off, that; else their totals less what credit
    notes took back.
    """

    status: str
    count: int
    value: Money


@dataclass(frozen=True)
class Income:
    """Money in less money out, the fees of that, and what is left."""

    gross: Money
    fees: Money

    @property
    def net(self) -> Money:
        """What is left after fees."""
        return self.gross - self.fees


@dataclass(frozen=True)
class CreditOfCurrency:
    """A balance, what of it the next invoice may take today, and what expires soon (the first of it on `first_on`)."""

    balance: Money
    available: Money
    expiring: Money
    first_on: datetime.date | None


@dataclass(frozen=True)
class CreditOutlook:
    """Which rule decides about the next invoice, the level that it comes from, and what the client holds.

    An invoice that has a rule of its own goes by that.
    """

    use: CreditUse
    level: str
    held: list[CreditOfCurrency]

    @property
    def sentences(self) -> list[str]:
        """What would happen to the next invoice, for each currency held."""
        return [self._next_invoice(held) for held in self.held]

    def _next_invoice(self, held: CreditOfCurrency) -> str:
        invoice = f"The next invoice in {held.balance.currency.code}"
        if self.use == CreditUse.NEVER:
            return f"{invoice} takes no credit by itself."
        if not held.balance.amount:
            return f"{invoice} takes no credit: the balance is {money_text(held.balance)}."
        if not held.available.amount:
            return f"{invoice} takes no credit: the {money_text(held.balance)} held has expired."
        sentence = f"{invoice} takes up to {money_text(held.available)} from credit"
        if self.use == CreditUse.WHOLE:
            sentence = (
                f"{invoice} is paid from credit if it comes to {money_text(held.available)} or less, else not at all"
            )
        expired = held.balance - held.available
        return f"{sentence}; {money_text(expired)} has expired." if expired.amount else f"{sentence}."


_ORDER = ("paid", "unpaid", "overdue", "draft", "cancelled", "refunded", "writtenoff")
_COLUMNS = ("currency", "status", "due_on", "total", "amount_credited", "amount_written_off", "balance_due")


def invoice_figures(client: Client, on: datetime.date, up_to: int | None = None) -> list[StatusFigure] | None:
    """Counts and values per status and currency; Overdue is split off Unpaid. None of more invoices than `up_to`."""
    invoices = Invoice.objects.filter(client=client)
    rows = over_rows(
        invoices.values_list(*_COLUMNS)[: _more(up_to)],
        """
        currency, CASE WHEN status = 'unpaid' AND due_on < %s THEN 'overdue' ELSE status END, count(*),
        sum(CASE status WHEN 'unpaid' THEN balance_due WHEN 'writtenoff' THEN amount_written_off
            ELSE total - amount_credited END)
        """,
        "GROUP BY 1, 2 ORDER BY 1",
        [on],
    )
    if up_to is not None and sum(count for _, _, count, _ in rows) > up_to:
        return None
    figures = [StatusFigure(status, count, Money(value, currency)) for currency, status, count, value in rows]
    return sorted(figures, key=lambda figure: (_ORDER.index(figure.status), figure.value.currency.code))


def income(client: Client, up_to: int | None = None) -> list[Income] | None:
    """Gross income and fees per currency, from the client's transactions. None of more of them than `up_to`."""
    transactions = Transaction.objects.filter(client=client)
    rows = over_rows(
        transactions.values_list("currency", "amount_in", "amount_out", "fees")[: _more(up_to)],
        "currency, sum(amount_in - amount_out), sum(fees), count(*)",
        "GROUP BY currency ORDER BY currency",
    )
    if up_to is not None and sum(row[-1] for row in rows) > up_to:
        return None
    return [Income(Money(gross, currency), Money(fees, currency)) for currency, gross, fees, _ in rows]


def _more(up_to: int | None) -> int | None:
    return None if up_to is None else up_to + 1


def credit_outlook(client: Client, on: datetime.date) -> CreditOutlook:
    """What would happen to the client's next invoice."""
    system = CreditSettings.objects.current().credit_use
    use, level = (client.credit_use, "client") if client.credit_use else (system, "system")
    rows = over_rows(
        CreditGrant.objects.filter(client=client, is_open=True).values_list("currency", "remaining", "expires_on"),
        """
        currency, sum(remaining), coalesce(sum(remaining) FILTER (WHERE expires_on IS NULL OR expires_on >= %s), 0),
        coalesce(sum(remaining) FILTER (WHERE expires_on BETWEEN %s AND %s), 0),
        min(expires_on) FILTER (WHERE expires_on BETWEEN %s AND %s)
        """,
        "GROUP BY currency ORDER BY currency",
        [on, on, on + SOON, on, on + SOON],
    )
    held = {
        code: CreditOfCurrency(Money(balance, code), Money(available, code), Money(expiring, code), first_on)
        for code, balance, available, expiring, first_on in rows
    }
    nothing = Money(0, client.currency)
    default = held.pop(client.currency, CreditOfCurrency(nothing, nothing, nothing, None))
    return CreditOutlook(CreditUse(use), level, [default, *held.values()])


def contacts_of(client: Client) -> QuerySet[Contact]:
    """The further people at the client, by name."""
    return Contact.objects.filter(client=client).order_by("last_name", "first_name", "pk")


def recent_activity(client: Client, person: User, count: int = 10) -> QuerySet[Activity]:
    """What happened last."""
    return activity_of(client, person).order_by("-id")[:count]


def activity_of(client: Client, person: User) -> QuerySet[Activity]:
    """Everything that happened and that the person may see; without the figures, which may be those of many rows."""
    return Activity.objects.visible_to(person).filter(client=client).defer("data")


_FORMER_OWNERS = """
    (SELECT DISTINCT ON (moved.id) moved.id, merge.discarded_number
    FROM clients_clientmerge merge JOIN clients_mergedrows rows ON rows.merge_id = merge.id AND rows.kind = 'activity'
    CROSS JOIN LATERAL (SELECT id FROM unnest(rows.row_ids) id WHERE id = ANY(%s)) moved
    WHERE merge.kept_id = ANY(%s) ORDER BY moved.id, merge.id)
    UNION ALL
    SELECT activity.id, deletion.number FROM clients_activity activity
    JOIN clients_clientdeletion deletion ON deletion.client_key = activity.client_id WHERE activity.id = ANY(%s)
"""


def with_former_owners(actions: Sequence[Activity]) -> Sequence[Activity]:
    """The same rows, of whichever clients, each with the number (`of_number`) of whom it was done to.

    Of those who were merged since, or are deleted.
    """
    ids = [action.pk for action in actions]
    clients = {action.client_id for action in actions if action.client_id}
    with connection.cursor() as cursor:
        cursor.execute(_FORMER_OWNERS, [ids, list(clients), ids])
        numbers = dict(cursor.fetchall())
    for action in actions:
        action.of_number = numbers.get(action.pk)
    return actions


def without_tag(email: str) -> str:
    """`name@example.com` of `name+tag@example.com`."""
    return re.sub(r"\+[^@]*@", "@", email, count=1)


def duplicates_of(email: str) -> Iterator[Client]:
    """Clients that already have this e-mail address, then those whose differs by a `+tag` only."""
    mailbox = Upper(Value(without_tag(email)))
    alike = Client.objects.exclude(email="").alias(mailbox=MAILBOX).filter(mailbox=mailbox)
    same = Case(When(email__iexact=email, then=0), default=1)
    yield from alike.order_by(same, "number")[:5]
