"""A client's profile, and what happens to a client as a whole."""

from .client_field import ClientField
from .lifecycle import CloseForm, DeleteForm, NumberForm
from .merge import MergeForm, MergeWithForm
from .profile import AddClientForm, ProfileForm

__all__ = [
    "AddClientForm",
    "ClientField",
    "CloseForm",
    "DeleteForm",
    "MergeForm",
    "MergeWithForm",
    "NumberForm",
    "ProfileForm",
]
