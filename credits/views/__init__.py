"""The screens about a client's credit."""

from .adjusting import adjust
from .credits import of_client
from .manage import manage

__all__ = ["adjust", "manage", "of_client"]
