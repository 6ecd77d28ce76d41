"""What stands before the numbers of invoices and credit notes."""

from django.db import transaction as db_transaction

from billing_admin.actor import Actor
from billing_admin.db.locks import lock_key
from billing_admin.errors import BusinessError
from billing_admin.seen import Seen, changes_to_store
from clients.models import Activity
from invoices.models import NumberFormat
from invoices.models.number_series import YEAR, Document

# What fits in a document's prefix once the year is written out.
LONGEST_PREFIX = 16


@db_transaction.atomic
def set_prefix(*, document: Document, prefix: str, by: Actor, seen: Seen | None = None) -> NumberFormat:
    """Let numbers of this kind begin with `prefix` from the next one on; `{year}` stands for the year of issue.

    Each prefix has a series of its own from 1, gap-free; one used before goes on where it was. With the year in it, a
    new year begins at 1.

    Raises BusinessError, ChangedMeanwhile among them.
    """
    prefix = prefix.strip()
    _check(prefix)
    lock_key("numbering")
    before = NumberFormat.objects.prefix_of(document)
    changed = changes_to_store(stored={"begins_with": before}, typed={"begins_with": prefix}, seen=seen)
    if not changed:
        raise BusinessError(f"The prefix is “{before}” already; nothing was changed.")
    for other in Document:
        if other != document and NumberFormat.objects.prefix_of(other) == prefix:
            raise BusinessError(
                f"“{prefix}” is the prefix of the other kind, {other.label}: the same number would stand on both."
            )
    stored, _ = NumberFormat.objects.update_or_create(document=document, defaults={"prefix": prefix})
    Activity.objects.record(
        by=by,
        client=None,
        verb="numbering.changed",
        summary=f"{document.label} numbers begin with “{prefix}”, “{before}” before",
        data={"document": document, "before": before, "after": prefix},
    )
    return stored


def _check(prefix: str) -> None:
    written = prefix.replace(YEAR, "2026")
    if len(written) > LONGEST_PREFIX:
        raise BusinessError(
            f"“{written}” has {len(written)} characters; {LONGEST_PREFIX} are kept at most, with the year written out."
        )
    if written and written[-1].isdecimal():
        raise BusinessError(
            f"A prefix does not end with a digit, or numbers would run together: “{written}” and 000001. Put a sign "
            "such as - between."
        )
    if not written.isprintable() or "{" in written or "}" in written or "%" in written:
        raise BusinessError(f"“{prefix}” has signs that no prefix can have; {YEAR} is the only thing in braces.")
