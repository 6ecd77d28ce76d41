"""Whether a database is one of WHMCS that can be read, and what speaks against it."""

import re
from dataclasses import dataclass

from billing_admin.errors import BusinessError
from billing_admin.importing.mysql import Mysql

FIRST, LAST = 7, 8

# Without one of these nothing that is read would be true.
_NEEDED = {
    "tblclients": ("id", "firstname", "lastname", "companyname", "email", "currency", "credit", "status"),
    "tblcurrencies": ("id", "code", "default"),
    "tblinvoices": ("id", "userid", "invoicenum", "date", "duedate", "subtotal", "credit", "tax", "total", "status"),
    "tblinvoiceitems": ("id", "invoiceid", "description", "amount"),
    "tblaccounts": ("id", "userid", "currency", "date", "amountin", "fees", "amountout", "invoiceid"),
    "tblcredit": ("id", "clientid", "date", "description", "amount"),
    "tblhosting": ("id", "userid", "amount", "billingcycle", "domainstatus", "nextduedate"),
    "tbldomains": ("id", "userid", "domain", "recurringamount", "status", "nextduedate"),
    "tblcontacts": ("id", "userid"),
    "tblcustomfields": ("id", "type", "fieldname"),
    "tblcustomfieldsvalues": ("fieldid", "relid", "value"),
    "tblproducts": ("id", "name"),
    "tblclientgroups": ("id", "groupname"),
    "tblpaymentgateways": ("gateway", "setting", "value"),
    "tblemails": ("id", "userid", "subject", "date"),
    "tblactivitylog": ("id", "userid", "date", "description"),
}
_WHO_OWES_WHAT = re.compile(r"ledger|note|credit|debit|invoice|journal|balance|transaction|wallet|account")
_KNOWN = {
    "tblnotes", "tblticketnotes", "tblcredit", "tblcreditcards", "tblinvoices", "tblinvoiceitems", "tblinvoicedata",
    "tbltransaction_history", "tblaccounts", "tblaffiliatesaccounts", "tblbankaccts", "tbltodolist",
    "tblaccountsync", "tblknowledgebase_images", "tblauthn_account_links", "tblticketpendingimports",
    "tblinvoice_snapshots", "tblsslstatus",
}  # fmt: skip


@dataclass(frozen=True)
class Recognised:
    """What it says that it is: its version, and the address by which it is known from others."""

    version: str
    identity: str


def recognise(source: Mysql) -> Recognised:
    """Look whether this is a WHMCS that we know.

    Raises BusinessError that says what it is instead, or what is missing.
    """
    here = source.address.database or "The database"
    if "tblconfiguration" not in source.columns or "tblclients" not in source.columns:
        raise BusinessError(_not_one(here, source))
    settings = {
        setting.decode("utf-8", "replace"): value.decode("utf-8", "replace")
        for setting, value in source.rows(
            "SELECT setting, COALESCE(value, '') FROM tblconfiguration WHERE setting IN ('Version', 'SystemURL')"
        )
    }
    version = settings.get("Version", "").strip()[:100]
    if not (number := re.match(r"\d+", version)):
        raise BusinessError(f"{here} does not say which version of WHMCS it is; 7 and 8 can be imported.")
    if int(number[0]) > LAST:
        raise BusinessError(_too_new(here, version, source))
    if int(number[0]) < FIRST:
        raise BusinessError(f"{here} is WHMCS {version}; 7 and 8 can be imported. Update it there first.")
    for table, columns in _NEEDED.items():
        if table not in source.columns:
            raise BusinessError(f"{here} is WHMCS {version} without the table {table}. Nothing was read.")
        if missing := [column for column in columns if column not in source.columns[table]]:
            raise BusinessError(
                f"{here} is WHMCS {version}, and its table {table} has no {' and no '.join(missing)}. Nothing was read."
            )
    return Recognised(version, settings.get("SystemURL", "").strip().rstrip("/")[:300])


def _not_one(here: str, source: Mysql) -> str:
    if not source.columns:
        return f"{here} has no tables that this user may read. Nothing was read."
    some = sorted(source.columns)[:5]
    return f"{here} is not of WHMCS: it has no table tblconfiguration, but {', '.join(some)}. Nothing was read."


def _too_new(here: str, version: str, source: Mysql) -> str:
    unknown = sorted(
        table
        for table in source.columns
        if table.startswith("tbl") and table not in _KNOWN and _WHO_OWES_WHAT.search(table)
    )
    what = f"It keeps who owes what in tables that we do not know: {', '.join(unknown)}." if unknown else (
        "How it keeps invoices and credit is not known to us."
    )  # fmt: skip
    return f"{here} is WHMCS {version}; 7 and 8 can be imported. {what} Nothing was read."
