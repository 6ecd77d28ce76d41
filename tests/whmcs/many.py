"""A large WHMCS: a made-up one, copied by the server itself with other ids, which is quicker than making it up."""

from typing import Any

import pymysql

from .schema import tables_of

# Each copy's ids are so much higher: more than any table of the one that is copied has.
STEP = 10_000_000
# Columns that name a row of another table; 0 names none.
_NAMES = {"userid", "clientid", "invoiceid", "refundid", "hostingid", "client_id", "auth_user_id"}
# What there is once.
_ONCE = {
    "tblconfiguration", "tblcurrencies", "tblclientgroups", "tblcustomfields", "tbltax", "tblpaymentgateways",
    "tblproducts", "tbladdons",
}  # fmt: skip
_OTHERWISE = {
    ("tblcustomfieldsvalues", "relid"): "relid + {step}",
    ("tblclients", "email"): "IF(email = '', '', CONCAT('copy{copy}.', email))",
    ("tblusers", "email"): "CONCAT('copy{copy}.', email)",
    ("tblaccounts", "transid"): "IF(transid = '', '', CONCAT(transid, '-{copy}'))",
    ("tblcredit", "description"): (
        "IF(description LIKE 'Credit Applied to Invoice #%', CONCAT('Credit Applied to Invoice #',"
        " SUBSTRING_INDEX(description, '#', -1) + {step}), description)"
    ),
    ("tblinvoices", "invoicenum"): "IF(invoicenum = '', '', CONCAT(invoicenum, '-{copy}'))",
}


def copy_rows(session: "pymysql.Connection[Any]", database: str, *, times: int, version: int = 8) -> None:
    """Add `times` copies of all clients with what is theirs."""
    with session.cursor() as cursor:
        cursor.execute(f"USE `{database}`; SET SESSION sql_mode = ''")
        cursor.nextset()
        kept = {table: columns for table, columns in tables_of(version).items() if table not in _ONCE}
        for table in kept:
            cursor.execute(f"CREATE TABLE `first_{table}` AS SELECT * FROM `{table}`")
        for copy in range(1, times + 1):
            for table, columns in kept.items():
                values = ", ".join(_value(table, column, copy) for column in columns)
                names = ", ".join(f"`{column}`" for column in columns)
                cursor.execute(f"INSERT INTO `{table}` ({names}) SELECT {values} FROM `first_{table}`")
        for table in kept:
            cursor.execute(f"DROP TABLE `first_{table}`")


def _value(table: str, column: str, copy: int) -> str:
    step = copy * STEP
    if (table, column) in _OTHERWISE:
        return _OTHERWISE[table, column].format(step=step, copy=copy)
    if column == "id":
        return f"id + {step}"
    if column in _NAMES:
        return f"IF(`{column}` = 0, 0, `{column}` + {step})"
    return f"`{column}`"
