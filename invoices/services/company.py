"""Who issues the invoices: each change is a new version, because issued documents name the one of their time."""

import enum
import hashlib
from typing import Any, Final, Literal

from django.db import transaction as db_transaction

from billing_admin.actor import Actor
from billing_admin.countries import CODES
from billing_admin.db.locks import lock_key
from billing_admin.documents import LANGUAGES, redrawn_logo
from billing_admin.documents.png import size_of
from billing_admin.errors import BusinessError
from billing_admin.seen import Seen, changes_to_store
from clients.models import Activity
from invoices.documents.codes import check_electronic_address
from invoices.models import SellerLogo, SellerVersion

from .bank_accounts import checked_accounts

TERMS = "terms_"
"""`terms_de`: the payment terms in a language, as a field."""


class _Logo(enum.Enum):
    KEEP = enum.auto()


KEEP: Final = _Logo.KEEP
"""For a logo: the one that is there, if there is one."""

PLAIN = tuple(
    field.name
    for field in SellerVersion._meta.concrete_fields
    if field.name not in ("id", "bank_accounts", "terms", "logo", "saved_by", "saved_at")
)


def company_fields(company: SellerVersion | None) -> dict[str, Any]:
    """What a form says of the company: its columns, its bank accounts, and its payment terms language by language."""
    company = company or SellerVersion(accounting_currency="EUR")
    return {
        **{name: getattr(company, name) for name in PLAIN},
        "bank_accounts": company.bank_accounts,
        **{f"{TERMS}{code}": company.terms.get(code, "") for code in LANGUAGES},
    }


def save_company(
    *, by: Actor, seen: Seen | None = None, logo: bytes | Literal[_Logo.KEEP] | None = KEEP, **fields: Any
) -> SellerVersion:
    """Make a version of the company in which these fields (see `company_fields`) are so. Documents issued stay.

    `logo` is a file as it was uploaded; None takes the one away.

    Raises BusinessError, also where nothing would change, and ChangedMeanwhile.
    """
    typed = _checked({name: value.strip() if isinstance(value, str) else value for name, value in fields.items()})
    png = redrawn_logo(logo) if isinstance(logo, bytes) else None
    with db_transaction.atomic():
        lock_key("company")
        before = SellerVersion.objects.current()
        stored = company_fields(before)
        changes = changes_to_store(stored=stored, typed=typed, seen=seen)
        kept = before.logo if before else None
        picture = kept if logo is KEEP else _stored_logo(png)
        if before and not changes and picture == kept:
            raise BusinessError("The company is so already; nothing was changed.")
        columns = columns_of(stored | changes)
        _require_whole(columns)
        company = SellerVersion.objects.create(**columns, logo=picture, saved_by=by)
        said = [_label_of(name) for name in changes] + (["logo"] if picture != kept else [])
        what = f"Company changed: {', '.join(dict.fromkeys(said))}" if before else f"Company is {company.legal_name}"
        data = {
            "before": {name: stored[name] for name in changes} if before else {},
            "after": dict(changes),
            **({"logo": {"from": kept and kept.sha256, "to": picture and picture.sha256}} if picture != kept else {}),
        }
        Activity.objects.record(by=by, client=None, verb="company.changed", summary=what, data=data)
    return company


def columns_of(fields: dict[str, Any]) -> dict[str, Any]:
    """What a form says, as the row has it."""
    terms = {code: text for code in LANGUAGES if (text := fields.get(f"{TERMS}{code}"))}
    return {name: value for name, value in fields.items() if not name.startswith(TERMS)} | {"terms": terms}


def _require_whole(columns: dict[str, Any]) -> None:
    if not columns["legal_name"]:
        raise BusinessError("Give the legal name.", field="legal_name")
    if columns["country"] not in CODES:
        raise BusinessError("Give the country: an address on an e-invoice has one.", field="country")
    check_electronic_address(columns["electronic_scheme"], columns["electronic_address"])


def _label_of(name: str) -> str:
    if name.startswith(TERMS):
        return "payment terms"
    return str(next(field.verbose_name for field in SellerVersion._meta.concrete_fields if field.name == name))


def _checked(typed: dict[str, Any]) -> dict[str, Any]:
    if "bank_accounts" in typed:
        typed["bank_accounts"] = checked_accounts(typed["bank_accounts"])
    if vat_id := typed.get("vat_id"):
        typed["vat_id"] = vat_id = "".join(vat_id.split()).upper()
        if vat_id[:2] not in (*CODES, "EL", "XI"):
            raise BusinessError(
                f"A VAT ID begins with its country, as in DE123456789; “{vat_id}” does not. A number without one is a "
                "tax number.",
                field="vat_id",
            )
    return typed


def _stored_logo(png: bytes | None) -> SellerLogo | None:
    if png is None:
        return None
    width, height = size_of(png)
    logo, _ = SellerLogo.objects.get_or_create(
        sha256=hashlib.sha256(png).hexdigest(), defaults={"png": png, "width": width, "height": height}
    )
    return logo
