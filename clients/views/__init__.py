"""The screens about clients."""

from .activity import activity, activity_of_client, activity_row, imported_history
from .charts import charts
from .choose import choose
from .duplicates import duplicates
from .importing import (
    add_mapping,
    delete_mapping_view,
    edit_mapping,
    import_answer,
    import_discard,
    import_page,
    import_preview,
)
from .lifecycle import close, delete, export
from .lists import act_on_rows, clients_list
from .merge import merge, merge_proof
from .profile import add, profile
from .reminders import pause
from .statement import statement, statement_pdf
from .summary import balances, panel, summary

__all__ = [
    "act_on_rows",
    "activity",
    "activity_of_client",
    "activity_row",
    "add",
    "add_mapping",
    "balances",
    "charts",
    "choose",
    "clients_list",
    "close",
    "delete",
    "delete_mapping_view",
    "duplicates",
    "edit_mapping",
    "export",
    "import_answer",
    "import_discard",
    "import_page",
    "import_preview",
    "imported_history",
    "merge",
    "merge_proof",
    "panel",
    "pause",
    "profile",
    "statement",
    "statement_pdf",
    "summary",
]
