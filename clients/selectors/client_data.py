"""What there is of a client, in every table: counts per kind of row and totals per currency.

CLIENT_TABLES is the one list of tables with rows of clients: merge, undo, deletion, their previews and the export all
go by it. A test holds it against the models: a table is in it, or among the test's exceptions with the reason.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import connection
from django.db.models import Model

from billing_admin.money.amounts import amount_text
from billing_admin.text import pluralize
from clients.models import (
    Activity,
    ApprovalRequest,
    Client,
    ClientDocument,
    ClientMerge,
    ClientNote,
    ClientNumberAlias,
    Contact,
    ExternalReference,
    FormKey,
    ImportedEvent,
    IssuedDocument,
    MailboxMail,
    MailMessage,
    NotADuplicate,
)
from credits.models import CreditAccount, CreditEntry, CreditGrant
from invoices.models import (
    BillableItem,
    CreditNote,
    CreditNoteLine,
    ImportedInvoice,
    ImportedLine,
    Invoice,
    InvoiceLine,
    InvoiceRunError,
    ReminderFee,
    ReminderHold,
    WriteOff,
)
from transactions.models import RememberedPayer, Transaction


@dataclass(frozen=True)
class ClientTable:
    """One table with rows of clients: what a row is called on screens, and the columns that name the client.

    `name` is its kind in counts, in exports and in MergedRows. `moves_plainly`: a merge only writes the other client
    into the row; otherwise a service of its app moves it. `adds_up`: a merge makes neither more nor fewer of them.
    `is_shown`: it means something to staff by itself. `own_file`: a column that the export writes as files of its own.
    `not_theirs`: columns that are about staff, which the export leaves out.
    """

    name: str
    model: type[Model]
    one: str
    many: str = ""
    columns: tuple[str, ...] = ("client_id",)
    moves_plainly: bool = True
    adds_up: bool = True
    is_shown: bool = True
    own_file: str = ""
    not_theirs: tuple[str, ...] = ()

    @property
    def db_table(self) -> str:
        """The table in the database."""
        return self.model._meta.db_table

    @property
    def exported(self) -> str:
        """The columns that the export has in its tables."""
        columns = [str(field.column) for field in self.model._meta.concrete_fields]
        left_out = {self.own_file, *self.not_theirs}
        return ", ".join(column for column in columns if column not in left_out) if left_out != {""} else "*"

    @property
    def belongs(self) -> str:
        """SQL condition: the row is one of the client `%(client_id)s`."""
        return " OR ".join(f"{column} = %(client_id)s" for column in self.columns)

    @property
    def is_append_only(self) -> bool:
        """Whether a deletion has to note which of its rows it takes out."""
        return hasattr(self.model, "rows")

    @property
    def stays(self) -> bool:
        """Whether its rows outlive the client, with what is personal in them emptied."""
        return self.is_append_only and bool(self.model.rows.stays)  # type: ignore[attr-defined]

    def pluralize(self, number: int) -> str:
        """`3 invoices`."""
        return pluralize(number, self.one, self.many)


# In the order in which they are shown, move and go: a document before its lines and before what settles it, a grant
# before its entries, so that the triggers have no sums to keep of what is about to go.
CLIENT_TABLES = (
    ClientTable("invoices", Invoice, "invoice"),
    ClientTable("imported_invoices", ImportedInvoice, "imported invoice", is_shown=False),
    ClientTable("imported_lines", ImportedLine, "imported invoice line", is_shown=False),
    ClientTable("invoice_lines", InvoiceLine, "invoice line"),
    ClientTable("credit_notes", CreditNote, "credit note"),
    ClientTable("credit_note_lines", CreditNoteLine, "credit note line"),
    ClientTable("write_offs", WriteOff, "write-off"),
    ClientTable("reminder_holds", ReminderHold, "mark that stops reminders", "marks that stop reminders"),
    ClientTable("reminder_fees", ReminderFee, "reminder fee", is_shown=False),
    ClientTable("billable_items", BillableItem, "billable item"),
    ClientTable("transactions", Transaction, "transaction"),
    ClientTable("credit_grants", CreditGrant, "credit", moves_plainly=False),
    ClientTable("credit_entries", CreditEntry, "ledger entry", "ledger entries", moves_plainly=False),
    ClientTable("credit_accounts", CreditAccount, "credit balance", moves_plainly=False, adds_up=False),
    ClientTable("contacts", Contact, "contact", adds_up=False),
    ClientTable("notes", ClientNote, "note", adds_up=False),
    ClientTable("documents", ClientDocument, "file", own_file="content"),
    ClientTable("issued_documents", IssuedDocument, "issued document", own_file="content"),
    ClientTable("mail", MailMessage, "message", "messages"),
    ClientTable("mailbox", MailboxMail, "mail in the mailbox", "mails in the mailbox", is_shown=False, own_file="raw"),
    ClientTable(
        "activity", Activity, "activity entry", "activity entries",
        adds_up=False, not_theirs=("source", "salt", "personal"),
    ),
    ClientTable("remembered_payers", RememberedPayer, "remembered payer"),
    ClientTable("run_errors", InvoiceRunError, "error of an invoice run", "errors of invoice runs"),
    ClientTable("form_keys", FormKey, "form sent", "forms sent", is_shown=False),
    ClientTable("approval_requests", ApprovalRequest, "request for approval", "requests for approval"),
    ClientTable("former_numbers", ClientNumberAlias, "former number", adds_up=False),
    ClientTable(
        "external_references", ExternalReference, "id in another system", "ids in other systems", is_shown=False
    ),
    ClientTable(
        "imported_events", ImportedEvent, "entry of an imported log", "entries of an imported log", is_shown=False
    ),
    ClientTable("merges", ClientMerge, "earlier merge", columns=("kept_id",), adds_up=False),
    ClientTable(
        "not_duplicates", NotADuplicate, "decision “not a duplicate”", "decisions “not a duplicate”",
        columns=("first_id", "second_id"), moves_plainly=False, adds_up=False,
    ),
)  # fmt: skip
TABLES_BY_NAME = {table.name: table for table in CLIENT_TABLES}


@dataclass(frozen=True)
class Sums:
    """One currency of one client."""

    credit: Decimal = Decimal(0)
    invoiced: Decimal = Decimal(0)
    due: Decimal = Decimal(0)
    written_off: Decimal = Decimal(0)
    paid_in: Decimal = Decimal(0)
    fees: Decimal = Decimal(0)
    paid_out: Decimal = Decimal(0)

    # Field → what it is called on screens.
    LABELS = {
        "credit": "Credit balance",
        "invoiced": "Invoiced",
        "due": "Due on invoices",
        "written_off": "Written off",
        "paid_in": "Transactions in",
        "fees": "Fees",
        "paid_out": "Transactions out",
    }

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(getattr(self, name) + getattr(other, name) for name in self.LABELS))

    def as_json(self) -> dict[str, str]:
        """Amounts as text, so that JSON keeps every cent."""
        return {name: str(getattr(self, name).normalize() + 0) for name in self.LABELS}


@dataclass
class ClientData:
    """What one client, or two together, have."""

    counts: dict[str, int] = field(default_factory=dict)
    sums: dict[str, Sums] = field(default_factory=dict)

    def __add__(self, other: "ClientData") -> "ClientData":
        counts = {table.name: self.count(table.name) + other.count(table.name) for table in CLIENT_TABLES}
        currencies = sorted({*self.sums, *other.sums})
        return ClientData(
            {name: number for name, number in counts.items() if number},
            {code: self.sums.get(code, Sums()) + other.sums.get(code, Sums()) for code in currencies},
        )

    def count(self, name: str) -> int:
        """How many rows of that kind."""
        return self.counts.get(name, 0)

    def differing_totals(self, after: "ClientData") -> list[str]:
        """`Fees of 0.60 USD before, 0.30 USD after`, for each total that is not the same in `after`."""
        return [
            f"{label} of {amount_text(one, code)} {code} before, {amount_text(other, code)} {code} after"
            for code in sorted({*self.sums, *after.sums})
            for name, label in Sums.LABELS.items()
            if (one := getattr(self.sums.get(code, Sums()), name))
            != (other := getattr(after.sums.get(code, Sums()), name))
        ]

    @property
    def totals(self) -> dict[str, dict[str, str]]:
        """The totals per currency as they are stored; a currency in which everything is zero is left out."""
        return {code: sums.as_json() for code, sums in sorted(self.sums.items()) if sums != Sums()}


_COUNTS = " UNION ALL ".join(
    f"SELECT '{table.name}', {column}, count(*) FROM {table.db_table} WHERE {column} = ANY(%(ids)s) GROUP BY {column}"
    for table in CLIENT_TABLES
    for column in table.columns
)

_SUMS = """
    SELECT client_id, currency, sum(credit), sum(invoiced), sum(due), sum(written_off), sum(paid_in), sum(fees),
           sum(paid_out)
    FROM (
        SELECT client_id, currency, balance AS credit, 0 AS invoiced, 0 AS due, 0 AS written_off, 0 AS paid_in,
               0 AS fees, 0 AS paid_out
        FROM credits_creditaccount WHERE client_id = ANY(%(ids)s)
        UNION ALL
        SELECT client_id, currency, 0, CASE WHEN status IN ('draft', 'cancelled') THEN 0 ELSE total END,
               CASE WHEN status = 'unpaid' THEN balance_due ELSE 0 END, amount_written_off, 0, 0, 0
        FROM invoices_invoice WHERE client_id = ANY(%(ids)s)
        UNION ALL
        SELECT client_id, currency, 0, 0, 0, 0, amount_in, fees, amount_out
        FROM transactions_transaction WHERE client_id = ANY(%(ids)s)
    ) parts GROUP BY client_id, currency ORDER BY client_id, currency
"""


def client_data_of(clients: Iterable[Client]) -> list[ClientData]:
    """What each of these clients has, in their order; two statements."""
    ids = [client.pk for client in clients]
    found: Mapping[int, ClientData] = {pk: ClientData() for pk in ids}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"ids": ids})
        for name, pk, number in cursor.fetchall():
            found[pk].counts[name] = found[pk].count(name) + number
        cursor.execute(_SUMS, {"ids": ids})
        for pk, currency, *amounts in cursor.fetchall():
            found[pk].sums[currency] = Sums(*amounts)
    return [found[pk] for pk in ids]
