"""What is added up at most once a minute, for whoever watches the installation."""

import datetime
from collections.abc import Callable, Iterable
from decimal import Decimal

from django.db import models
from django.db import transaction as db_transaction
from django.db.models import Q
from django.utils import timezone

KEPT_FOR = datetime.timedelta(minutes=1)


class FiguresManager(models.Manager["Figures"]):
    @db_transaction.atomic
    def renew(self, held: Callable[[], Iterable[tuple[str, Decimal]]]) -> bool:
        """Add them up where they are a minute old and nobody else is at that; returns whether they were."""
        if not self.exists():
            self.bulk_create([Figures()], ignore_conflicts=True)
        old = Q(at=None) | Q(at__lt=timezone.now() - KEPT_FOR)
        figures = self.select_for_update(skip_locked=True).filter(old).first()
        if figures is None:
            return False
        figures.held = {currency: str(amount) for currency, amount in held()}
        figures.at = timezone.now()
        figures.save(update_fields=["held", "at"])
        return True


class Figures(models.Model):
    """One row, or none before a queue worker added anything up. `held`: credit per currency, as text, to the cent."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    held = models.JSONField(default=dict)
    at = models.DateTimeField(null=True)

    objects = FiguresManager()

    class Meta:
        default_permissions = ()
        verbose_name_plural = "figures"
        constraints = (models.CheckConstraint(name="one_row_of_figures", condition=Q(id=1)),)

    def __str__(self) -> str:
        return f"Figures of {self.at}"
