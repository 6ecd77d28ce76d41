"""What staff type about money in and out."""

from .adding import AddTransactionForm, AttachForm
from .files import MappingForm, UploadForm
from .giving_back import RefundForm, ReversalForm
from .methods import MethodForm
from .recording import PaymentForm

__all__ = [
    "AddTransactionForm",
    "AttachForm",
    "MappingForm",
    "MethodForm",
    "PaymentForm",
    "RefundForm",
    "ReversalForm",
    "UploadForm",
]
