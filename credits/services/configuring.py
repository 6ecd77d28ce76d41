"""How the whole system uses credit."""

from typing import TYPE_CHECKING

from django.db import transaction as db_transaction

from billing_admin.idempotency import one_at_a_time
from billing_admin.refusals import Refused
from clients.models import Activity, CreditUse
from credits.models import CreditSettings

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class SettingsUnchanged(Refused):
    """Credit is already used in that way."""


@db_transaction.atomic
def change_credit_use(*, credit_use: CreditUse, by: "User | None") -> CreditSettings:
    """Set when credit is used by itself, where neither invoice nor client says otherwise. Invoices to come go by it.

    Raises SettingsUnchanged.
    """
    one_at_a_time("credit settings")
    settings = CreditSettings.objects.current()
    before = CreditUse(settings.credit_use)
    if before == credit_use:
        raise SettingsUnchanged(f"Automatic use of credit already is “{before.label}”; nothing was changed.")
    settings.credit_use = credit_use
    settings.save()
    Activity.objects.record(
        by=by,
        client=None,
        verb="credit_settings.changed",
        summary=f"Automatic use of credit changed from “{before.label}” to “{CreditUse(credit_use).label}”",
        data={"from": before.value, "to": credit_use.value},
    )
    return settings
