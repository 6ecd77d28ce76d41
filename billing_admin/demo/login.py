"""The login that the demo makes, whose password everybody knows, and the mark of a database that is the demo's own."""

from django.contrib.auth.models import Group, User

from billing_admin.staff.groups import OWNER
from clients.models import Activity

USERNAME = "demo"
PASSWORD = "credit where due"  # noqa: S105 printed for everybody to see; made by load_demo only

# The activity that load_demo leaves behind.
LOADED = "demo.loaded"


def make_login() -> User:
    """Make the person who plays the demo, an Owner."""
    staff = User.objects.create_user(USERNAME, "robin@example.com", PASSWORD, first_name="Robin", last_name="Marsh")
    staff.groups.add(Group.objects.get(name=OWNER))
    return staff


def password_is_known() -> bool:
    """Whether anybody who has read this can sign in."""
    staff = User.objects.filter(username=USERNAME, is_active=True).first()
    return staff is not None and staff.check_password(PASSWORD)


def is_demo() -> bool:
    """Whether this database was made by load_demo; before there was a mark, its login says so."""
    return Activity.objects.filter(verb=LOADED).exists() or password_is_known()
