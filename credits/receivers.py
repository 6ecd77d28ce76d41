"""What credits do when something happens elsewhere."""

import datetime
from typing import Any

from django.dispatch import receiver

from billing_admin.actor import Actor
from invoices.signals import invoices_generated

from .services.apply import apply_credit_automatically


@receiver(invoices_generated, dispatch_uid="apply_credit_to_generated_invoices")
def apply_credit_to_generated_invoices(*, invoice_ids: list[int], on: datetime.date, by: Actor, **kwargs: Any) -> None:
    """Apply clients' credit to the invoices just generated."""
    apply_credit_automatically(invoice_ids=invoice_ids, on=on, by=by)
