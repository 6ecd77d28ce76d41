"""The forms about credit."""

from .add_credit import AddCreditForm
from .balance import BalanceForm, balance_forms, balances_sent
from .batches import BookBatchForm, UploadForm
from .edit_grant import EditGrantForm, ReasonForm, SettingsForm
from .invoice_credit import InvoiceCreditForm
from .remove import RemoveCreditForm
from .transfer import TransferForm

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
    "balances_sent",
]
