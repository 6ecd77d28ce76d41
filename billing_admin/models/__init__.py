"""What belongs to no app alone: jobs, roles and who is to join them, sessions, appended rows, saved views, counts,
figures."""

from .figures import Figures
from .invitation import EmailChange, Invitation
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
    "EmailChange",
    "Figures",
    "Invitation",
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
