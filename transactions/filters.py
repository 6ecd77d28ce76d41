"""What the Transactions list is narrowed down to."""

from typing import Any

from django.db.models import QuerySet

from billing_admin.money.currencies import CURRENCIES
from billing_admin.web.filter_kinds import (
    AmountFilter,
    ChoiceFilter,
    Choices,
    DayFilter,
    LinksFilter,
    SearchFilter,
    currency_choices,
)
from billing_admin.web.filters import Filters
from clients.models import Client
from transactions.models import Transaction
from transactions.selectors import lists


class _MovedFilter(AmountFilter):
    """What came in, or what went out where that is listed."""

    @property
    def column(self) -> str:
        return "amount_out" if self.parent.form.cleaned_data.get("show") == "out" else "amount_in"


class TransactionFilters(Filters):
    """By direction, reference, invoice or client, method, currency, day and amount."""

    beside_amounts = frozenset({"currency", "show"})

    show = LinksFilter("Direction", method="in_direction")
    q = SearchFilter("Reference, invoice or client")
    method = ChoiceFilter("Method", everything="All methods", field_name="payment_method", can_be_not=True)
    currency = ChoiceFilter("Currency", everything="All currencies", least=2, can_be_not=True, every=CURRENCIES)
    since = DayFilter("date", "gte", "From", before="From")
    until = DayFilter("date", "lte", "To", before="to")
    amount_from = _MovedFilter("amount_in", "gte", "Amount")
    amount_to = _MovedFilter("amount_in", "lte", "Amount")

    def __init__(self, data: Any, queryset: QuerySet[Transaction], client: Client | None = None) -> None:
        super().__init__(data, queryset, client)
        if client is not None:
            self.filters["q"].look_for("Reference or invoice")
            del self.filters["amount_from"], self.filters["amount_to"]  # no index has those of one client

    def choices(self) -> dict[str, Choices]:
        directions = [("in", "In"), ("out", "Out"), ("unattached", "Unattached")]
        return {
            "show": directions if self.client is None else directions[:2],
            "method": [(method.pk, method.name) for method in lists.payment_methods()],
            "currency": currency_choices(lists.currencies_in_use(self.client), self.data),
        }

    def in_direction(self, found: QuerySet[Transaction], name: str, direction: str) -> QuerySet[Transaction]:
        """What only moved inside the house is neither in nor out."""
        if direction == "unattached":
            return found.filter(client_number=None)
        return found.filter(**{f"amount_{direction}__gt": 0}).exclude(kind=Transaction.Kind.MOVED)

    def search(self, found: QuerySet[Transaction], name: str, text: str) -> QuerySet[Transaction]:
        """By the beginning of a reference, the number of an invoice, or what a client is searched by."""
        everybody, beside = self.client is None, self.sees_clients
        return found.filter(lists.transactions_matching(text, everybody=everybody, beside=beside))
