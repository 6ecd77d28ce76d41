"""The forms about credit."""

from .above_limit import ask_above_limit
from .add_credit import AddCreditForm
from .balance import BalanceForm, balance_forms, balances_sent
from .batches import BookBatchForm, UploadForm
from .edit_grant import EditGrantForm, LimitsForm, ReasonForm, SettingsForm
from .give_to_many import GiveToManyForm
from .invoice_credit import InvoiceCreditForm
from .remove import RemoveCreditForm
from .transfer import TransferForm

__all__ = [
    "AddCreditForm",
    "BalanceForm",
    "BookBatchForm",
    "EditGrantForm",
    "GiveToManyForm",
    "InvoiceCreditForm",
    "LimitsForm",
    "ReasonForm",
    "RemoveCreditForm",
    "SettingsForm",
    "TransferForm",
    "UploadForm",
    "ask_above_limit",
    "balance_forms",
    "balances_sent",
]
