"""What staff type about money in and out."""

from .adding import AddTransactionForm, AttachForm
from .giving_back import RefundForm, ReversalForm
from .methods import MethodForm
from .recording import PaymentForm

__all__ = ["AddTransactionForm", "AttachForm", "MethodForm", "PaymentForm", "RefundForm", "ReversalForm"]
