"""Which account somebody means, and whether the password is its."""

from django.contrib.auth.models import User
from django.db.models import Q


def find_account(name: str) -> User | None:
    """The account of this user name; else the one active account of this e-mail, where no other has the same.

    One statement, whether there is one or not.
    """
    found = list(User.objects.filter(Q(username=name) | Q(email__iexact=name, is_active=True)))
    for person in found:
        if person.username == name:
            return person
    return found[0] if len(found) == 1 else None


def is_password(person: User | None, password: str) -> bool:
    """Whether somebody may sign in with it. It takes as long for an account that is not there or is not active.

    Raises Busy, only in a request.
    """
    if person is None:
        User().set_password(password)
        return False
    return person.check_password(password) and person.is_active
