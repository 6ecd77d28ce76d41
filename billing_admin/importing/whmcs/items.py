"""What WHMCS bills again: services, addons, domains and billable items."""

from functools import partial

from billing_admin.importing.schema import Schema
from billing_admin.importing.table import Plain, Table, Text, Values
from billing_admin.models import StagedItem

# How a billable item that recurs is called where a service has a word for the same.
_CYCLES = {
    "1 Months": "Monthly", "3 Months": "Quarterly", "6 Months": "Semi-Annually", "12 Months": "Annually",
    "24 Months": "Biennially", "36 Months": "Triennially", "1 Years": "Annually", "2 Years": "Biennially",
    "3 Years": "Triennially", "1 Weeks": "Weekly",
}  # fmt: skip


def service_table(schema: Schema) -> Table:
    """Services, named as on invoices: `Starter - example.com`."""
    table, alias = "tblhosting", "s"
    text = partial(schema.text, alias, table)
    return Table(
        StagedItem, "Reading services", "tblhosting s LEFT JOIN tblproducts p ON p.id = s.packageid", "s.id",
        (
            Text("description", _named(schema.text("p", "tblproducts", "name"), text("domain"), "Service"),
                 "Description"),
            Text("cycle", text("billingcycle"), "Cycle"), Text("status", text("domainstatus"), "Status"),
        ),
        (
            *_common(schema, alias, table, "", "regdate"), Plain("quantity", schema.number(alias, table, "qty", "1")),
            Plain("amount", "s.amount"), Plain("taxed", schema.yes("p", "tblproducts", "tax")),
        ),
        counted="tblhosting s", finish=_at_least_one,
    )  # fmt: skip


def addon_table(schema: Schema) -> Table:
    """Addons of services."""
    table, alias = "tblhostingaddons", "a"
    text = partial(schema.text, alias, table)
    own, general = text("name"), schema.text("p", "tbladdons", "name")
    source = f"{table} a LEFT JOIN tblhosting s ON s.id = a.hostingid"
    if schema.has("tbladdons"):
        source += " LEFT JOIN tbladdons p ON p.id = a.addonid"
    client = f"COALESCE(NULLIF({schema.number(alias, table, 'userid')}, 0), s.userid, '')"
    return Table(
        StagedItem, "Reading addons", source, "a.id",
        (
            Text("description", _named(f"IF({own} = '', {general}, {own})", schema.text("s", "tblhosting", "domain"),
                 "Addon"), "Description"),
            Text("cycle", text("billingcycle"), "Cycle"), Text("status", text("status"), "Status"),
        ),
        (
            *_common(schema, alias, table, "a", "regdate", client),
            Plain("quantity", schema.number(alias, table, "qty", "1")),
            Plain("amount", "a.recurring"), Plain("taxed", schema.yes(alias, table, "tax")),
        ),
        counted="tblhostingaddons a", finish=_at_least_one,
    )  # fmt: skip


def domain_table(schema: Schema, *, taxed: bool) -> Table:
    """Domains; whether they are taxed is one setting for all."""
    table, alias = "tbldomains", "d"
    years = schema.number(alias, table, "registrationperiod", "1")
    return Table(
        StagedItem, "Reading domains", "tbldomains d", "d.id",
        (
            Text("description", f"CONCAT('Domain Renewal - ', {schema.text(alias, table, 'domain')})", "Description"),
            Text("cycle", f"CONCAT({years}, ' years')", "Cycle"),
            Text("status", schema.text(alias, table, "status"), "Status"),
        ),
        (
            *_common(schema, alias, table, "d", "registrationdate"), Plain("amount", "d.recurringamount"),
            Plain("taxed", str(int(taxed))),
        ),
    )  # fmt: skip


def billable_table(schema: Schema, *, taxed: bool) -> Table:
    """Billable items: once, or again and again. The amount is for all hours.

    Their status is ours: `Active` for what will be billed; `Invoiced` for what was, and comes no more; `Not billed` for
    what is not to be billed for now.
    """
    table, alias = "tblbillableitems", "b"
    number = partial(schema.number, alias, table)
    count, limit, action = number("invoicecount"), number("recurfor"), number("invoiceaction")
    due = schema.known_day(alias, table, "duedate")
    return Table(
        StagedItem, "Reading billable items", "tblbillableitems b", "b.id",
        (
            Text("description", schema.text(alias, table, "description"), "Description"),
            Text("cycle", f"IF({action} = 4, CONCAT({number('recur')}, ' ', "
                 f"{schema.text(alias, table, 'recurcycle')}), 'One Time')", "Cycle"),
            Text("status", f"CASE WHEN {action} = 4 AND {limit} > 0 AND {count} >= {limit} THEN 'Invoiced' "
                 f"WHEN {action} <> 4 AND {count} > 0 THEN 'Invoiced' WHEN {action} = 0 THEN 'Not billed' "
                 "ELSE 'Active' END", "Status"),
        ),
        (
            Plain("source_id", "CONCAT('b', b.id)"), Plain("client_source_id", schema.of(alias, table, "userid")),
            Plain("starts_on", due, "Begins on", is_day=True), Plain("next_due_on", due, "Due on", is_day=True),
            Plain("ends_on", "NULL", may_be_none=True),
            Plain("times_left", f"IF({action} = 4 AND {limit} > 0, GREATEST({limit} - {count}, 0), NULL)",
                  may_be_none=True),
            Plain("quantity", "1"), Plain("amount", number("amount")), Plain("taxed", str(int(taxed))),
        ),
        odd=f"{action} = 4", finish=_cycle_in_words,
    )  # fmt: skip


def _common(schema: Schema, alias: str, table: str, letter: str, begun: str, client: str = "") -> tuple[Plain, ...]:
    """The next invoice is for the later of two days: where that is the day of the next one, the due one was billed."""
    due, billed = (schema.known_day(alias, table, name) for name in ("nextduedate", "nextinvoicedate"))
    return (
        Plain("source_id", f"CONCAT('{letter}', {alias}.id)"),
        Plain("client_source_id", client or schema.of(alias, table, "userid")),
        Plain("starts_on", schema.known_day(alias, table, begun), "Begins on", is_day=True),
        Plain("next_due_on", f"IF({billed} > {due}, {billed}, {due})", "Due on", is_day=True),
        Plain("ends_on", schema.known_day(alias, table, "termination_date"), "Ends on", is_day=True),
    )


def _named(name: str, domain: str, nameless: str) -> str:
    named = f"IF(COALESCE({name}, '') = '', '{nameless}', {name})"
    return f"IF({domain} = '', {named}, CONCAT({named}, ' - ', {domain}))"


def _at_least_one(values: Values, changes: list[str]) -> None:
    if values["quantity"] in ("0", "-1"):
        values["quantity"] = "1"


def _cycle_in_words(values: Values, changes: list[str]) -> None:
    values["cycle"] = _CYCLES.get(values["cycle"], values["cycle"])
