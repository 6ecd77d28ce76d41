"""The columns of a file of clients: how each is read, and where it is kept."""

import datetime
from collections.abc import Callable

from django.db.models import CharField
from django.utils import timezone

from billing_admin.countries import find_country
from billing_admin.csv_files import cells
from billing_admin.csv_files.imports import Column
from billing_admin.errors import BusinessError
from clients.models import Client, CreditUse


def _text(field: str) -> Callable[[str], str]:
    column = Client._meta.get_field(field)
    assert isinstance(column, CharField)
    assert column.max_length
    return cells.text(longest=column.max_length)


def _creation_day(value: str) -> datetime.date:
    return require_past(value, cells.day(value))


def require_past(value: str, day: datetime.date) -> datetime.date:
    """The day that a cell says, unless it is yet to come."""
    if day > timezone.localdate():
        raise BusinessError(f"{value} is in the future.")
    return day


def _credit_use(value: str) -> str:
    return cells.choice(CreditUse)(value) if value else ""


# Each column of the file and the column of the temporary table that takes it. What is empty in Status, Tax Exempt and
# Creation Date says nothing: a new client gets the default, one that exists is not compared in it.
COLUMNS = {
    Column("Client ID", cells.client_number): "number",
    Column("First Name", _text("first_name")): "first_name",
    Column("Last Name", _text("last_name")): "last_name",
    Column("Company Name", _text("company_name")): "company_name",
    Column("Email Address", cells.email): "email",
    Column("Phone", _text("phone")): "phone",
    Column("Tax ID", _text("tax_id")): "tax_id",
    Column("Address", _text("address_1")): "address_1",
    Column("Address 2", _text("address_2")): "address_2",
    Column("City", _text("city")): "city",
    Column("Region", _text("region")): "region",
    Column("Postcode", _text("postcode")): "postcode",
    Column("Country", find_country): "country",
    Column("Currency", cells.currency): "currency",
    Column("Status", cells.choice(Client.Status), empty_is_none=True): "status",
    Column("Group", cells.text(longest=100)): "group_name",
    Column("Tax Exempt", cells.yes_no, empty_is_none=True): "tax_exempt",
    Column("Automatic Credit", _credit_use): "credit_use",
    Column("Language", cells.language): "language",
    Column("Creation Date", _creation_day, empty_is_none=True): "created_on",
}
REQUIRED = ("Client ID", "Currency")
NAMES = ("First Name", "Last Name", "Company Name")

EXTERNAL_ID, ANY_NAME, CREDIT = "External ID", "Name If No Other", "Credit"
# What a column of another system's file can be: those of our own format, and these.
FIELDS = (EXTERNAL_ID, *(column.name for column in COLUMNS), ANY_NAME, CREDIT)
