"""The screens about people of the staff: who they are, what they may do, and how they come in."""

from .email import confirm_own_email, keep_email, own_email
from .invitations import invite_again_page, invite_page, withdraw
from .joining import join
from .passwords import forgotten, new_password
from .people import activate_page, deactivate_page, people_page, person_page, send_reset_page
from .roles import add_role_page, delete_role_page, role_page, second_factor_page

__all__ = [
    "activate_page",
    "add_role_page",
    "confirm_own_email",
    "deactivate_page",
    "delete_role_page",
    "forgotten",
    "invite_again_page",
    "invite_page",
    "join",
    "keep_email",
    "new_password",
    "own_email",
    "people_page",
    "person_page",
    "role_page",
    "second_factor_page",
    "send_reset_page",
    "withdraw",
]
