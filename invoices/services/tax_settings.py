"""What tax is charged where nobody says otherwise: rates per country, and whether prices include it."""

from decimal import Decimal
from typing import Any

from django.db import transaction as db_transaction

from billing_admin.actor import Actor
from billing_admin.countries import find_country
from billing_admin.db.locks import lock_key
from billing_admin.errors import BusinessError, require_length
from billing_admin.seen import Seen, changes_to_store
from clients.models import Activity
from clients.models.client import LONGEST_REASON
from invoices.models import TaxRate, TaxSettings
from invoices.models.tax import ZERO_CATEGORIES

from .lines import is_tax_rate


@db_transaction.atomic
def add_tax_rate(*, country: str, name: str, rate: Decimal, by: Actor, category: str = "", reason: str = "") -> TaxRate:
    """Give a country its usual rate; no country is every other one. Counts for lines made from now on."""
    country, name, reason = _checked(country, name, rate, category, reason)
    lock_key("tax")
    if there := TaxRate.objects.filter(country=country).first():
        raise BusinessError(f"{_where(country)} has {there} already; change that one.", field="country")
    made = TaxRate.objects.create(country=country, name=name, rate=rate, category=category, reason=reason)
    _record(by, "added", f"{_where(country)} is taxed at {made}", after=terms_of_rate(made))
    return made


@db_transaction.atomic
def change_tax_rate(
    *,
    tax_rate: TaxRate,
    name: str,
    rate: Decimal,
    by: Actor,
    category: str = "",
    reason: str = "",
    seen: Seen | None = None,
) -> TaxRate:
    """Give a country another rate. Issued invoices and drafts keep theirs.

    Raises BusinessError, ChangedMeanwhile among them.
    """
    _, name, reason = _checked(tax_rate.country, name, rate, category, reason)
    current = _current(tax_rate)
    typed = {"name": name, "rate": rate, "category": category, "reason": reason}
    changes = changes_to_store(stored=terms_of_rate(current), typed=typed, seen=seen)
    if not changes:
        raise BusinessError(f"{_where(current.country)} is taxed at {current} already; nothing was changed.")
    was, before = terms_of_rate(current), str(current)
    for changed, value in changes.items():
        setattr(current, changed, value)
    _require_reason_fits(current.rate, current.category, current.reason)
    current.save(update_fields=list(changes))
    what = f"{_where(current.country)} is taxed at {current}, {before} before"
    _record(by, "changed", what, before=was, after=terms_of_rate(current))
    return current


@db_transaction.atomic
def remove_tax_rate(*, tax_rate: TaxRate, by: Actor) -> TaxRate:
    """Take a country's rate away: that of every other country counts then, or none."""
    current = _current(tax_rate)
    TaxRate.objects.filter(pk=current.pk).delete()
    _record(
        by, "removed", f"{_where(current.country)} is not taxed at {current} any more", before=terms_of_rate(current)
    )
    return current


@db_transaction.atomic
def set_prices_include_tax(*, included: bool, by: Actor, seen: Seen | None = None) -> TaxSettings:
    """Say whether prices include tax where neither an invoice nor an item says.

    Raises BusinessError, ChangedMeanwhile among them.
    """
    lock_key("tax")
    current = TaxSettings.objects.current()
    typed = prices_of(TaxSettings(prices_include_tax=included))
    before = prices_of(current)
    if not changes_to_store(stored=before, typed=typed, seen=seen):
        raise BusinessError(f"{current} already; nothing was changed.")
    current.prices_include_tax = included
    current.save()
    _record(by, "changed", str(current), before=before, after=prices_of(current))
    return current


@db_transaction.atomic
def set_exempt_reason(*, reason: str, by: Actor, seen: Seen | None = None) -> TaxSettings:
    """Say why exempt lines have no tax where neither the client nor the tax rate says.

    Raises BusinessError, ChangedMeanwhile among them.
    """
    reason = reason.strip()
    require_length(reason, "exempt_reason", LONGEST_REASON)
    lock_key("tax")
    current = TaxSettings.objects.current()
    before = exempt_reason_of(current)
    if not changes_to_store(stored=before, typed={"exempt_reason": reason}, seen=seen):
        raise BusinessError("The reason is so already; nothing was changed.")
    current.exempt_reason = reason
    current.save()
    what = f"Exempt lines say “{reason}”" if reason else "Exempt lines say no reason of ours"
    _record(by, "changed", what, before=before, after=exempt_reason_of(current))
    return current


def prices_of(settings: TaxSettings) -> dict[str, str]:
    """What a form says of prices."""
    return {"prices": "included" if settings.prices_include_tax else "excluded"}


def exempt_reason_of(settings: TaxSettings) -> dict[str, str]:
    """What a form says of the usual reason."""
    return {"exempt_reason": settings.exempt_reason}


def terms_of_rate(tax_rate: TaxRate) -> dict[str, Any]:
    """What a form says of a rate."""
    return {name: getattr(tax_rate, name) for name in ("name", "rate", "category", "reason")}


def _require_reason_fits(rate: Decimal, category: str, reason: str) -> None:
    if category and rate:
        raise BusinessError(
            f"The rate is {rate.normalize():f}%: only one of 0 says why there is no tax.", field="category"
        )
    if reason and not category:
        raise BusinessError("Say what kind of reason it is, too.", field="category")
    if category not in ("", *dict(ZERO_CATEGORIES)):
        raise BusinessError(f"“{category[:10]}” is no reason of a tax rate.", field="category")
    require_length(reason, "reason", LONGEST_REASON)


def _current(tax_rate: TaxRate) -> TaxRate:
    lock_key("tax")
    current = TaxRate.objects.filter(pk=tax_rate.pk).first()
    if current is None:
        raise BusinessError(f"{tax_rate} was removed meanwhile; nothing was done.")
    return current


def _checked(country: str, name: str, rate: Decimal, category: str, reason: str) -> tuple[str, str, str]:
    try:
        country, name = find_country(country), name.strip()
    except BusinessError as error:
        raise BusinessError(str(error), field="country") from None
    if not name:
        raise BusinessError("Give the tax a name, as in VAT.", field="name")
    require_length(name, "name", 50)
    if not is_tax_rate(rate):
        raise BusinessError(
            f"A tax rate is from 0 to 100 percent, with up to 3 decimal places; {rate} was given.", field="rate"
        )
    _require_reason_fits(rate, category, reason.strip())
    return country, name, reason.strip()


def _where(country: str) -> str:
    return country or "Every other country"


def _record(
    by: Actor,
    verb: str,
    summary: str,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    data = {"before": before or {}, "after": after or {}}
    Activity.objects.record(by=by, client=None, verb=f"tax.{verb}", summary=f"Tax: {summary}", data=data)
