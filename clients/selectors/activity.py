"""What the Activity page shows: all that was done, by whom, from where."""

from collections.abc import Iterable
from ipaddress import ip_address
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.db.models.fields.json import KT
from django.http import Http404

from billing_admin.errors import BusinessError
from clients.models import Activity, Client, ClientDeletion
from clients.models.activity import SYSTEM

# Whom the filter calls so: nobody was signed in.
NOBODY = "nobody"


def all_activity(person: User) -> QuerySet[Activity]:
    """Everything that the person may see, of clients and of the whole system; without what a row alone shows."""
    return Activity.objects.visible_to(person).defer("data", "salt", "personal")


def people() -> list[tuple[str, str]]:
    """Everybody who may have done something, by name, and last what nobody did who was signed in."""
    rows = User.objects.order_by("first_name", "last_name", "username")
    return [*((str(user.pk), user.get_full_name() or user.get_username()) for user in rows), (NOBODY, SYSTEM)]


def of_person(rows: QuerySet[Activity], who: str) -> QuerySet[Activity]:
    """What one of `people` did."""
    return rows.filter(actor=None) if who == NOBODY else rows.filter(actor=int(who))


def from_address(rows: QuerySet[Activity], text: str) -> QuerySet[Activity]:
    """What came from this address.

    Raises BusinessError where it is none.
    """
    try:
        address = str(ip_address(text))
    except ValueError:
        raise BusinessError(f"“{text}” is no address. Give one as 203.0.113.7 or 2001:db8::7.") from None
    # The first condition is that of the index.
    return rows.alias(address=KT("source__address")).filter(source__address__isnull=False, address=address)


def of_client(rows: QuerySet[Activity], text: str, *, beside: bool) -> QuerySet[Activity]:
    """What was done to the client of this number, deleted ones too, or to those that `text` finds.

    Raises SearchTooBroad.
    """
    ids: list[int] = []
    if text.isascii() and text.isdigit() and len(text) < 19:
        client = Client.objects.with_number(int(text))
        deleted = ClientDeletion.objects.filter(number=int(text)).first()
        ids = [key for key in (client and client.pk, deleted and deleted.client_key) if key]
    return rows.filter(client_id__in=ids or Client.objects.ids_matching(text, beside=beside))


def deleted_numbers(rows: Iterable[Activity]) -> dict[int, int]:
    """Id that a deleted client had → its number, of those that the rows are about."""
    ids = {row.client_id for row in rows if row.client_id}
    deleted = ClientDeletion.objects.filter(client_key__in=ids)
    return {row.client_key: row.number for row in deleted if row.client_key}


def activity_shown(person: User, pk: int) -> Activity:
    """One row with all that it says.

    Raises Http404 where there is none, or none that the person may see.
    """
    found = Activity.objects.visible_to(person).select_related("client").filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such activity, or it is about what your account may not see.")
    return found


def from_where(source: dict[str, Any] | None) -> str:
    """From where something was done, in a few words: an address, a command, or a job."""
    told = source or {}
    if command := told.get("command"):
        return str(command)
    if address := told.get("address"):
        return f"{address}, by a worker" if "job" in told else str(address)
    return f"job {told['job']}" if "job" in told else ""
