"""SQL functions of ours as Django expressions; `migrations/0001_database.py` creates them."""

from django.db.models import CheckConstraint, F, Func, IntegerField, Q, TextField
from django.db.models.functions import Round
from django.db.models.lookups import IsNull


class MinorUnits(Func):
    """How many places a currency has; NULL for a code that is not in use."""

    function = "minor_units"
    arity = 1
    output_field = IntegerField()


class SearchFold(Func):
    """Text as the search compares it: upper case, without accents, so that `munoz` finds `Muñoz`."""

    function = "search_fold"
    arity = 1
    output_field = TextField()


def exact_places(name: str, *columns: str) -> CheckConstraint:
    """The row's currency is in use and no amount has more places than it has: never 0.001 USD, never 0.5 JPY."""
    condition = Q(IsNull(MinorUnits(F("currency")), False))
    for column in columns:
        condition &= Q(**{column: Round(F(column), precision=MinorUnits(F("currency")))})  # type: ignore[arg-type]
    return CheckConstraint(name=name, condition=condition)
