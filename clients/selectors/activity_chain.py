"""The state of the chain that activity is sealed in."""

import datetime
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from billing_admin.text import pluralize
from clients.models import ActivitySeal, ActivitySignOff

SIGN_OFFS_SHOWN = 30


@dataclass(frozen=True)
class ChainState:
    """How many activities are sealed, in how many seals, the last of them, and how many wait to be sealed.

    `until`: when the last seal was made, None where there is none yet.
    """

    rows: int
    seals: int
    waiting: int
    until: datetime.datetime | None
    link: str

    @property
    def in_seals(self) -> str:
        """`12 seals`."""
        return pluralize(self.seals, "seal")


def state_of_chain() -> ChainState:
    """The chain as it stands at this moment."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT (SELECT coalesce(sum(octet_length(hashes)) / 32, 0) FROM clients_activityseal),
                   (SELECT count(*) FROM clients_activityseal),
                   (SELECT coalesce(sum(cardinality(row_ids)), 0) FROM clients_unsealed
                    JOIN billing_admin_writtenrows written ON written.id = written_id)
        """)
        rows, seals, waiting = map(int, cursor.fetchone())
    last = ActivitySeal.objects.order_by("-number").only("at", "link").first()
    return ChainState(rows, seals, waiting, last.at if last else None, bytes(last.link).hex() if last else "")


def latest_sign_offs() -> QuerySet[ActivitySignOff]:
    """The last sign-offs, the latest first."""
    return ActivitySignOff.objects.order_by("-number")[:SIGN_OFFS_SHOWN]
