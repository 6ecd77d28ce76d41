"""Mappings that are there from the start, each told by the header of the system that writes it.

Column names are those of the vendors' exports and documentation; of a column that has been called otherwise both names
are here. What a system keeps as an amount owed (Stripe's Account Balance is below zero where there is credit) is left
out on purpose: it is listed among the columns that were not taken.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from clients.models import ClientFileMapping

from .read import folded


@dataclass(frozen=True)
class ReadyMapping:
    """One system's export: `told_by` are columns that all stand in its header and together in no other's."""

    code: str
    name: str
    source: str
    told_by: tuple[str, ...]
    columns: dict[str, str]

    @property
    def mapping(self) -> ClientFileMapping:
        """As an unsaved mapping."""
        return ClientFileMapping(name=self.name, source=self.source, columns=self.columns)


READY = (
    ReadyMapping(
        "whmcs-report", "WHMCS, report of clients", "WHMCS",
        ("ID", "First Name", "Last Name", "Company Name", "Address 1", "Phone Number", "Client Group"),
        {
            "ID": "External ID", "First Name": "First Name", "Last Name": "Last Name", "Company Name": "Company Name",
            "Email": "Email Address", "Address 1": "Address", "Address 2": "Address 2", "City": "City",
            "State": "Region", "Postcode": "Postcode", "Country": "Country", "Phone Number": "Phone",
            "Tax ID": "Tax ID", "Currency": "Currency", "Client Group": "Group", "Credit": "Credit",
            "Creation Date": "Creation Date", "Status": "Status",
        },
    ),
    # Currency, group and language are there as numbers of other tables or in words, so they are not taken.
    ReadyMapping(
        "whmcs-table", "WHMCS, table tblclients", "WHMCS",
        ("id", "firstname", "lastname", "companyname", "phonenumber"),
        {
            "id": "External ID", "firstname": "First Name", "lastname": "Last Name", "companyname": "Company Name",
            "email": "Email Address", "address1": "Address", "address2": "Address 2", "city": "City",
            "state": "Region", "postcode": "Postcode", "country": "Country", "phonenumber": "Phone",
            "tax_id": "Tax ID", "credit": "Credit", "taxexempt": "Tax Exempt", "datecreated": "Creation Date",
            "status": "Status", "currency_code": "Currency",
        },
    ),
    ReadyMapping(
        "fossbilling", "FOSSBilling, clients", "FOSSBilling",
        ("id", "first_name", "last_name", "company_vat", "phone_cc", "address_1"),
        {
            "id": "External ID", "first_name": "First Name", "last_name": "Last Name", "company": "Company Name",
            "company_vat": "Tax ID", "email": "Email Address", "phone": "Phone", "address_1": "Address",
            "address_2": "Address 2", "city": "City", "state": "Region", "postcode": "Postcode", "country": "Country",
            "currency": "Currency", "status": "Status", "tax_exempt": "Tax Exempt", "created_at": "Creation Date",
        },
    ),
    ReadyMapping(
        "invoice-ninja", "Invoice Ninja, clients", "Invoice Ninja",
        ("Client Name", "Client Number", "Contact First Name", "Contact Last Name"),
        {
            "Client Number": "External ID", "Client Name": "Company Name", "Contact First Name": "First Name",
            "Contact Last Name": "Last Name", "Contact Email": "Email Address", "Client Phone": "Phone",
            "Contact Phone": "Phone", "Client VAT Number": "Tax ID", "Client Street": "Address",
            "Client Apt/Suite": "Address 2", "Client City": "City", "Client State/Province": "Region",
            "Client Postal Code": "Postcode", "Client Country": "Country", "Client Currency": "Currency",
            "Client Credit Balance": "Credit",
        },
    ),
    ReadyMapping(
        "zoho", "Zoho Books or Invoice, contacts", "Zoho",
        ("Display Name", "Company Name", "EmailID", "Billing City"),
        {
            "Customer ID": "External ID", "Contact ID": "External ID", "Company Name": "Company Name",
            "Display Name": "Name If No Other", "First Name": "First Name", "Last Name": "Last Name",
            "EmailID": "Email Address", "Phone": "Phone", "MobilePhone": "Phone", "Billing Address": "Address",
            "Billing Street2": "Address 2", "Billing City": "City", "Billing State": "Region",
            "Billing Code": "Postcode", "Billing Country": "Country", "Currency Code": "Currency",
            "Currency": "Currency", "Status": "Status", "Tax Registration Number": "Tax ID", "Unused Credits": "Credit",
        },
    ),
    ReadyMapping(
        "wave", "Wave, customers", "Wave",
        ("customer_name", "customer_currency", "contact_first_name", "account_number"),
        {
            "customer_name": "Company Name", "contact_first_name": "First Name", "contact_last_name": "Last Name",
            "email": "Email Address", "phone": "Phone", "mobile": "Phone", "address_line_1": "Address",
            "address_line_2": "Address 2", "city": "City", "province/state": "Region",
            "postal_code/zip_code": "Postcode", "country": "Country", "customer_currency": "Currency",
        },
    ),
    ReadyMapping(
        "freshbooks", "FreshBooks, clients", "FreshBooks",
        ("Organization", "First Name", "Last Name", "Province/State", "Postal Code"),
        {
            "Organization": "Company Name", "First Name": "First Name", "Last Name": "Last Name",
            "Email": "Email Address", "Phone": "Phone", "Street": "Address", "Street 2": "Address 2", "City": "City",
            "Province/State": "Region", "Country": "Country", "Postal Code": "Postcode", "Currency": "Currency",
        },
    ),
    ReadyMapping(
        "stripe", "Stripe, customers", "Stripe", ("id", "Email", "Name", "Created (UTC)", "Delinquent"),
        {
            "id": "External ID", "Name": "Name If No Other", "Description": "Name If No Other",
            "Email": "Email Address", "Created (UTC)": "Creation Date", "Currency": "Currency",
            "Address Line1": "Address", "Address Line2": "Address 2", "Address City": "City",
            "Address State": "Region", "Address Postal Code": "Postcode", "Address Country": "Country",
            "Card Address Line1": "Address", "Card Address Line2": "Address 2", "Card Address City": "City",
            "Card Address State": "Region", "Card Address Zip": "Postcode", "Card Address Country": "Country",
        },
    ),
)  # fmt: skip
BY_CODE = {ready.code: ready for ready in READY}


def recognised(columns: Iterable[str]) -> ReadyMapping | None:
    """The ready mapping whose header this is: of several the one that is told by the most columns."""
    there = {folded(column) for column in columns}
    fitting = [ready for ready in READY if {folded(column) for column in ready.told_by} <= there]
    return max(fitting, key=lambda ready: len(ready.told_by), default=None)
