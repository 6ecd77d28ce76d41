"""A client's profile, and what happens to a client as a whole."""

from .lifecycle import CloseForm, DeleteForm, NumberForm
from .merge import MergeForm
from .profile import AddClientForm, ProfileForm

__all__ = ["AddClientForm", "CloseForm", "DeleteForm", "MergeForm", "NumberForm", "ProfileForm"]
