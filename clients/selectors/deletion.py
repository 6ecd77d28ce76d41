"""What staff look at before a client is deleted: what goes, what stays, what deserves a second thought."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum
from djmoney.money import Money

from billing_admin.money.amounts import totals_text
from billing_admin.text import pluralize
from clients.models import Client, Contact
from credits.models import CreditAccount
from invoices.models import BillableItem, Invoice
from transactions.models import Transaction
from transactions.selectors.payers import waiting_naming

from .client_data import CLIENT_TABLES, ClientData, client_data_of


@dataclass(frozen=True)
class UnpaidInvoices:
    """How many invoices of one currency are unpaid, and what is due on them."""

    count: int
    due: Money


@dataclass(frozen=True)
class DeletionPreview:
    """Everything that a person decides a deletion by. `waiting` is unattached money of which something names it."""

    client: Client
    has: ClientData
    credit: list[Money]
    unpaid: list[UnpaidInvoices]
    billed_items: int
    waiting: list[Transaction]

    def going(self, *, with_transactions: bool = False) -> list[tuple[str, int]]:
        """Kind → how many rows go, without those that mean nothing to a person by themselves."""
        return [
            (table.many or f"{table.one}s", number)
            for table in CLIENT_TABLES
            if table.is_shown
            and not table.stays
            and (number := self.has.count(table.name))
            and (with_transactions or table.name != "transactions")
        ]

    @property
    def transactions(self) -> int:
        """How many transactions stay."""
        return self.has.count("transactions")

    @property
    def activities(self) -> int:
        """How many activities stay, with what is personal in them emptied."""
        return self.has.count("activity")

    @property
    def money_in(self) -> str:
        """What the transactions come to, in words: `1,200.00 USD in, 20.00 USD out`."""
        parts = []
        for name, word in (("paid_in", "in"), ("fees", "in fees"), ("paid_out", "out")):
            amounts = [(code, getattr(sums, name)) for code, sums in self.has.sums.items() if getattr(sums, name)]
            if amounts:
                parts.append(f"{totals_text(amounts)} {word}")
        return ", ".join(parts)

    @property
    def warnings(self) -> list[str]:
        """What deserves a second thought, in words with the figures."""
        said = []
        if self.credit:
            amounts = totals_text((balance.currency.code, balance.amount) for balance in self.credit)
            said.append(f"{amounts} of credit is left and goes with the client.")
        for part in self.unpaid:
            due = totals_text([(part.due.currency.code, part.due.amount)])
            is_or_are = "is" if part.count == 1 else "are"
            said.append(
                f"{pluralize(part.count, 'invoice')} {is_or_are} unpaid: {due} is still due and would be forgotten."
            )
        if self.waiting:
            sums: dict[str, Decimal] = {}
            for row in self.waiting:
                sums[row.currency] = sums.get(row.currency, Decimal(0)) + row.amount_in.amount
            amounts = totals_text(sums)
            said.append(
                f"{pluralize(len(self.waiting), 'unattached payment')} of {amounts} may be of this client: attach what "
                "is. What was said of the payer is emptied, and nobody finds out any more."
            )
        if self.billed_items:
            said.append(f"{pluralize(self.billed_items, 'billable item')} would have been billed again.")
        return said


def names_of(client: Client) -> list[list[str]]:
    """Lists of words; a line of a file that has all words of one list names the client or one of its contacts.

    Or it names a client that was merged into this one: by that name it was known, too.
    """
    people: list[Client | Contact] = [client, *client.contacts.all()]
    names = [[client.company_name], *([each.first_name, each.last_name] for each in people)]
    names += [[each.email] for each in people]
    for once in client.merges.values_list("discarded_snapshot", flat=True):
        company, first, last, email = (
            once.get(name, "") for name in ("company_name", "first_name", "last_name", "email")
        )
        names += [[company], [first, last], [email]]
    return [words for name in names if (words := [word for word in name if word])]


def deletion_preview(client: Client) -> DeletionPreview:
    """What deleting `client` would take away."""
    (has,) = client_data_of([client])
    credit = CreditAccount.objects.filter(client=client, balance__gt=0).order_by("currency")
    unpaid = (
        Invoice.objects.filter(client=client, status=Invoice.Status.UNPAID)
        .values("currency")
        .annotate(number_of=Count("pk"), open_due=Sum("balance_due"))
        .order_by("currency")
    )
    items = BillableItem.objects.filter(client=client, next_due_on__isnull=False, paused=False)
    return DeletionPreview(
        client,
        has,
        [account.balance for account in credit],
        [UnpaidInvoices(row["number_of"], Money(row["open_due"], row["currency"])) for row in unpaid],
        items.count(),
        list(Transaction.objects.filter(pk__in=waiting_naming(client, names_of(client))).order_by("date", "pk")),
    )
