"""The forms about credit."""

from .batches import BookBatchForm, UploadForm
from .editing import EditGrantForm, ReasonForm, SettingsForm
from .giving import AddCreditForm, BalanceForm, balance_forms
from .moving import InvoiceCreditForm, RemoveCreditForm, TransferForm

__all__ = [
    "AddCreditForm",
    "BalanceForm",
    "BookBatchForm",
    "EditGrantForm",
    "InvoiceCreditForm",
    "ReasonForm",
    "RemoveCreditForm",
    "SettingsForm",
    "TransferForm",
    "UploadForm",
    "balance_forms",
]
