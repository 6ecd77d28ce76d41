"""People of the staff in tests: roles of one's own, invitations, and mail with links that goes out."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.models import Group, User
from django.test import override_settings

from billing_admin.models import Invitation
from billing_admin.staff.rights import permissions_named
from clients.services.staff.invite import invite
from tests.mail import going_to, switch_on
from tests.mail_servers import Server, mail_server

HERE = "https://billing.example.com"
PASSWORD = "correct horse battery"


def role(name: str, *rights: str) -> Group:
    """A role of one's own that may do this, `app_label.codename`."""
    group, _ = Group.objects.get_or_create(name=name)
    group.permissions.set(permissions_named(rights))
    return group


def group(name: str) -> Group:
    """A role that there is."""
    return Group.objects.get(name=name)


def invite_to(*names: str, email: str = "ann@hosting.example", by: User | None = None) -> tuple[Invitation, str]:
    """Somebody who is invited by a link to these roles, which are made where they are not there; and the token."""
    groups = [Group.objects.get_or_create(name=name)[0] for name in names]
    return invite(email=email, groups=groups, by_mail=False, by=by)


@contextmanager
def with_mail() -> Iterator[Server]:
    """Mail about accounts can go out, to a real server, as after a test message."""
    switch_on()
    with mail_server() as server, going_to(server), override_settings(MAIL_PROVIDER="smtp", PUBLIC_URL=HERE):
        yield server


def body_of(server: Server, number: int = -1) -> str:
    """What the latest mail says, or the one of this number."""
    part = server.taken[number].get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def link_in(server: Server, number: int = -1) -> str:
    """The path of the link of a mail; its host is ours, whatever anybody sent."""
    (link,) = re.findall(r"^https?://\S+$", body_of(server, number), re.MULTILINE) or [body_of(server, number)]
    assert link.startswith(f"{HERE}/")
    return link.removeprefix(HERE)
