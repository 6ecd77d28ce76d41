"""What credit given by hand is checked for: the limit of its currency, and the right to give paid credit.

Credit that money or other credit stands behind (overpayments, refunds, transfers) is bounded by that and not checked.
"""

from collections.abc import Mapping
from decimal import Decimal

from django.db import connection
from django.db import transaction as db_transaction
from djmoney.money import Money

from billing_admin.actor import Actor, approval_of, who_needs_rights
from billing_admin.db.locks import lock_key, lock_typed_words
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import money_text, plain_amount, require_places, totals_text
from billing_admin.seen import Seen, changes_to_store
from billing_admin.text import pluralize
from clients.models import Activity, Client, Limit, LimitKind
from credits.models import CreditBatch, CreditSettings

_USES = """
    SELECT client_key, currency, sum(amount) FROM credits_creditbatchrow
    WHERE batch_id = %s AND outcome = 'good' GROUP BY client_key, currency ORDER BY client_key, currency
"""
_ROWS_ABOVE = """
    SELECT row.currency, count(*), max(row.amount), max((settings.largest_grants ->> row.currency)::numeric)
    FROM credits_creditbatchrow row JOIN credits_creditsettings settings
      ON row.amount > (settings.largest_grants ->> row.currency)::numeric
    WHERE row.batch_id = %s AND row.outcome = 'good' GROUP BY row.currency ORDER BY row.currency
"""


class AboveLimit(BusinessError):
    """More credit than the limit of its currency, which staff have not agreed to. `agree` is what they tick."""

    def __init__(self, amount: Money, limit: Money) -> None:
        self.amount = amount
        figures = f"{money_text(amount)}: it is above the limit of {money_text(limit)}"
        self.agree = f"Yes, give {figures}"
        super().__init__(f"Nothing was given of {figures}. Tick “{self.agree}”.", field="above_limit")


def require_within_limit(kind: LimitKind, *, client: Client, amount: Money, by: Actor, agreed: Money | None) -> None:
    """Refuse credit above its currency's limit, unless it is exactly the amount that was `agreed` to.

    Where the limits of roles and people are on, nobody agrees alone: it needs approval then.

    Raises AboveLimit, or NeedsApproval.
    """
    limit = CreditSettings.objects.current().largest_grant(amount.currency.code)
    if Limit.objects.require(kind, client.pk, amount, by, of_all=limit) or approval_of(by):
        return
    if limit is not None and amount.amount > limit and agreed != amount:
        raise AboveLimit(amount, Money(limit, amount.currency))


def rows_above_limit(batch: CreditBatch) -> str:
    """How many good rows of a file give more than the limits, with their greatest amount and the limit; or nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS_ABOVE, [batch.pk])
        return "; ".join(
            f"{pluralize(count, 'credit')} of up to {money_text(Money(most, code))}, "
            f"above the limit of {money_text(Money(limit, code))}"
            for code, count, most, limit in cursor.fetchall()
        )


def require_bulk_within_limit(batch: CreditBatch, *, by: Actor, agreed: str) -> None:
    """Refuse a file with rows above the limits of their currencies, unless they are what was `agreed` to.

    Where the limits of roles and people are on, it needs approval then.
    """
    above = rows_above_limit(batch)
    if Limit.objects.require_bulk(lambda: _uses_of(batch), by, above=above) or approval_of(by):
        return
    if above and above != agreed:
        raise BusinessError(
            f"{batch.file_name} has {above}. Nothing was booked. To give them all the same, tick that on the page, or "
            "add --yes."
        )


def look_at_bulk_limits(batch: CreditBatch, *, by: Actor) -> bool:
    """Refuse a file that needs approval, before it is booked; whether limits of roles and people are on.

    Raises NeedsApproval.
    """
    return Limit.objects.require_bulk(lambda: _uses_of(batch), by, above=rows_above_limit(batch), counts=False)


def _uses_of(batch: CreditBatch) -> list[tuple[int, str, Decimal]]:
    with connection.cursor() as cursor:
        cursor.execute(_USES, [batch.pk])
        return cursor.fetchall()


def require_right_to_paid(by: Actor, *, rows: int = 0) -> None:
    """Refuse paid credit without a payment to whoever lacks the right; `rows` of a file, or one credit."""
    if by is not None and not all(each.has_perm("credits.grant_paid_credit") for each in who_needs_rights(by)):
        what = f"{pluralize(rows, 'row')} of the file" if rows else "This credit"
        raise BusinessError(
            f"{what} would be paid credit without a payment, which needs the right “Give paid credit without a "
            "payment”. Nothing was given. Make it promotional, or record the payment.",
            field="file" if rows else "category",
        )


@db_transaction.atomic
def set_credit_limits(
    *, largest_grants: Mapping[str, Decimal], by: Actor, seen: Seen | None = None, reason: str = ""
) -> CreditSettings:
    """Say above which amount, per currency, credit is given only where staff agree to it. No amount is no limit.

    Raises BusinessError where these are the limits already, and ChangedMeanwhile.
    """
    for currency, amount in largest_grants.items():
        require_places(Money(amount, currency), "largest_grants")
        if amount <= 0:
            raise BusinessError(
                f"A limit must be above zero; {money_text(Money(amount, currency))} was given.", field="largest_grants"
            )
    lock_typed_words()
    lock_key("credit settings")
    current = CreditSettings.objects.current()
    before = current.largest_grants
    stored = {"largest_grants": current.amounts}
    if not changes_to_store(stored=stored, typed={"largest_grants": dict(largest_grants)}, seen=seen):
        raise BusinessError("These are the limits already; nothing was changed.")
    after = {currency: plain_amount(amount, currency) for currency, amount in sorted(largest_grants.items())}
    current.largest_grants = after
    current.save()
    words = totals_text((code, Decimal(amount)) for code, amount in after.items()) if after else "none"
    Activity.objects.record(
        by=by,
        client=None,
        verb="credit_settings.changed",
        summary=f"Limits of credit given by hand: {words}",
        note=reason,
        data={"before": before, "after": after},
    )
    return current
