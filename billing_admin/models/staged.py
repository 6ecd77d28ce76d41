"""The rows of another system as they were read, and what becomes of each: booked from here, and gone afterwards.

They are plain rows without keys to ours. Readers fill them by COPY (`billing_admin.importing`); the services of each
app say what becomes of them (`outcome`, `why`) and bring them. `source_id` is the id there, as text;
`client_source_id` the one of its client, empty where it names none. Texts have been mended; `changes` says of what, a
line for each. Amounts are as they stand there.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from .system_import import SystemImport


class Outcome(models.TextChoices):
    """What becomes of a staged row; `why` says it in a sentence with the figures."""

    COMES = "", "Comes"
    ASKS = "asks", "Waits for an answer"
    WAITS = "waits", "Does not fit and waits"
    LEFT_OUT = "left out", "Left out"
    THERE = "there", "Is here already"
    CHANGED = "changed", "Was changed there, and stays as it is here"


def _id() -> models.CharField:
    return models.CharField(max_length=200, db_collation="C", db_default="")


def _text() -> models.TextField:
    return models.TextField(db_default="")


def _amount() -> models.DecimalField:
    return models.DecimalField(max_digits=18, decimal_places=4, db_default=0)


class Staged(models.Model):
    """What all of them have. `is_done`: it was booked, in the transaction that brought it."""

    of = models.ForeignKey(SystemImport, models.CASCADE, related_name="+", db_index=False)
    source_id = _id()
    client_source_id = _id()
    outcome = models.CharField(max_length=8, choices=Outcome, db_default="", blank=True)
    why = _text()
    changes = _text()

    # What its rows are called in counts and questions, and in `ExternalReference.kind`.
    kind: ClassVar[str]

    class Meta:
        abstract = True
        default_permissions = ()
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.UniqueConstraint(fields=("of", "source_id"), name="%(class)s_once"),
            models.CheckConstraint(
                name="%(class)s_outcome",
                condition=Q(outcome__in=["", "asks", "waits", "left out", "there", "changed"]),
            ),
        )
        indexes: ClassVar[tuple[models.Index, ...]] = (
            models.Index(fields=("of", "client_source_id"), name="%(class)s_of_client"),
            models.Index(fields=("of", "outcome", "id"), name="%(class)s_outcomes", condition=~Q(outcome="")),
            models.Index(fields=("of", "id"), name="%(class)s_changes", condition=~Q(changes="")),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.source_id}"


class StagedClient(Staged):
    """A client. `client_source_id` is its own id. `texts` has whole what is longer than the profile takes, a line each.

    `currency` is the id of a currency there; `balance` is its credit as it stands there; `custom` is field → value.
    `is_done`: it and all that is staged of it was booked.
    """

    kind = "client"

    first_name = _text()
    last_name = _text()
    company_name = _text()
    email = _text()
    phone = _text()
    tax_id = _text()
    address_1 = _text()
    address_2 = _text()
    city = _text()
    region = _text()
    postcode = _text()
    country = _text()
    currency = _text()
    status = _text()
    group = _text()
    gateway = _text()
    language = _text()
    tax_exempt = models.BooleanField(db_default=False)
    no_reminders = models.BooleanField(db_default=False)
    created_on = models.DateField(null=True)
    notes = _text()
    texts = _text()
    custom = models.JSONField(db_default={})
    balance = _amount()
    is_done = models.BooleanField(db_default=False)

    class Meta(Staged.Meta):
        indexes = (
            *Staged.Meta.indexes,
            models.Index(fields=("of", "id"), name="stagedclient_to_do", condition=Q(is_done=False)),
        )


class StagedContact(Staged):
    """A further person: a contact there, or (its id begins with `u`) who may sign in."""

    kind = "contact"

    first_name = _text()
    last_name = _text()
    email = _text()
    phone = _text()
    receives_invoices = models.BooleanField(db_default=False)
    is_technical = models.BooleanField(db_default=False)
    more = _text()
    """What a contact of ours has no room for (address, company), a line each."""

    class Meta(Staged.Meta):
        pass


class StagedNote(Staged):
    """A note of staff."""

    kind = "note"

    text = _text()
    at = models.DateTimeField(null=True)
    pinned = models.BooleanField(db_default=False)
    author = _text()

    class Meta(Staged.Meta):
        pass


class StagedInvoice(Staged):
    """An invoice. `label` is the number as it was printed; `total` is net of `credit`, `is_gross` where it is not.

    `paid` is what came in for it less what went out, by the rows of that system.
    """

    kind = "invoice"

    label = _text()
    status = _text()
    issued_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    paid_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(null=True)
    subtotal = _amount()
    tax = _amount()
    tax2 = _amount()
    tax_rate = _amount()
    tax2_rate = _amount()
    credit = _amount()
    total = _amount()
    is_gross = models.BooleanField(db_default=False)
    paid = _amount()
    gateway = _text()
    notes = _text()

    class Meta(Staged.Meta):
        pass


class StagedLine(Staged):
    """A line of an invoice; in the order of `position`, which is its id there as a number."""

    kind = "line"

    invoice_source_id = _id()
    position = models.BigIntegerField(db_default=0)
    item_kind = _text()
    item_source_id = _id()
    description = _text()
    amount = _amount()
    taxed = models.BooleanField(db_default=False)

    class Meta(Staged.Meta):
        constraints = (Staged.Meta.constraints[1],)
        indexes = (
            *Staged.Meta.indexes[1:],
            models.Index(fields=("of", "invoice_source_id"), name="stagedline_of_invoice"),
        )


class StagedMoney(Staged):
    """Money that came in or went out. `refund_of` is the row that it gives back; `currency` an id there, or empty."""

    kind = "money"

    invoice_source_id = _id()
    currency = _text()
    gateway = _text()
    at = models.DateTimeField(null=True)
    description = _text()
    amount_in = _amount()
    fees = _amount()
    amount_out = _amount()
    reference = _text()
    refund_of = _id()
    client_name = _text()
    """Of a client that is gone there: the name that its log tells."""

    class Meta(Staged.Meta):
        indexes = (
            *Staged.Meta.indexes,
            models.Index(fields=("of", "invoice_source_id"), name="stagedmoney_of_invoice"),
        )


class StagedCredit(Staged):
    """A row of credit: given above zero, used below. `invoice_source_id`: the invoice that it names."""

    kind = "credit"

    invoice_source_id = _id()
    on = models.DateField(null=True)
    description = _text()
    amount = _amount()

    class Meta(Staged.Meta):
        pass


class StagedItem(Staged):
    """What will be billed: a service, an addon (`a…`), a domain (`d…`) or a billable item (`b…`).

    `cycle` is in the words of that system, `next_due_on` the day that the next invoice there will be for, `starts_on`
    what due days are counted from, `times_left` how often it will be billed.
    """

    kind = "item"

    description = _text()
    quantity = models.DecimalField(max_digits=12, decimal_places=4, db_default=1)
    amount = _amount()
    cycle = _text()
    status = _text()
    starts_on = models.DateField(null=True)
    next_due_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    times_left = models.PositiveIntegerField(null=True)
    taxed = models.BooleanField(db_default=False)

    class Meta(Staged.Meta):
        pass


class StagedEvent(Staged):
    """A mail that was sent (`m…`) or a line of the log: read-only history of its client."""

    kind = "event"

    is_mail = models.BooleanField(db_default=False)
    at = models.DateTimeField(null=True)
    text = _text()
    who = _text()
    """Whom the mail went to, or who did it."""

    class Meta(Staged.Meta):
        pass


STAGED: tuple[type[Staged], ...] = (
    StagedClient,
    StagedContact,
    StagedNote,
    StagedInvoice,
    StagedLine,
    StagedMoney,
    StagedCredit,
    StagedItem,
    StagedEvent,
)
