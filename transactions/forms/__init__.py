"""What staff type about money in and out."""

from .add import AddTransactionForm, AttachForm
from .delete import DeleteTransactionsForm, TakeBackForm
from .files import MappingForm, UploadForm
from .methods import MethodForm
from .record import PaymentForm
from .refunds import RefundForm, ReversalForm

__all__ = [
    "AddTransactionForm",
    "AttachForm",
    "DeleteTransactionsForm",
    "MappingForm",
    "MethodForm",
    "PaymentForm",
    "RefundForm",
    "ReversalForm",
    "TakeBackForm",
    "UploadForm",
]
