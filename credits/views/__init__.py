"""The screens about credit: of a client, of an invoice, of all."""

from .batches import batch, batches, discard, reverse_batch, upload
from .chain import activity_chain
from .checks import checks
from .credits import of_client
from .give_to_many import give_to_many
from .grants import edit, grant, reverse_one, take_back
from .invoice_credit import apply, release
from .liability import liability
from .manage import manage
from .overview import entries, expiring, holders
from .receipt import receipt
from .remove import remove
from .transfer import transfer

__all__ = [
    "activity_chain",
    "apply",
    "batch",
    "batches",
    "checks",
    "discard",
    "edit",
    "entries",
    "expiring",
    "give_to_many",
    "grant",
    "holders",
    "liability",
    "manage",
    "of_client",
    "receipt",
    "release",
    "remove",
    "reverse_batch",
    "reverse_one",
    "take_back",
    "transfer",
    "upload",
]
