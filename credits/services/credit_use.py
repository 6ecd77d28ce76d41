"""How the whole system uses credit."""

from django.db import transaction as db_transaction

from billing_admin.actor import Actor
from billing_admin.db.locks import lock_key, lock_typed_words
from billing_admin.errors import BusinessError
from billing_admin.seen import Seen, changes_to_store
from clients.models import Activity, CreditUse
from credits.models import CreditSettings


@db_transaction.atomic
def change_credit_use(
    *, credit_use: CreditUse, by: Actor, seen: Seen | None = None, reason: str = ""
) -> CreditSettings:
    """Set when credit is used by itself, where neither invoice nor client says otherwise. Invoices to come go by it."""
    lock_typed_words()
    lock_key("credit settings")
    settings = CreditSettings.objects.current()
    before = CreditUse(settings.credit_use)
    typed = {"credit_use": CreditUse(credit_use).value}
    if not changes_to_store(stored={"credit_use": before.value}, typed=typed, seen=seen):
        raise BusinessError(f"Automatic use of credit already is “{before.label}”; nothing was changed.")
    settings.credit_use = credit_use
    settings.save()
    Activity.objects.record(
        by=by,
        client=None,
        verb="credit_settings.changed",
        summary=f"Automatic use of credit changed from “{before.label}” to “{CreditUse(credit_use).label}”",
        note=reason,
        data={"from": before.value, "to": credit_use.value},
    )
    return settings
