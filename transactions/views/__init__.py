"""The screens about money in and out."""

from .add import add, add_for_client, attach
from .booked_files import take_back
from .detail import detail
from .file_formats import add_format, confirm_format_ids, delete_format_view, edit_format
from .import_payments import answer, discard, import_page, preview
from .lists import of_client, transactions_list
from .methods import add_method, methods, rename_method, switch_method
from .record import record
from .refunds import refund, reverse_view

__all__ = [
    "add",
    "add_for_client",
    "add_format",
    "add_method",
    "answer",
    "attach",
    "confirm_format_ids",
    "delete_format_view",
    "detail",
    "discard",
    "edit_format",
    "import_page",
    "methods",
    "of_client",
    "preview",
    "record",
    "refund",
    "rename_method",
    "reverse_view",
    "switch_method",
    "take_back",
    "transactions_list",
]
