"""Taking away the second factors of somebody who has lost them."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User

from billing_admin.staff.sign_in.events import Event, note
from billing_admin.staff.sign_in.sessions import end_sessions


def reset_second_factors(person: User, *, by: User | None = None) -> int:
    """Take away all second factors and recovery codes of somebody, and end the sessions: the password alone signs in.

    Returns how many factors there were, codes not among them.
    """
    factors = Authenticator.objects.filter(user=person)
    number = factors.exclude(type=Authenticator.Type.RECOVERY_CODES).count()
    factors.delete()
    end_sessions(person)
    if number:
        note(Event.FACTORS_RESET, person, by=by, count=number)
    return number
