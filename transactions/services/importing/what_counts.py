"""Which rows of a file are payments, by what its format says of direction, status and type."""

from collections.abc import Callable
from functools import cache

from billing_admin.csv_files.cells import quoted
from billing_admin.errors import BusinessError
from transactions.models import PaymentFileMapping

# Stands for all values that are not named.
ALL_OTHERS = "*"
# Stands for a cell with nothing in it.
EMPTY = "(empty)"


def why_no_payment(cell: Callable[[str], str], mapping: PaymentFileMapping) -> str:
    """Why a row is left out; empty where it is a payment as far as these columns say.

    Raises BusinessError where the format does not say what a value means: a payment is not lost for that.
    """
    for column, counting, others, reason in (
        ("status", mapping.paid_statuses, mapping.other_statuses, "Its status is {}."),
        ("type", mapping.payment_types, mapping.other_types, "It is {}, no payment."),
        ("direction", mapping.incoming_values, mapping.outgoing_values, "It is money that went out ({})."),
    ):
        if not getattr(mapping, f"{column}_column"):
            continue
        value = cell(column)
        named = " ".join(value.split()).casefold() or EMPTY
        if named in _values(counting):
            continue
        if named in _values(others):
            return reason.format(quoted(value) if value else "empty")
        if ALL_OTHERS in _values(counting):
            continue
        if ALL_OTHERS in _values(others):
            return reason.format(quoted(value) if value else "empty")
        header = getattr(mapping, f"{column}_column")
        raise BusinessError(
            f"{header} is {quoted(value) if value else 'empty'}, and the format does not say what that means. Add it "
            f"to the values of this column that are payments or to those that are not."
        )
    return ""


@cache
def _values(text: str) -> frozenset[str]:
    return frozenset(" ".join(value.split()).casefold() for value in text.split(";") if value.strip())
