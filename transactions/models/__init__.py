"""Money in, fees and money out. Knows no credit."""

from .payment_file import PaymentFile, PaymentFileMapping
from .payment_method import PaymentMethod
from .transaction import Transaction

__all__ = ["PaymentFile", "PaymentFileMapping", "PaymentMethod", "Transaction"]
