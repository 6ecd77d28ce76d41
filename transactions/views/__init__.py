"""The screens about money in and out."""

from .adding import add, add_for, attach
from .detail import detail
from .giving_back import delete, refund, reverse_view
from .lists import export, export_of_client, of_client, transactions_list
from .methods import add_method, methods, rename_method, switch_method
from .recording import record

__all__ = [
    "add",
    "add_for",
    "add_method",
    "attach",
    "delete",
    "detail",
    "export",
    "export_of_client",
    "methods",
    "of_client",
    "record",
    "refund",
    "rename_method",
    "reverse_view",
    "switch_method",
    "transactions_list",
]
