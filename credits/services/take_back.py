"""Taking back of one grant: an amount, its unspent rest, or all of it while nobody has used any."""

from django.db import connection
from django.db import transaction as db_transaction
from django.utils import timezone
from djmoney.money import Money

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import money_text, require_places
from clients.models import Activity, Client
from credits.models import CreditEntry, CreditGrant

from . import ledger


@db_transaction.atomic
def take_back(*, grant: CreditGrant, amount: Money, by: Actor, reason: str) -> None:
    """Take back an amount of what is unspent of a grant, because the money that it came from was given back."""
    require_places(amount)
    client = Client.objects.lock_one(grant.client_id)
    grant = CreditGrant.objects.get(pk=grant.pk)
    if not 0 < amount.amount <= grant.remaining.amount:
        raise BusinessError(
            f"Of the {money_text(grant.amount)} “{grant.description}”, {money_text(grant.remaining)} is unspent; "
            f"{money_text(amount)} cannot be taken back.",
            field="amount",
        )
    ledger.book(
        kind=CreditEntry.Kind.REVERSE,
        movements=[ledger.Movement(grant, -amount)],
        description=reason,
        by=by,
        reverses=grant.entries.order_by("pk").first() if amount == grant.amount else None,
    )
    Activity.objects.record(
        by=by,
        client=client,
        verb="credit.taken_back",
        summary=f"Credit of {money_text(amount)} taken back: {reason}",
        data={"grant": grant.pk, "amount": amount.amount, "currency": grant.currency},
    )


_WITHOUT_PAYMENT = "UPDATE credits_creditgrant SET transaction_id = NULL WHERE id = ANY(%s)"


def take_back_with_payment(*, grant_ids: list[int], by: Actor, reason: str) -> None:
    """Take back what is left of credit whose payments are about to be deleted; the grants stay, without a payment.

    Called by the deletion of transactions alone, with the client locked and inside its `maintenance`. Who does it
    writes the activity.
    """
    ledger.book_rests_back(grant_ids=grant_ids, description=reason, at=timezone.now(), by=by)
    with connection.cursor() as cursor:
        cursor.execute(_WITHOUT_PAYMENT, [grant_ids])


@db_transaction.atomic
def take_back_rest(*, grant: CreditGrant, by: Actor, reason: str = "") -> Money:
    """Take back what a grant has left. Returns what that was."""
    Client.objects.lock_one(grant.client_id)
    grant = CreditGrant.objects.select_related("client").get(pk=grant.pk)
    rest = grant.remaining
    if rest.amount == 0:
        raise BusinessError(f"Nothing is left of the {money_text(grant.amount)} “{grant.description}”.")
    _book_back(grant, rest, "Rest taken back", reason, by, "credit.rest_taken_back")
    return rest


@db_transaction.atomic
def reverse_grant(*, grant: CreditGrant, by: Actor, reason: str = "") -> Money:
    """Undo a grant that nobody has used. Returns what it had given."""
    Client.objects.lock_one(grant.client_id)
    grant = CreditGrant.objects.select_related("client").get(pk=grant.pk)
    spent = grant.amount - grant.remaining
    if grant.remaining.amount == 0:
        raise BusinessError(f"Nothing is left of the {money_text(grant.amount)} “{grant.description}”.")
    if spent.amount:
        raise BusinessError(
            f"{money_text(spent)} of the {money_text(grant.amount)} “{grant.description}” has been used. "
            f"Only the rest, {money_text(grant.remaining)}, can be taken back."
        )
    _book_back(grant, grant.amount, "", reason, by, "credit.reversed")
    return grant.amount


def _book_back(grant: CreditGrant, amount: Money, words: str, reason: str, by: Actor, verb: str) -> None:
    """Take `amount` back, with the reason typed as its note; where there is none, with what the credit was for.

    Both may name somebody, and a note goes with whoever it names. What was typed into a transfer is not repeated: it
    goes with the first of the two clients that is deleted.
    """
    given = grant.entries.earliest("pk")
    whole = amount == grant.amount
    name = given.description if grant.kind == CreditGrant.Kind.TRANSFER else grant.description
    note = reason or name
    ledger.book(
        kind=CreditEntry.Kind.REVERSE,
        movements=[ledger.Movement(grant, -amount)],
        description=words,
        note=note,
        by=by,
        reverses=given if whole else None,
    )
    Activity.objects.record(
        by=by,
        client=grant.client,
        verb=verb,
        summary=f"Credit of {money_text(amount)} taken back",
        note=note,
        data={"grant": grant.pk, "amount": amount.amount, "currency": grant.currency},
    )
