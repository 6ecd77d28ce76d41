"""What belongs to no app alone: jobs, roles, sessions, what append-only tables got, saved views, sums and counts."""

from .job import ActedRows, Job, SavedFile
from .month_sum import MonthSum
from .rate_count import RateCount
from .role import OfferedPermission, Role
from .rows import DeletedRows, WrittenRows
from .saved_view import SavedView
from .staff_session import StaffSession

__all__ = [
    "ActedRows",
    "DeletedRows",
    "Job",
    "MonthSum",
    "OfferedPermission",
    "RateCount",
    "Role",
    "SavedFile",
    "SavedView",
    "StaffSession",
    "WrittenRows",
]
