"""What the entries of months and days that are over come to, so that a report need not read them again."""

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from billing_admin.db.triggers import SUMMING_UP, frozen, never_deleted, refuse
from billing_admin.money.fields import CurrencyField


def _apart(length: str) -> ExclusionConstraint:
    """No two periods of a length overlap."""
    span = Func("starts_at", "ends_at", function="tstzrange", output_field=DateTimeRangeField())
    return ExclusionConstraint(
        name=f"closed_{length}s_apart", expressions=((span, RangeOperators.OVERLAPS),), condition=Q(length=length)
    )


class ClosedPeriod(models.Model):
    """A month, a day or a part of a day that is over, from its first moment to the first after it.

    It is of the time zone that the installation had then; a report reads those that lie wholly in its period.

    From when this row is there, whoever changes what is in the ledger of the period adds what it changes to the sums
    (`correct_closed_periods`). `summed_at` says since when the sums are whole; before that they are not to be read.
    """

    class Length(models.TextChoices):
        MONTH = "month", "Month"
        DAY = "day", "Day or a part of it"

    length = models.CharField(max_length=5, choices=Length)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    summed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(name="closed_period_length", condition=Q(length__in=["month", "day"])),
            models.CheckConstraint(name="closed_period_ends", condition=Q(ends_at__gt=F("starts_at"))),
            _apart("month"),
            _apart("day"),
        )
        indexes = (
            models.Index(fields=("length", "starts_at"), name="closed_period_by_start"),
            models.Index(fields=("ends_at",), name="closed_period_by_end"),
        )
        triggers = (
            frozen("stays", "length", "starts_at", "ends_at", text="A closed period stays as it is."),
            frozen(
                "summed_once", "summed_at", text="A closed period is summed up once.", unless="OLD.summed_at IS NULL"
            ),
            never_deleted("never_deleted", text="A closed period stays closed.", unless="false"),
        )

    def __str__(self) -> str:
        return f"{self.length} from {self.starts_at}"


class ClosedPeriodSum(models.Model):
    """A part of what the entries of one currency, category and kind in a closed period come to; all parts are added.

    One was written when the period was summed up, the others by whoever changed the ledger of the period meanwhile or
    since. Nobody waits for anybody: rows are only added, until their sum replaces them.
    """

    period = models.ForeignKey(ClosedPeriod, models.PROTECT, related_name="sums")
    currency = CurrencyField()
    category = models.CharField(max_length=12)
    kind = models.CharField(max_length=10)
    # Wider than the amount of an entry: a sum of any number of them fits.
    amount = models.DecimalField(max_digits=30, decimal_places=3)

    class Meta:
        default_permissions = ()
        triggers = (
            pgtrigger.Trigger(
                name="never_changed",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func=refuse("The sums of closed periods are only added to."),
            ),
            never_deleted(
                "never_deleted", text="The parts of a sum go only where their sum replaces them.", unless=SUMMING_UP
            ),
        )

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


# Adds what some rows of the ledger change in closed periods; `rows` is SQL of (at, currency, category, kind, amount).
# Periods of a length do not overlap: the last that begins before a moment has it, or none has.
_CORRECT = """
    INSERT INTO credits_closedperiodsum (period_id, currency, category, kind, amount)
    SELECT period.id, changed.currency, changed.category, changed.kind, sum(changed.amount)
    FROM (SELECT at, currency, category, kind, sum(amount) AS amount
          FROM ({rows}) each (at, currency, category, kind, amount) GROUP BY 1, 2, 3, 4) changed
    CROSS JOIN (VALUES ('month'), ('day')) lengths (length)
    JOIN LATERAL (SELECT id, ends_at FROM credits_closedperiod closed
                  WHERE closed.length = lengths.length AND closed.starts_at <= changed.at
                  ORDER BY starts_at DESC LIMIT 1) period ON period.ends_at > changed.at
    GROUP BY 1, 2, 3, 4 HAVING sum(changed.amount) <> 0;
"""
_ENTRIES = """
    SELECT entry.at, entry.currency, grant_.category, entry.kind, {amount}
    FROM {entries} entry JOIN {grants} grant_ ON grant_.id = entry.grant_id
"""


_COME = _ENTRIES.format(entries="new_rows", grants="credits_creditgrant", amount="entry.amount")
_GONE = _ENTRIES.format(entries="old_rows", grants="credits_creditgrant", amount="-entry.amount")
_GONE_WITH_GRANTS = _ENTRIES.format(entries="credits_creditentry", grants="old_rows", amount="-entry.amount")
_LIES_IN_ONE = "EXISTS (SELECT FROM {rows} WHERE at < (SELECT max(ends_at) FROM credits_closedperiod))"


def correct_closed_on_insert() -> pgtrigger.Trigger:
    """For entries: adds those that come with a time in a closed period. Those of today write nothing.

    Nothing but coming and going changes what a period comes to: the time, kind and amount of an entry are frozen, and
    so is a grant's category.
    """
    return pgtrigger.Trigger(
        name="correct_closed_on_insert",
        level=pgtrigger.Statement,
        operation=pgtrigger.Insert,
        when=pgtrigger.After,
        referencing=pgtrigger.Referencing(new="new_rows"),
        func=f"""
            IF {_LIES_IN_ONE.format(rows="new_rows")} THEN
                {_CORRECT.format(rows=_COME)}
            END IF;
            RETURN NULL;
        """,
    )


def correct_closed_on_delete(*, with_grants: bool = False) -> pgtrigger.Trigger:
    """For entries, or for grants (`with_grants`): subtracts the entries that go.

    A client's deletion takes out grants before their entries. So what is done for grants counts the entries that are
    still there, and what is done for entries those whose grant is.
    """
    return pgtrigger.Trigger(
        name="correct_closed_on_delete",
        level=pgtrigger.Statement,
        operation=pgtrigger.Delete,
        when=pgtrigger.After,
        referencing=pgtrigger.Referencing(old="old_rows"),
        func=f"{_CORRECT.format(rows=_GONE_WITH_GRANTS if with_grants else _GONE)} RETURN NULL;",
    )
