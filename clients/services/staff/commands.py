"""What is done to accounts where the program runs: making an Owner’s, and giving somebody another password."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction as db_transaction

from billing_admin.actor import Actor
from billing_admin.db.locks import lock_key, lock_typed_words
from billing_admin.errors import BusinessError
from billing_admin.models import Role
from clients.models import Activity

from .accept import require_password, require_username
from .reset import tell_of_new_password
from .rules import fresh_person, lock_staff, require_reach


@db_transaction.atomic
def add_owner(*, username: str, email: str, password: str) -> User:
    """Make an account in the role Owner: the first, or another. Raises BusinessError."""
    lock_typed_words()
    lock_key("staff")
    owner = Role.objects.filter(built_in=Role.BuiltIn.OWNER).select_related("group").first()
    if owner is None:
        raise BusinessError("There is no role Owner here. Bring the database up to date first: that makes the roles.")
    person = User(username=User.normalize_username(username), email=email)
    require_username(person)
    try:
        validate_email(email)
    except ValidationError as error:
        raise BusinessError(" ".join(error.messages), field="email") from None
    if User.objects.filter(email__iexact=email).exists():
        raise BusinessError("There is an account with this e-mail already.", field="email")
    require_password(password, person)
    person.set_password(password)
    person.save()
    person.groups.add(owner.group)
    Activity.objects.record(
        by=None, client=None, verb="staff.joined", summary="Owner’s account made by a command",
        note=f"{username}: {owner.group.name}", data={"person": person.pk, "roles": [owner.group.pk]},
    )  # fmt: skip
    return person


@db_transaction.atomic
def change_password(*, person: User, password: str, by: Actor) -> None:
    """Give somebody another password; PostgreSQL ends all their sessions with it. They are told.

    Raises BusinessError.
    """
    by = lock_staff(by)
    person = fresh_person(person)
    require_reach(by, person)
    require_password(password, person)
    person.set_password(password)
    person.save(update_fields=["password"])
    Activity.objects.record(
        by=by, client=None, verb="password.changed", summary="Password changed by a command",
        note=person.get_username(), data={"person": person.pk},
    )  # fmt: skip
    tell_of_new_password(person=person, by=by)
