"""All that is read of a FOSSBilling, in the order of the staged tables."""

from typing import Any, ClassVar

from billing_admin.importing.mysql import Mysql
from billing_admin.importing.schema import Schema
from billing_admin.importing.table import Table
from billing_admin.models import SystemImport

from .clients import client_table, contact_table
from .facts import Facts
from .invoices import Totals, invoice_table, line_table
from .items import order_table
from .money import credit_table, log_table, mail_table, money_table, sign_in_table
from .recognise import recognise
from .sums import Sums

TABLES = frozenset(
    {
        "activity_client_email", "activity_client_history", "activity_system", "admin", "client", "client_balance",
        "client_group", "client_order", "currency", "invoice", "invoice_item", "pay_gateway", "setting", "tax",
        "transaction",
    }
)  # fmt: skip
"""All that anything is read of."""


class FossBillingReader:
    """Looks at once whether it is one that is known.

    Raises BusinessError where it is not.
    """

    system: ClassVar[SystemImport.System] = SystemImport.System.FOSSBILLING
    wanted: ClassVar[frozenset[str]] = TABLES

    def __init__(self, source: Mysql) -> None:
        self.source = source
        found = recognise(source)
        self.version, self.identity = found.version, found.identity
        schema = self._schema = Schema(source)
        facts = Facts(source, schema)
        self.facts: dict[str, Any] = facts.all
        default = self._default = facts.default_currency
        totals = self._totals = Totals(schema, taxes_the_sum=found.taxes_the_sum, default_currency=default)
        tables = [client_table(schema, facts.fields, default)]
        if schema.has("client", "billing_email"):
            tables.append(contact_table(schema))
        tables += [
            invoice_table(schema, totals, found.padding), line_table(schema, totals), money_table(schema),
            credit_table(schema), order_table(schema, default), mail_table(schema),
        ]  # fmt: skip
        if schema.has("activity_system"):
            tables.append(log_table(schema))
        if schema.has("activity_client_history"):
            tables.append(sign_in_table(schema))
        self.tables: list[Table] = tables

    def sums(self, counts: list[int]) -> dict[str, Any]:
        """What it adds up itself. `counts`: of each table."""
        return Sums(self.source, self._schema, self._totals, self._default).all(self.tables, counts)
