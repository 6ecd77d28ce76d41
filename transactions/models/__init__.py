"""Money in, fees and money out. Knows no credit."""

from .payment_method import PaymentMethod
from .transaction import Transaction

__all__ = ["PaymentMethod", "Transaction"]
