"""What the lists of credit are narrowed down to."""

import datetime
from typing import Any

from django.db.models import QuerySet

from billing_admin.db.days import end_of, start_of
from billing_admin.web.filter_kinds import (
    AmountFilter,
    ChoiceFilter,
    Choices,
    DayFilter,
    HiddenFilter,
    LinksFilter,
    currency_choices,
)
from billing_admin.web.filters import Filters
from credits.models import CreditEntry, CreditGrant
from credits.selectors.liability import currencies_held


class HolderFilters(Filters):
    """By currency."""

    currency = LinksFilter("Currency", everything="All currencies", least=2)

    def choices(self) -> dict[str, Choices]:
        return {"currency": currency_choices(currencies_held(), self.data)}


class EntryFilters(Filters):
    """By kind, category, day, currency and amount."""

    kind = ChoiceFilter("Kind", CreditEntry.Kind.choices, everything="All kinds")
    category = ChoiceFilter(
        "Category", CreditGrant.Category.choices, everything="All categories", field_name="grant__category"
    )
    # `from` is a word of the language, so that no attribute of a class can be called that.
    locals()["from"] = DayFilter("at", "gte", "From", before="From", method="since")
    to = DayFilter("at", "lt", "To", before="to", method="until")
    currency = ChoiceFilter("Currency", everything="All currencies", least=2)
    amount_from = AmountFilter("amount", "gte", "Amount")
    amount_to = AmountFilter("amount", "lte", "Amount")

    def choices(self) -> dict[str, Choices]:
        return {"currency": currency_choices(currencies_held(), self.data)}

    def since(self, entries: QuerySet[CreditEntry], name: str, day: datetime.date) -> QuerySet[CreditEntry]:
        """From the first moment of a day."""
        return entries.filter(at__gte=start_of(day))

    def until(self, entries: QuerySet[CreditEntry], name: str, day: datetime.date) -> QuerySet[CreditEntry]:
        """To the last moment of a day."""
        return entries.filter(at__lt=end_of(day))


class TabFilters(Filters):
    """Which list of one client's credit is shown, and on which day the balance is asked for."""

    show = HiddenFilter("List", [("ledger", "Ledger")], method="as_it_is")
    on = DayFilter("at", "lt", "Balance on", before="Balance on", method="as_it_is")

    # Never set in that sense: the day does not narrow down what was given, and an empty list says so on any day.
    narrowed = False
    has_chips = False

    def as_it_is(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """Both only choose what is shown besides: the rows stay as they are."""
        return rows


class LedgerFilters(TabFilters):
    """The same for the ledger, of which only entries up to that day are listed."""

    on = DayFilter("at", "lt", "Balance on", before="Balance on", method="until")

    def until(self, entries: QuerySet[CreditEntry], name: str, day: datetime.date) -> QuerySet[CreditEntry]:
        """To the last moment of a day."""
        return entries.filter(at__lt=end_of(day))
