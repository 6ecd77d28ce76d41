"""What the lists of credit are narrowed down to."""

import datetime

from django.db.models import QuerySet

from billing_admin.db.days import end_of, start_of
from billing_admin.money.currencies import CURRENCIES
from billing_admin.web.filters import ChoiceFilter, Choices, DayFilter, Filters, HiddenFilter, LinksFilter
from credits.models import CreditEntry, CreditGrant
from credits.selectors.liability import currencies_held


class HolderFilters(Filters):
    """By currency."""

    currency = LinksFilter("Currency", everything="All currencies", least=2)

    def choices(self) -> dict[str, Choices]:
        return {"currency": [(code, code) for code in currencies_held()]}


class EntryFilters(Filters):
    """By kind, category, day and, from the figures of Credit Liability, currency."""

    kind = ChoiceFilter("Kind", CreditEntry.Kind.choices, everything="All kinds")
    category = ChoiceFilter(
        "Category", CreditGrant.Category.choices, everything="All categories", field_name="grant__category"
    )
    # `from` is a word of the language, so that no attribute of a class can be called that.
    locals()["from"] = DayFilter("at", "gte", "From", method="since")
    to = DayFilter("at", "lt", "To", method="until")
    currency = HiddenFilter("Currency", [(code, code) for code in CURRENCIES])

    def since(self, entries: QuerySet[CreditEntry], name: str, day: datetime.date) -> QuerySet[CreditEntry]:
        """From the first moment of a day."""
        return entries.filter(at__gte=start_of(day))

    def until(self, entries: QuerySet[CreditEntry], name: str, day: datetime.date) -> QuerySet[CreditEntry]:
        """To the last moment of a day."""
        return entries.filter(at__lt=end_of(day))
