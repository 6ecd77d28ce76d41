"""The staff of the demo: a few people in different roles, one who left, and one who is invited."""

from dataclasses import dataclass

from django.contrib.auth.models import Group, User

from billing_admin.staff.groups import BILLING, MANAGER, SUPPORT, VIEWER
from clients.services.staff.accept import Joining, accept
from clients.services.staff.invite import invite
from clients.services.staff.people import deactivate
from clients.services.staff.roles import add_role

from .login import PASSWORD, USERNAME

# A role of one's own: support that also chases what is overdue.
_COLLECTION = "Collection"
_RIGHTS = (
    "clients.view_client", "clients.view_mailmessage", "clients.save_lists", "clients.add_clientnote",
    "clients.send_mailmessage", "credits.view_credit", "invoices.view_invoice", "invoices.add_reminderhold",
    "transactions.view_transaction",
)  # fmt: skip


@dataclass(frozen=True)
class Colleague:
    """Somebody of the demo: the user name is the first name, and the password the demo's."""

    first_name: str
    last_name: str
    role: str
    has_left: bool = False

    @property
    def username(self) -> str:
        return self.first_name.casefold()


COLLEAGUES = (
    Colleague("Mareike", "Voss", MANAGER),
    Colleague("Tomasz", "Nowak", BILLING),
    Colleague("Aisha", "Rahman", SUPPORT),
    Colleague("Oskar", "Lindgren", _COLLECTION),
    Colleague("Vera", "Castellanos", VIEWER),
    Colleague("Jonas", "Feld", SUPPORT, has_left=True),
)


def known_login() -> str:
    """Of the demo's people one, by user name, as whom anybody who has read this can sign in; nothing where nobody."""
    names = [USERNAME, *(colleague.username for colleague in COLLEAGUES)]
    there = User.objects.filter(username__in=names, is_active=True).order_by("pk")
    return next((person.get_username() for person in there if person.check_password(PASSWORD)), "")


def make_colleagues(*, by: User) -> None:
    """Have each invited and joined, as people are."""
    add_role(name=_COLLECTION, note="Looks after reminders, two days a week.", rights=_RIGHTS, by=by)
    for colleague in COLLEAGUES:
        name = colleague.username
        _, token = invite(email=f"{name}@nordlicht.example", groups=_in(colleague.role), by_mail=False, by=by)
        joining = Joining(name, colleague.first_name, colleague.last_name, PASSWORD)
        person = accept(token=token, joining=joining)
        if colleague.has_left:
            deactivate(person=person, by=by)
    invite(email="linnea@nordlicht.example", groups=_in(VIEWER), by_mail=False, by=by)


def _in(role: str) -> list[Group]:
    return [Group.objects.get(name=role)]
