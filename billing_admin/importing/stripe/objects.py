"""A customer, an invoice and a balance transaction of Stripe, as its exports tell them."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from .values import Cells

_STATUSES = {"draft": "Draft", "open": "Unpaid", "paid": "Paid", "void": "Cancelled", "uncollectible": "Uncollectible"}
_YES = ("true", "yes", "1")
# Of the money of customers. All else moves between Stripe, the account and its bank.
_MONEY = {
    "charge", "payment", "refund", "payment_refund", "refund_failure", "payment_failure_refund", "charge_failure",
    "dispute", "dispute_reversal", "payment_reversal", "partial_capture_reversal",
}  # fmt: skip
_OF_DISPUTES = ("dp_", "du_")
_LEGAL_FORM = re.compile(
    r"\b(?:ltd|limited|inc|llc|llp|plc|corp|gmbh|ag|ug|kg|sarl|sas|sa|srl|spa|bv|nv|ab|aps|as|oy|pty|co)\b\.?$|[&0-9]",
    re.IGNORECASE,
).search  # fmt: skip


@dataclass(frozen=True)
class Customer:
    """`balance` is its credit: below zero where it owes something. `currency` is '' before it was billed anything."""

    id: str
    currency: str
    balance: Decimal

    @classmethod
    def of(cls, cells: Cells) -> "Customer":
        """A balance below zero is credit there."""
        currency = cells.currency()
        return cls(cells.raw("id"), currency, -cells.amount("balance", currency))


def split_name(name: str) -> tuple[str, str, str]:
    """First name, last name, company: it has one name for both people and companies."""
    first, _, last = name.rpartition(" ")
    return ("", "", name) if not first or _LEGAL_FORM(name) else (first, last, "")


@dataclass(frozen=True)
class Invoice:
    """`subtotal` is without tax and after discounts. `credit`: how much of it the customer's balance paid.

    `client` is its customer, with the currency beside it where that is not the customer's.
    """

    id: str
    client: str
    code: str
    status: str
    subtotal: Decimal
    tax: Decimal
    total: Decimal
    credit: Decimal
    paid: Decimal

    @classmethod
    def of(cls, cells: Cells, currencies: Mapping[str, str]) -> "Invoice":
        """`currencies` are those of the customers there are, by their ids."""
        customer, currency = cells.raw("customer"), cells.currency()
        own = currencies.get(customer)
        is_foreign = own is not None and own != currency
        total, tax = cells.amount("total", currency), cells.amount("tax", currency)
        status = _status(cells)
        credit = Decimal(0)
        if "amount_due" in cells.export.places and status not in ("Draft", "Cancelled"):
            credit = total - cells.amount("amount_due", currency)
            if credit < 0:
                cells.changes.append(f"{-credit} of what is due is of an older debt, and no part of the invoice")
                credit = Decimal(0)
        return cls(
            cells.raw("id"), f"{customer} in {currency}" if is_foreign else customer,
            "" if own is None or is_foreign else own, status, total - tax, tax, total,
            min(credit, max(total, Decimal(0))), cells.amount("amount_paid", currency),
        )  # fmt: skip

    @property
    def uses_credit(self) -> bool:
        """Whether a row of credit belongs to it."""
        return self.credit > 0

    @property
    def is_open(self) -> bool:
        """Whether something is due of it."""
        return self.status == "Unpaid"


def _status(cells: Cells) -> str:
    if told := cells.raw("status"):
        return _STATUSES.get(told.casefold(), told)
    if cells.raw("is_paid").casefold() in _YES:
        return "Paid"
    return "Closed" if cells.raw("closed").casefold() in _YES else "Unpaid"


def rate_of(subtotal: Decimal, tax: Decimal, told: Decimal | None) -> Decimal:
    """The percentage that makes this tax of the subtotal, where none is told."""
    if told or not tax or not subtotal:
        return told or Decimal(0)
    return (tax * 100 / subtotal).quantize(Decimal("0.01"))


@dataclass(frozen=True)
class Moved:
    """A balance transaction that is money of a customer. `id` is that of a charge, where it is one."""

    id: str
    customer: str
    currency: str
    at: datetime.datetime | None
    amount_in: Decimal
    fees: Decimal
    amount_out: Decimal

    @classmethod
    def of(cls, cells: Cells) -> "Moved":
        """In the currency that the customer paid in."""
        currency, kind, source = cells.currency(), cells.raw("type").casefold(), cells.raw("source")
        amount = cells.amount("amount", currency)
        has_net = "net" in cells.export.places
        fees = amount - cells.amount("net", currency) if has_net else cells.amount("fee", currency)
        facing = cells.currency("facing_currency")
        if facing and facing != currency:
            cells.changes.append(f"{amount} {currency} reached the account, less a fee of {fees}, which is not taken")
            sign = -1 if amount < 0 else 1
            amount, fees, currency = sign * abs(cells.amount("facing_amount", facing)), Decimal(0), facing
        is_charge = kind in ("charge", "payment") and source
        return cls(
            source if is_charge else cells.raw("id"), cells.raw("customer"), currency, cells.moment("created", "Date"),
            max(amount, Decimal(0)), fees, max(-amount, Decimal(0)),
        )  # fmt: skip


def is_of_customers(cells: Cells) -> bool:
    """Whether a balance transaction is money of a customer."""
    kind = cells.raw("type").casefold()
    return kind in _MONEY or (kind == "adjustment" and cells.raw("source").startswith(_OF_DISPUTES))
