"""Further persons of the clients of WHMCS, and what staff wrote about them."""

from functools import partial

from billing_admin.importing.schema import Schema
from billing_admin.importing.table import Plain, Table, Text
from billing_admin.models import StagedContact, StagedNote

_MORE = (
    ("Company", "companyname"), ("Address", "address1"), ("Address, second", "address2"), ("City", "city"),
    ("State", "state"), ("Postcode", "postcode"), ("Country", "country"),
)  # fmt: skip


def contact_table(schema: Schema) -> Table:
    """Contacts."""
    text = partial(schema.text, "p", "tblcontacts")
    more = ", ".join(f"IF({text(column)} = '', NULL, CONCAT('{said}: ', {text(column)}))" for said, column in _MORE)
    return Table(
        StagedContact, "Reading contacts", "tblcontacts p", "p.id",
        (
            Text("first_name", text("firstname", trimmed=True), "First name", one_line=True),
            Text("last_name", text("lastname", trimmed=True), "Last name", one_line=True),
            Text("email", text("email", trimmed=True), "E-mail", one_line=True),
            Text("phone", text("phonenumber", trimmed=True), "Phone", one_line=True),
            Text("more", f"CAST(CONCAT_WS('\\n', {more}) AS BINARY)", "Address"),
        ),
        (
            Plain("source_id", "p.id"), Plain("client_source_id", schema.of("p", "tblcontacts", "userid")),
            Plain("receives_invoices", schema.yes("p", "tblcontacts", "invoiceemails")),
            Plain("is_technical", schema.yes("p", "tblcontacts", "productemails")),
        ),
    )  # fmt: skip


def user_table(schema: Schema) -> Table:
    """Who may sign in for which client: a person for each of their clients. Since WHMCS 8."""
    text = partial(schema.text, "u", "tblusers")
    return Table(
        StagedContact, "Reading users", "tblusers_clients a JOIN tblusers u ON u.id = a.auth_user_id", "a.id",
        (
            Text("first_name", text("first_name", trimmed=True), "First name", one_line=True),
            Text("last_name", text("last_name", trimmed=True), "Last name", one_line=True),
            Text("email", text("email", trimmed=True), "E-mail", one_line=True),
        ),
        (
            Plain("source_id", "CONCAT('u', a.auth_user_id, '-', a.client_id)"),
            Plain("client_source_id", schema.of("a", "tblusers_clients", "client_id")),
        ),
    )  # fmt: skip


def note_table(schema: Schema) -> Table:
    """Notes of staff. Who wrote them is told where the names of administrators may be read."""
    source, author = "tblnotes n", "''"
    if schema.has("tbladmins", "firstname"):
        source += " LEFT JOIN tbladmins w ON w.id = n.adminid"
        first, last = (schema.text("w", "tbladmins", column) for column in ("firstname", "lastname"))
        author = f"TRIM(CONCAT({first}, ' ', {last}))"
    return Table(
        StagedNote, "Reading notes", source, "n.id",
        (
            Text("text", schema.text("n", "tblnotes", "note"), "Note"),
            Text("author", author, "Author", one_line=True),
        ),
        (
            Plain("source_id", "n.id"), Plain("client_source_id", schema.of("n", "tblnotes", "userid")),
            Plain("at", schema.day("n", "tblnotes", "created"), "Written on", is_day=True),
            Plain("pinned", schema.yes("n", "tblnotes", "sticky")),
        ),
    )  # fmt: skip
