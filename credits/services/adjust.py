"""Setting a balance by hand: the Credit Balance field on the Profile."""

from dataclasses import dataclass

from django.db import transaction as db_transaction
from djmoney.money import Money

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError, require_length
from billing_admin.money.amounts import money_text, require_places
from clients.models import Activity, Client, LimitKind
from credits.models import CreditEntry, CreditGrant

from . import ledger
from .limits import require_within_limit


@dataclass(frozen=True)
class BalanceChange:
    """A balance as staff saw it, what it is to be, and why.

    `agreed` is a rise above the limit that they said yes to.
    """

    seen: Money
    balance: Money
    reason: str = ""
    agreed: Money | None = None


class BalanceMoved(BusinessError):
    """The balance is no longer the one that staff saw."""

    def __init__(self, seen: Money, current: Money) -> None:
        self.current = current
        super().__init__(
            f"The balance has moved from {money_text(seen)} to {money_text(current)} since this page was opened. "
            "Nothing was saved; look at the new figure and decide again."
        )


@db_transaction.atomic
def adjust_balance(
    *, client: Client, seen: Money, balance: Money, by: Actor, reason: str = "", agreed: Money | None = None
) -> CreditEntry:
    """Set the client's balance in one currency to `balance`, which staff saw as `seen`. Returns the last entry booked.

    The difference is on the ledger and in the activity, not on the Credits List. Upwards it is a grant of its own;
    downwards it is taken from the grants in draw-down order. A rise above the limit must be `agreed` to.
    """
    require_places(balance, "balance")
    require_length(reason, "reason")
    if balance.amount < 0:
        raise BusinessError(
            f"A credit balance cannot be below zero; {money_text(balance)} was entered.", field="balance"
        )
    client = Client.objects.lock_one(client.pk)
    account = ledger.account_of(client, balance.currency.code)
    if account.balance != seen:
        raise BalanceMoved(seen, account.balance)
    change = balance - account.balance
    if change.amount == 0:
        raise BusinessError(f"The balance already is {money_text(balance)}; nothing was changed.")
    if change.amount > 0:
        require_within_limit(LimitKind.ADJUSTED, client=client, amount=change, by=by, agreed=agreed)
    description = "" if reason else f"Balance set from {money_text(account.balance)} to {money_text(balance)}"
    if change.amount > 0:
        given = ledger.grant(
            account=account,
            amount=change,
            kind=CreditGrant.Kind.ADJUSTMENT,
            category=CreditGrant.Category.PROMOTIONAL,
            description=description,
            note=reason,
            by=by,
            entry_kind=CreditEntry.Kind.ADJUST,
            listed=False,
        )
        last = given.entries.get()
    else:
        held = CreditGrant.objects.filter(account=account, is_open=True).in_draw_down_order()
        movements = ledger.draw_down(held, -change)
        last = ledger.book(
            kind=CreditEntry.Kind.ADJUST, movements=movements, description=description, note=reason, by=by
        )[-1]
    Activity.objects.record(
        by=by,
        client=client,
        verb="credit.balance_adjusted",
        summary=f"Credit balance set from {money_text(account.balance)} to {money_text(balance)}",
        note=reason,
        data={"from": account.balance.amount, "to": balance.amount, "currency": balance.currency.code},
    )
    return last
