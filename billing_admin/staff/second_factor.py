"""Whether a role asks for a second factor, and taking away the factors of somebody who has lost them."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.http import HttpRequest

from billing_admin.models import Role
from billing_admin.staff.sign_in.events import Event, note
from billing_admin.staff.sign_in.sessions import end_sessions


def require_of(role: Role, required: bool, *, by: User, request: HttpRequest | None = None) -> bool:
    """Let whoever is in the role sign in only with a second factor, or no longer.

    Who has none yet is led to adding one with the next page. Returns whether that was not so before.
    """
    changed = Role.objects.filter(pk=role.pk).exclude(second_factor=required).update(second_factor=required)
    if changed:
        note(Event.FACTOR_REQUIRED if required else Event.FACTOR_NOT_REQUIRED, by, request)
    return bool(changed)


def reset_second_factors(person: User) -> int:
    """Take away all second factors and recovery codes of somebody, and end the sessions: the password alone signs in.

    Returns how many factors there were, codes not among them.
    """
    factors = Authenticator.objects.filter(user=person)
    number = factors.exclude(type=Authenticator.Type.RECOVERY_CODES).count()
    factors.delete()
    end_sessions(person)
    if number:
        note(Event.FACTORS_RESET, person, count=number)
    return number
