"""Reading a file of payments, whatever it is: a statement says so itself, all else is a table."""

from billing_admin.csv_files.open_questions import NeedsAnswer
from transactions.models import PaymentFileMapping

from .read import read_payments
from .readers.statements import read_statement, statement_of
from .rows import ReadFile


def read_file(name: str, content: bytes, mapping: PaymentFileMapping) -> ReadFile:
    """The rows of a file, by its format where it is a table; a statement needs none, but for its payment method.

    Raises BusinessError and NeedsAnswer, as what reads it does.
    """
    if (statement := statement_of(content)) is not None:
        return read_statement(name, content, statement, mapping.payment_method)
    if mapping._state.adding and not mapping.currency and not mapping.currency_column:
        raise NeedsAnswer("currency", f"A file of {mapping.name} does not say its currency.")
    return read_payments(name, content, mapping)
