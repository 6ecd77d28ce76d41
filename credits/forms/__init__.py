"""The forms about credit."""

from .add_credit import AddCreditForm, BalanceForm, balance_forms
from .batches import BookBatchForm, UploadForm
from .edit_grant import EditGrantForm, ReasonForm, SettingsForm
from .transfers import InvoiceCreditForm, RemoveCreditForm, TransferForm

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
