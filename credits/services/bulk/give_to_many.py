"""The same credit for several clients: a file of credit that we write, looked at and booked as any other."""

import datetime
from collections.abc import Iterable

from django.contrib.auth.models import User
from djmoney.money import Money

from billing_admin.csv_files.writing import csv_lines
from billing_admin.money.amounts import plain_amount
from billing_admin.text import pluralize
from credits.models import CreditBatch

from .upload import upload_credit_file

_HEADER = ("Client ID", "Amount", "Currency", "Description", "Expires")


def prepare_credit_for_many(
    *, numbers: Iterable[int], amount: Money, description: str, by: User, expires_on: datetime.date | None = None
) -> CreditBatch:
    """A batch of this credit for each client, to be looked at; nothing is booked yet.

    Raises BusinessError.
    """
    code = amount.currency.code
    each = (plain_amount(amount.amount, code), code, description, expires_on or "")
    rows = [(number, *each) for number in numbers]
    content = "".join(csv_lines([_HEADER, *rows])).encode()
    return upload_credit_file(name=f"credit for {pluralize(len(rows), 'client')}.csv", content=content, by=by)
