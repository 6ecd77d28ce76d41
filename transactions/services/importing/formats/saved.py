"""Saved file formats: adding, changing, deleting."""

from typing import Any

from django.db import transaction as db_transaction

from billing_admin.actor import Actor
from billing_admin.db.changes import changed_columns
from billing_admin.errors import BusinessError
from clients.models import Activity
from transactions.models import PaymentFile, PaymentFileMapping


@db_transaction.atomic
def save_format(*, mapping: PaymentFileMapping, by: Actor) -> PaymentFileMapping:
    """Save a format that is new or was changed; it has been validated."""
    before = PaymentFileMapping.objects.filter(pk=mapping.pk).first() if mapping.pk else None
    if before is not None and before.id_column != mapping.id_column:
        mapping.id_confirmed = True
    changes = changed_columns(before, mapping)
    if before is not None and not changes:
        raise BusinessError(f"Nothing was changed in the file format {mapping}.")
    mapping.save()
    word = "added" if before is None else "changed"
    _record(f"payment_file_format.{word}", f"File format {mapping} {word}", mapping, by, changes)
    return mapping


@db_transaction.atomic
def confirm_ids(*, mapping: PaymentFileMapping, never_twice: bool, by: Actor) -> PaymentFileMapping:
    """Say what the column is that was taken for ids: the gateway's own, which never come twice, or the payers'.

    Payments that were booked by it before stay as they are, and are known again either way.
    """
    if not never_twice:
        mapping.payer_reference_column, mapping.id_column = mapping.id_column, ""
    mapping.id_confirmed = True
    return save_format(mapping=mapping, by=by)


@db_transaction.atomic
def delete_format(*, mapping: PaymentFileMapping, by: Actor) -> None:
    """Delete a format; what was booked by it stays."""
    if waiting := PaymentFile.objects.filter(mapping=mapping).count():
        raise BusinessError(
            f"{waiting} uploaded {'file waits' if waiting == 1 else 'files wait'} to be read by {mapping}."
        )
    _record("payment_file_format.deleted", f"File format {mapping} deleted", mapping, by, {})
    mapping.delete()


def _record(verb: str, summary: str, mapping: PaymentFileMapping, by: Actor, changes: dict[str, Any]) -> None:
    data = {"format": mapping.pk, "changes": changes}
    Activity.objects.record(by=by, client=None, verb=verb, summary=summary, data=data)
