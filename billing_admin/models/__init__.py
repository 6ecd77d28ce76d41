"""What belongs to no app alone: jobs, roles and who is to join them, sessions, appended rows, saved views, counts,
figures, and imports of other systems with what they read."""

from .figures import Figures
from .invitation import EmailChange, Invitation
from .job import ActedRows, Job, SavedFile
from .month_sum import MonthSum
from .rate_count import RateCount
from .role import OfferedPermission, Role
from .rows import DeletedRows, WrittenRows
from .saved_view import SavedView
from .staff_session import StaffSession
from .staged import (
    STAGED,
    Outcome,
    Staged,
    StagedClient,
    StagedContact,
    StagedCredit,
    StagedEvent,
    StagedInvoice,
    StagedItem,
    StagedLine,
    StagedMoney,
    StagedNote,
)
from .system_import import SystemImport

__all__ = [
    "STAGED",
    "ActedRows",
    "DeletedRows",
    "EmailChange",
    "Figures",
    "Invitation",
    "Job",
    "MonthSum",
    "OfferedPermission",
    "Outcome",
    "RateCount",
    "Role",
    "SavedFile",
    "SavedView",
    "StaffSession",
    "Staged",
    "StagedClient",
    "StagedContact",
    "StagedCredit",
    "StagedEvent",
    "StagedInvoice",
    "StagedItem",
    "StagedLine",
    "StagedMoney",
    "StagedNote",
    "SystemImport",
    "WrittenRows",
]
