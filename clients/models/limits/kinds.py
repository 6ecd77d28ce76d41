"""What limits are of, and what is raised above one."""

from collections.abc import Mapping

from django.db import models
from djmoney.money import Money

from billing_admin.errors import BusinessError


class LimitKind(models.TextChoices):
    """What a limit is of."""

    GIVEN = "given", "Credit given"
    ADJUSTED = "adjusted", "Balances raised"
    TRANSFERRED = "transferred", "Credit transferred"
    REFUNDED = "refunded", "Payments refunded or reversed"
    WRITTEN_OFF = "written_off", "Invoices written off or cancelled"
    CREDITED = "credited", "Credit notes"
    BULK = "bulk", "Bulk credit"


# Kind → the right that it is done with, unless the service says another; and what one does, for sentences.
RIGHTS: Mapping[str, str] = {
    LimitKind.GIVEN: "credits.add_credit",
    LimitKind.ADJUSTED: "credits.adjust_balance",
    LimitKind.TRANSFERRED: "credits.transfer_credit",
    LimitKind.REFUNDED: "transactions.refund_payment",
    LimitKind.WRITTEN_OFF: "invoices.write_off_invoice",
    LimitKind.CREDITED: "invoices.issue_creditnote",
    LimitKind.BULK: "credits.give_bulk_credit",
}
VERBS: Mapping[str, str] = {
    LimitKind.GIVEN: "give as credit",
    LimitKind.ADJUSTED: "raise a balance by",
    LimitKind.TRANSFERRED: "transfer",
    LimitKind.REFUNDED: "give back of payments",
    LimitKind.WRITTEN_OFF: "write off or cancel",
    LimitKind.CREDITED: "take back by credit notes",
    LimitKind.BULK: "give in bulk",
}


class Scope(models.TextChoices):
    """What a limit is for: one entry, or all of a day in the installation's time zone."""

    ENTRY = "entry", "At once"
    CLIENT_DAY = "client_day", "For one client in a day"
    PERSON_DAY = "person_day", "In a day"


class NeedsApproval(BusinessError):
    """More than the person may do alone; with somebody's approval it can be done. `why` has the figures."""

    def __init__(self, why: str, *, kind: str, amount: Money) -> None:
        super().__init__(f"Nothing was done. {why} It can be done once somebody else approves it.")
        self.why, self.kind, self.amount = why, kind, amount
