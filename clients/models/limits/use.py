"""What was used of limits today."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, models
from django.db.models import Q
from django.utils import timezone

from billing_admin.db.functions import exact_places
from billing_admin.db.triggers import frozen
from billing_admin.money.fields import CurrencyField, MoneyField

from .kinds import LimitKind, Scope

type Use = tuple[int | None, str, Decimal]
"""For which client, by its key, in which currency, how much."""

# What a merge took away is the kept client's, for as long as the merge is not undone.
_USED = """
    SELECT coalesce(sum(amount) FILTER (WHERE client_key = %(client)s OR client_key IN (
               SELECT (discarded_snapshot ->> 'id')::bigint FROM clients_clientmerge
               WHERE kept_id = %(client)s AND undone_at IS NULL)), 0),
           coalesce(sum(amount), 0)
    FROM clients_limituse WHERE person_id = %(person)s AND day = %(day)s AND kind = %(kind)s AND currency = %(currency)s
"""
_USED_PER_CLIENT = """
    SELECT coalesce(merge.kept_id, client_key), currency, sum(amount)
    FROM clients_limituse
    LEFT JOIN clients_clientmerge merge ON undone_at IS NULL AND (discarded_snapshot ->> 'id')::bigint = client_key
    WHERE person_id = %s AND day = %s AND kind = %s GROUP BY 1, 2
"""
_COUNT = """
    INSERT INTO clients_limituse (person_id, day, kind, client_key, currency, amount)
    SELECT %s, %s, %s, unnest(%s::bigint[]), unnest(%s::text[]), unnest(%s::numeric[])
"""


class LimitUseManager(models.Manager["LimitUse"]):
    def used(self, person: User, kind: str, currency: str, client_key: int | None) -> dict[str, Decimal]:
        """What the person has used today of each scope's limit."""
        asked: dict[str, Any] = {"person": person.pk, "day": timezone.localdate(), "kind": kind, "currency": currency}
        with connection.cursor() as cursor:
            cursor.execute(_USED, {**asked, "client": client_key})
            for_client, in_all = cursor.fetchone()
        return {Scope.ENTRY: Decimal(0), Scope.CLIENT_DAY: for_client, Scope.PERSON_DAY: in_all}

    def used_per_client(self, person: User, kind: str) -> dict[tuple[int | None, str], Decimal]:
        """What the person has used today for each client, in each currency."""
        with connection.cursor() as cursor:
            cursor.execute(_USED_PER_CLIENT, [person.pk, timezone.localdate(), kind])
            return {(client_key, currency): used for client_key, currency, used in cursor.fetchall()}

    def write_down(self, person: User, kind: str, uses: Sequence[Use]) -> None:
        """Write down what is used now, and forget the days before; with the person's limits locked."""
        today = timezone.localdate()
        self.filter(person=person, day__lt=today)._raw_delete("default")
        clients, currencies, amounts = zip(*uses, strict=True)
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [person.pk, today, kind, list(clients), list(currencies), list(amounts)])


class LimitUse(models.Model):
    """What a person has used today of the limits of one kind, for one client. The client is named by its key alone.

    It stays when the client is deleted, or deleting one would give back what was used for it.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=LimitKind)
    day = models.DateField()
    client_key = models.BigIntegerField(null=True)
    currency = CurrencyField()
    amount = MoneyField()

    objects = LimitUseManager()

    class Meta:
        default_permissions = ()
        indexes = (models.Index(fields=("person", "day", "kind"), name="limit_use_of_day"),)
        constraints = (
            models.CheckConstraint(name="limit_use_positive", condition=Q(amount__gt=0)),
            exact_places("limit_use_places", "amount"),
        )
        triggers = (frozen("stays", "person_id", "day", "kind", "client_key", "currency", "amount",
                           text="What was used stays as it was written down."),)  # fmt: skip

    def __str__(self) -> str:
        return f"{self.amount} on {self.day}"
