"""All that is read of a WHMCS, in the order of the staged tables."""

from typing import Any, ClassVar

from billing_admin.importing.mysql import Mysql
from billing_admin.importing.schema import Schema
from billing_admin.importing.table import Table
from billing_admin.models import SystemImport

from .clients import client_table
from .facts import Facts
from .invoices import invoice_table, line_table
from .items import addon_table, billable_table, domain_table, service_table
from .money import credit_table, log_table, mail_table, money_table, names_of_deleted
from .people import contact_table, note_table, user_table
from .recognise import recognise
from .sums import Sums

TABLES = frozenset(
    {
        "tblaccounts", "tblactivitylog", "tbladdons", "tbladmins", "tblbillableitems", "tblclientgroups", "tblclients",
        "tblconfiguration", "tblcontacts", "tblcredit", "tblcurrencies", "tblcustomfields", "tblcustomfieldsvalues",
        "tbldomains", "tblemails", "tblhosting", "tblhostingaddons", "tblinvoiceitems", "tblinvoices", "tblnotes",
        "tblpaymentgateways", "tblproducts", "tbltax", "tblusers", "tblusers_clients",
    }
)  # fmt: skip
"""All that anything is read of."""


class WhmcsReader:
    """Looks at once whether it is one that is known.

    Raises BusinessError where it is not.
    """

    system: ClassVar[SystemImport.System] = SystemImport.System.WHMCS
    wanted: ClassVar[frozenset[str]] = TABLES

    def __init__(self, source: Mysql) -> None:
        self.source = source
        found = recognise(source)
        self.version, self.identity = found.version, found.identity
        schema = self._schema = Schema(source)
        facts = Facts(source, schema)
        self.facts: dict[str, Any] = facts.all
        tables = [client_table(schema, facts.fields), contact_table(schema)]
        if schema.has("tblusers_clients") and schema.has("tblusers"):
            tables.append(user_table(schema))
        if schema.has("tblnotes"):
            tables.append(note_table(schema))
        tables += [
            invoice_table(schema), line_table(schema), money_table(schema, names_of_deleted(source, schema)),
            credit_table(schema), service_table(schema),
        ]  # fmt: skip
        if schema.has("tblhostingaddons"):
            tables.append(addon_table(schema))
        tables.append(domain_table(schema, taxed=facts.taxes_domains))
        if schema.has("tblbillableitems"):
            tables.append(billable_table(schema, taxed=facts.taxes_billable))
        self.tables: list[Table] = [*tables, mail_table(schema), log_table(schema)]

    def sums(self, counts: list[int]) -> dict[str, Any]:
        """What it adds up itself. `counts`: of each table."""
        return Sums(self.source, self._schema).all(self.tables, counts)
