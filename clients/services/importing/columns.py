"""The columns of a file of clients: how each is read, and where it is kept."""

import datetime
import json
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import CharField, TextChoices
from django.utils import timezone

from billing_admin.countries import find_country
from billing_admin.csv_files import cells
from billing_admin.csv_files.imports import Column
from billing_admin.errors import BusinessError
from clients.models import Client, CreditUse, CustomField
from clients.models.client import EInvoice, Exemption
from clients.models.custom_field import LONGEST_VALUE, as_text
from clients.selectors.custom_fields import custom_fields
from invoices.documents.codes import SCHEMES, check_electronic_address


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


def _choice(choices: type[TextChoices]) -> Callable[[str], str]:
    read = cells.choice(choices)
    return lambda value: read(value) if value else ""


def _scheme(value: str) -> str:
    """A scheme by its code or its name."""
    named = {name.casefold(): code for code, name in SCHEMES.items()}
    if value and value not in SCHEMES and value.casefold() not in named:
        raise BusinessError(f"{cells.quoted(value)} is no scheme of electronic addresses, as EM, 0088 or GLN.")
    return named.get(value.casefold(), value)


def faults_between(values: Mapping[str, Any]) -> list[str]:
    """What is wrong between two cells of a row, each of which can be read."""
    faults = []
    try:
        check_electronic_address(values.get("Electronic Scheme") or "", values.get("Electronic Address") or "")
    except BusinessError as error:
        faults.append(str(error))
    if (values.get("Exemption") or values.get("Exemption Reason")) and values.get("Tax Exempt") is not True:
        faults.append("Only a client who is tax exempt has a reason for it: say Yes in Tax Exempt.")
    return faults


# Each column of the file and the column of the temporary table that takes it. What is empty in Status, Tax Exempt, No
# Mail and Creation Date says nothing: a new client gets the default, one that exists is not compared in it.
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
    Column("Automatic Credit", _choice(CreditUse)): "credit_use",
    Column("Language", cells.language): "language",
    Column("Purchase Order", _text("po_number")): "po_number",
    Column("Registration", _text("registration")): "registration",
    Column("Electronic Scheme", _scheme): "electronic_scheme",
    Column("Electronic Address", _text("electronic_address")): "electronic_address",
    Column("Buyer Reference", _text("buyer_reference")): "buyer_reference",
    Column("Exemption", _choice(Exemption)): "exemption",
    Column("Exemption Reason", _text("exemption_reason")): "exemption_reason",
    Column("E-invoice", _choice(EInvoice)): "e_invoice",
    Column("No Mail", cells.yes_no, empty_is_none=True): "no_mail",
    Column("Creation Date", _creation_day, empty_is_none=True): "created_on",
}
REQUIRED = ("Client ID", "Currency")
NAMES = ("First Name", "Last Name", "Company Name")

EXTERNAL_ID, ANY_NAME, CREDIT = "External ID", "Name If No Other", "Credit"
# What a column of another system's file can be: those of our own format, and these.
FIELDS = (EXTERNAL_ID, *(column.name for column in COLUMNS), ANY_NAME, CREDIT)


def columns_of_fields() -> dict[Column, CustomField]:
    """A column for each field that the installation defines, by its name; what we call a column is no field's."""
    ours = {name.casefold() for name in FIELDS}
    return {
        Column(field.name, reader_of(field)): field for field in custom_fields() if field.name.casefold() not in ours
    }


def reader_of(field: CustomField, day: Callable[[str], datetime.date] = cells.day) -> Callable[[str], str]:
    """What reads a cell as it is stored, by the rules of the Profile; "" of nothing. `day` reads a date."""
    choices = {choice.casefold(): choice for choice in field.choices}

    def read(value: str) -> str:
        match field.kind if value else "":
            case CustomField.Kind.NUMBER:
                return as_text(cells.decimal(digits=15, places=6)(value))
            case CustomField.Kind.DATE:
                return day(value).isoformat()
            case CustomField.Kind.YES_NO:
                return "yes" if cells.yes_no(value) else "no"
            case CustomField.Kind.CHOICE if value.casefold() not in choices:
                raise BusinessError(f"{cells.quoted(value)} is none of: {', '.join(field.choices)}.")
            case CustomField.Kind.CHOICE:
                return choices[value.casefold()]
        if not value.isprintable():
            raise BusinessError(f"{cells.quoted(value)} has a character that cannot be printed.")
        return cells.text(longest=LONGEST_VALUE)(value)

    return read


def stored_fields(values: Mapping[str, Any], fields: Mapping[str, CustomField]) -> str | None:
    """What a row says of these fields (name of its value → field) as JSON: null where it is empty. None of no field."""
    return json.dumps({str(field.pk): values.get(name) or None for name, field in fields.items()}) if fields else None
