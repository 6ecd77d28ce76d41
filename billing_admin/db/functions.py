"""SQL functions of ours as Django expressions; migrations create them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db.models import CheckConstraint, DateField, F, Func, IntegerField, Q, TextField, Value
from django.db.models.functions import Coalesce, Greatest
from django.db.models.lookups import GreaterThanOrEqual


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


class SearchPairs(Func):
    """The Chinese, Japanese and Korean letters of a folded text, and each two that stand beside each other.

    By these a word of one or two of them is found within a longer name; an index of trigrams needs three letters.
    """

    function = "search_pairs"
    arity = 1
    output_field = ArrayField(TextField())


class NameWords(Func):
    """A name as the set of its folded words in alphabetical order: `Keller, Maria` is `Maria Keller`. NULL of none.

    Several expressions are joined by a space first.
    """

    template = "name_words(%(expressions)s)"
    arg_joiner = " || ' ' || "
    output_field = TextField()


class TypedInNote(Func):
    """All that was ever typed into a note, a line for each text: (text, history)."""

    function = "typed_in_note"
    arity = 2
    output_field = TextField()


class TypedInFields(Func):
    """What was typed into the fields that the installation defines, a line for each value: (custom)."""

    function = "typed_in_fields"
    arity = 1
    output_field = TextField()


class TypedInMerge(Func):
    """What a merge remembers of such fields of both clients, and of its note: (discarded_snapshot, journal)."""

    function = "typed_in_merge"
    arity = 2
    output_field = TextField()


class DocumentLabel(Func):
    """A document's number as it is printed, `INV-000123`: (prefix, number). NULL without a number."""

    function = "document_label"
    arity = 2
    output_field = TextField()


class DueDate(Func):
    """Date of the n-th period (from 0) of a billable item: (starts_on, cycle, n). Month ends come out right."""

    function = "due_date"
    arity = 3
    output_field = DateField()


def search_of_typed(column: str, *, name: str) -> GinIndex:
    """An index by which any part of what somebody typed into `column` is found; rows without a text are not in it."""
    return GinIndex(OpClass(F(column), name="gin_trgm_ops"), name=name, condition=~Q(**{column: ""}))


def exact_places(name: str, *columns: str) -> CheckConstraint:
    """The row's currency is in use and no amount has more places than it has: never 0.001 USD, never 0.5 JPY."""
    scales = [Func(F(column), function="min_scale", output_field=IntegerField()) for column in columns]
    most = Greatest(*scales) if len(scales) > 1 else scales[0]
    # An unknown currency has -1 places, which no amount fits.
    places = Coalesce(MinorUnits(F("currency")), Value(-1))
    return CheckConstraint(name=name, condition=Q(GreaterThanOrEqual(places, most)))
