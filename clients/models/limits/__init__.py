"""How much one person may give away before another has to say yes."""

from .kinds import RIGHTS, LimitKind, NeedsApproval, Scope
from .limit import Allowed, Limit, LimitSettings, most_in
from .use import LimitUse

__all__ = [
    "RIGHTS",
    "Allowed",
    "Limit",
    "LimitKind",
    "LimitSettings",
    "LimitUse",
    "NeedsApproval",
    "Scope",
    "most_in",
]
