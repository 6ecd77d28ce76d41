"""Money in, fees and money out. Knows no credit."""

from .payment_file import DateOrder, DecimalSign, FormerPaymentFormat, PaymentBatch, PaymentFile, PaymentFileMapping
from .payment_method import PaymentMethod
from .remembered_payer import RememberedPayer
from .transaction import Transaction

__all__ = [
    "DateOrder",
    "DecimalSign",
    "FormerPaymentFormat",
    "PaymentBatch",
    "PaymentFile",
    "PaymentFileMapping",
    "PaymentMethod",
    "RememberedPayer",
    "Transaction",
]
