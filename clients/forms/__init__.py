"""A client's profile, and what happens to a client as a whole."""

from .ending import CloseForm, DeleteForm
from .merging import MergeForm
from .profile import AddClientForm, ProfileForm

__all__ = ["AddClientForm", "CloseForm", "DeleteForm", "MergeForm", "ProfileForm"]
