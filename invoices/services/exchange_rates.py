"""What foreign currencies are worth in the company's own, day by day, as staff set it."""

import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.actor import Actor
from billing_admin.db.locks import lock_key
from billing_admin.errors import BusinessError
from billing_admin.money.currencies import CURRENCIES
from clients.models import Activity
from invoices.models import ExchangeRate, SellerVersion

LARGEST = Decimal(999_999_999)
PLACES = 9


@db_transaction.atomic
def set_rate(*, currency: str, day: datetime.date, rate: Decimal, by: Actor) -> ExchangeRate:
    """From that day on, one unit of `currency` is `rate` of the company's own currency. Issued invoices keep theirs.

    Raises BusinessError.
    """
    company = SellerVersion.objects.current()
    if company is None:
        raise BusinessError("Fill in the company first: a rate leads to the currency that its books are kept in.")
    accounting = company.accounting_currency
    if currency not in CURRENCIES:
        raise BusinessError(f"“{currency[:10]}” is no currency.", field="currency")
    if currency == accounting:
        raise BusinessError(f"The books are kept in {accounting}: it needs no rate.", field="currency")
    if not 0 < rate <= LARGEST or -int(rate.normalize().as_tuple().exponent) > PLACES:
        raise BusinessError(
            f"A rate is above 0 and has up to {PLACES} decimal places; {rate:f} was given.", field="rate"
        )
    if day > timezone.localdate():
        raise BusinessError("That day has not come yet: nobody knows its rate.", field="day")
    lock_key("exchange rates")
    where: dict[str, Any] = {"accounting_currency": accounting, "currency": currency, "day": day}
    before = ExchangeRate.objects.filter(**where).first()
    if before and before.rate == rate:
        raise BusinessError(f"{before} on {day:%-d %b %Y} already; nothing was changed.")
    now = {"rate": rate, "set_by": by, "set_at": timezone.now()}
    made, _ = ExchangeRate.objects.update_or_create(**where, defaults=now)
    told = f", {before.rate.normalize():f} before" if before else ""
    Activity.objects.record(
        by=by,
        client=None,
        verb="exchange_rate.set",
        summary=f"Exchange rate: {made} from {day:%-d %b %Y} on{told}",
        data={"currency": currency, "day": day, "before": before and before.rate, "after": rate},
    )
    return made
