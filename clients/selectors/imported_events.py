"""What another system had in its log about a client, and what it mailed."""

from django.contrib.auth.models import User
from django.db.models import FETCH_RAISE, QuerySet

from clients.models import Client, ImportedEvent

SEES_MAIL = "clients.view_mailmessage"


def imported_events_of(client: Client, person: User) -> QuerySet[ImportedEvent]:
    """As far as the person may see it: mail is for those who may see mail."""
    rows = ImportedEvent.objects.filter(client=client).fetch_mode(FETCH_RAISE)
    return rows if person.has_perm(SEES_MAIL) else rows.filter(is_mail=False)
