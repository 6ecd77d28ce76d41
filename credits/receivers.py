"""What credits do when something happens elsewhere."""

import datetime
from typing import Any

from django.dispatch import receiver

from billing_admin.actor import Actor
from invoices.signals import invoices_generated, invoices_planned

from .services.apply import apply_credit_automatically, apply_credit_to_plan


@receiver(invoices_planned, dispatch_uid="apply_credit_to_planned_invoices")
def apply_credit_to_planned_invoices(
    *, plan: str, prefix: str, first: int, on: datetime.date, by: Actor, **kwargs: Any
) -> bool:
    """Apply clients' credit to the invoices that a run is about to write."""
    apply_credit_to_plan(plan=plan, prefix=prefix, first=first, on=on, by=by)
    return True


@receiver(invoices_generated, dispatch_uid="apply_credit_to_generated_invoices")
def apply_credit_to_generated_invoices(
    *, invoice_ids: list[int], on: datetime.date, by: Actor, planned: bool, **kwargs: Any
) -> None:
    """Apply clients' credit to the invoices just generated, unless that was planned with them."""
    if not planned:
        apply_credit_automatically(invoice_ids=invoice_ids, on=on, by=by)
