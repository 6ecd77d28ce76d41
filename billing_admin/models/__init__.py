"""What belongs to no app alone: jobs for a queue worker, roles, what append-only tables got, saved views and sums."""

from .job import ActedRows, Job, SavedFile
from .month_sum import MonthSum
from .role import OfferedPermission, Role
from .rows import DeletedRows, WrittenRows
from .saved_view import SavedView

__all__ = [
    "ActedRows",
    "DeletedRows",
    "Job",
    "MonthSum",
    "OfferedPermission",
    "Role",
    "SavedFile",
    "SavedView",
    "WrittenRows",
]
