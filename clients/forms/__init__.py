"""A client's profile."""

from .profile import AddClientForm, ProfileForm

__all__ = ["AddClientForm", "ProfileForm"]
