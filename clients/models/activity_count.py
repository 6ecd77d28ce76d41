"""What happens too often for a row of activity each time, as failed sign-ins do.

The first one has a row, the others are counted, and how many they were is one row an hour.
"""

import datetime
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils import timezone

HOUR = datetime.timedelta(hours=1)


class Times(NamedTuple):
    """How often something happened, and the period that is meant."""

    number: int
    since: datetime.datetime
    until: datetime.datetime

    @property
    def words(self) -> str:
        """What follows the sentence about one of it: nothing, or how often."""
        if self.number == 1:
            return ""
        first, last = (f"{timezone.localtime(each):%-d %b %Y, %H:%M}" for each in (self.since, self.until))
        return f" {self.number:,} times between {first} and {last}"


class ActivityCountManager(models.Manager["ActivityCount"]):
    def note(self, verb: str, *, person: User | None, address: str | None) -> Times | None:
        """Count it once more. Returns what a row of activity says now; None within an hour of the last such row.

        Only those wait for each other who do the same from the same address. Called in a transaction.
        """
        now = timezone.now()
        of = {"verb": verb, "person": person, "address": address}
        self.bulk_create([ActivityCount(**of, since=now - HOUR)], ignore_conflicts=True)
        return self.select_for_update().get(**of).told(now, 1)

    def first_over(self, verbs: tuple[str, ...]) -> "ActivityCount | None":
        """One of these verbs whose hour is over with something left to tell; what nothing is left of is deleted."""
        over = self.filter(since__lte=timezone.now() - HOUR)
        left = Q(verb__in=verbs, count__gt=0)
        if not over.exists():
            return None
        over.exclude(left).delete()
        return over.filter(left).select_related("person").order_by("pk").first()


class ActivityCount(models.Model):
    """How often something was done since the last row of activity that told it: by whom, or to whose account."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", db_index=False
    )  # first in the constraint's index
    verb = models.CharField(max_length=50)
    address = models.GenericIPAddressField(null=True)
    since = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    objects = ActivityCountManager()

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("person", "verb", "address"), name="activity_count_once", nulls_distinct=False
            ),
        )

    def __str__(self) -> str:
        return f"{self.verb}: {self.count} since {self.since}"

    def told(self, now: datetime.datetime, more: int = 0) -> Times | None:
        """Where the hour is over: what is told of it, and the next one begins; else only count so many `more`."""
        before, is_over = Times(self.count + more, self.since, now), self.since <= now - HOUR
        self.count, self.since = (0, now) if is_over else (before.number, self.since)
        self.save(update_fields=["count", "since"])
        return before if is_over else None
