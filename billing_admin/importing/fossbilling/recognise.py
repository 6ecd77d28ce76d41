"""Whether a database is one of FOSSBilling whose tables we know, and how it reckons tax."""

from dataclasses import dataclass

from billing_admin.errors import BusinessError
from billing_admin.importing.mysql import Mysql

# Without one of these nothing that is read would be true.
_NEEDED = {
    "setting": ("param", "value"),
    "client": ("id", "email", "status", "first_name", "last_name", "company", "currency", "tax_exempt", "created_at"),
    "client_balance": ("id", "client_id", "type", "rel_id", "amount", "description", "created_at"),
    "client_group": ("id", "title"),
    "currency": ("id", "code", "is_default"),
    "invoice": ("id", "client_id", "serie", "nr", "currency", "status", "approved", "taxrate", "due_at", "paid_at",
                "gateway_id", "created_at"),
    "invoice_item": ("id", "invoice_id", "type", "rel_id", "title", "quantity", "price", "taxed"),
    "transaction": ("id", "invoice_id", "gateway_id", "txn_id", "amount", "currency", "type", "status", "created_at"),
    "client_order": ("id", "client_id", "title", "currency", "period", "quantity", "price", "status", "expires_at",
                     "unpaid_invoice_id", "invoice_option"),
    "pay_gateway": ("id", "name"),
    "tax": ("id", "name", "country", "state", "taxrate"),
    "activity_client_email": ("id", "client_id", "recipients", "subject", "created_at"),
}  # fmt: skip
# Its changes of the schema are numbered. Up to 0.6 each piece of a line was taxed and rounded; since 0.7 their sum is.
TAX_OF_THE_SUM_SINCE = 43
_RELEASES = ((64, "0.8"), (TAX_OF_THE_SUM_SINCE, "0.7"), (33, "0.5 or 0.6"), (0, "0.4 or older"))


@dataclass(frozen=True)
class Recognised:
    """`patch`: the number of its last change of the schema. `padding`: the digits that an invoice's number has."""

    patch: int
    padding: int
    identity: str

    @property
    def version(self) -> str:
        """The release, as far as the schema tells it."""
        release = next(release for since, release in _RELEASES if self.patch >= since)
        return f"{release} (patch {self.patch})"

    @property
    def taxes_the_sum(self) -> bool:
        """Whether tax is of the sum of an invoice; of each piece of its lines where not."""
        return self.patch >= TAX_OF_THE_SUM_SINCE


def recognise(source: Mysql) -> Recognised:
    """Look whether this is a FOSSBilling that we know.

    Raises BusinessError that says what it is instead, or what it lacks.
    """
    here = source.address.database or "The database"
    if "setting" not in source.columns or "client_balance" not in source.columns:
        raise BusinessError(_not_one(here, source))
    settings = {
        param.decode("utf-8", "replace"): value.decode("utf-8", "replace").strip()
        for param, value in source.rows(
            "SELECT param, COALESCE(value, '') FROM setting WHERE param IN ('last_patch', 'invoice_number_padding')"
        )
    }
    if not (patch := settings.get("last_patch", "")).isascii() or not patch.isdigit():
        raise BusinessError(f"{here} does not say which version of FOSSBilling it is (last_patch). Nothing was read.")
    version = Recognised(int(patch), 0, "").version
    for table, columns in _NEEDED.items():
        if table not in source.columns:
            raise BusinessError(f"{here} is FOSSBilling {version} without the table {table}. Nothing was read.")
        if missing := [column for column in columns if column not in source.columns[table]]:
            raise BusinessError(
                f"{here} is FOSSBilling {version}, and its table {table} has no {' and no '.join(missing)}. "
                "Nothing was read."
            )
    padding = settings.get("invoice_number_padding", "")
    return Recognised(int(patch), int(padding) if padding.isascii() and padding.isdigit() else 5, _identity(source))


def _identity(source: Mysql) -> str:
    """Its address is in no table: what stays of it is when it was set up."""
    if "created_at" not in source.columns.get("admin", {}):
        return ""
    first = source.value("SELECT COALESCE(MIN(created_at), '') FROM admin").decode()
    return f"FOSSBilling set up on {first}" if first else ""


def _not_one(here: str, source: Mysql) -> str:
    if not source.columns:
        return f"{here} has no tables that this user may read. Nothing was read."
    lacks = " and ".join(table for table in ("setting", "client_balance") if table not in source.columns)
    some = ", ".join(sorted(source.columns)[:5])
    return f"{here} is not of FOSSBilling: it has no table {lacks}, but {some}. Nothing was read."
