"""Adding money that came in, and attaching money of nobody to its client."""

import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from billing_admin.money.amounts import smallest_unit
from billing_admin.web.form_fields import AmountField, CurrencyChoiceField, DateField, KeyField, read_amount
from clients.forms import ClientField
from clients.models import Client
from invoices.models import Invoice
from transactions.models import PaymentMethod
from transactions.selectors.invoice_numbers import invoices_numbered, split_numbers

from .record import not_yet_to_come


class _ForClient(forms.Form):
    """Whose money it is and what it is for: invoices in order, or credit."""

    client = ClientField(error_messages={"required": "Say whose money it is."})
    invoices = forms.CharField(
        required=False,
        max_length=500,
        label="Invoice numbers",
        help_text="In the order that they are paid; more than they take becomes credit.",
    )
    as_credit = forms.BooleanField(required=False, label="Add as credit: it pays no invoice now")

    def __init__(self, *args: Any, client: Client | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner = client
        if client is not None:
            del self.fields["client"]

    def read_purpose(self, cleaned: dict[str, Any]) -> None:
        """Put `owner` and `invoice_rows` into the cleaned data, or an error beside what is wrong."""
        owner = self.owner or cleaned.get("client")
        cleaned["owner"] = owner
        cleaned["invoice_rows"] = []
        if "client" in self.errors:
            return
        numbers = split_numbers(cleaned.get("invoices", ""))
        if owner is None:
            if numbers or cleaned.get("as_credit"):
                self.add_error("client", "Say whose invoices or credit it is, or leave all of it for later.")
        elif numbers and cleaned.get("as_credit"):
            self.add_error(
                "as_credit", "Name invoices, or add it as credit. What invoices leave of it becomes credit by itself."
            )
        elif not numbers and not cleaned.get("as_credit"):
            self.add_error("invoices", "Name the invoices that it pays, or tick Add as credit.")
        else:
            cleaned["invoice_rows"] = self._named(numbers, owner)

    def _named(self, numbers: list[str], owner: Client) -> list[Invoice]:
        rows = []
        for number in numbers:
            found = invoices_numbered(number, owner)
            if len(found) == 1:
                rows.append(found[0])
            elif found:
                self.add_error("invoices", f"“{number}” may be {' or '.join(row.label for row in found)}.")
            else:
                self.add_error("invoices", f"{owner.name} has no invoice “{number}”.")
        return rows


class AddTransactionForm(_ForClient):
    """Money that came in. Without a client it stays unattached until staff find out whose it is."""

    amount = AmountField()
    currency = CurrencyChoiceField()
    date = DateField(
        error_messages={"required": "Give the day that the money came in.", "invalid": "Give a date as 2026-11-30."}
    )
    payment_method = forms.ModelChoiceField(
        PaymentMethod.objects.none(), empty_label=None, error_messages={"required": "Choose how it was paid."}
    )
    reference = forms.CharField(
        required=False, max_length=200, help_text="The bank’s or gateway’s own. It counts once per method."
    )
    fees = AmountField(required=False, help_text="What the gateway kept of it.")
    description = forms.CharField(required=False, max_length=500)
    key = KeyField()

    def __init__(self, *args: Any, client: Client | None = None, **kwargs: Any) -> None:
        super().__init__(*args, client=client, **kwargs)
        self.initial = {"date": timezone.localdate(), **self.initial}
        currency = self.fields["currency"]
        assert isinstance(currency, CurrencyChoiceField)
        currency.choices = currency.ordered([client.currency] if client else [])
        if client is None:
            currency.choices = [("", "The client’s"), *currency.ordered([])]
            currency.required = False
            self.fields["client"].required = False
            self.fields["client"].help_text = "Name, number, e-mail address, phone or tax ID. Empty: not known yet."
        methods = self.fields["payment_method"]
        assert isinstance(methods, forms.ModelChoiceField)
        methods.queryset = PaymentMethod.objects.filter(active=True).order_by("pk")
        if not self.is_bound:
            self.fields["client" if client is None else "amount"].widget.attrs["autofocus"] = True

    def clean_date(self) -> datetime.date:
        return not_yet_to_come(self.cleaned_data["date"], "came in")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        owner = self.owner or cleaned.get("client")
        currency = cleaned.get("currency") or (owner.currency if owner else "")
        if not currency and not {"currency", "client"} & set(self.errors):
            self.add_error("currency", "Choose the currency: there is no client to take it from.")
        minimum = smallest_unit(currency) if currency else None
        cleaned["money"] = read_amount(self, "amount", currency, minimum=minimum)
        cleaned["fees_money"] = read_amount(self, "fees", currency, minimum=Decimal(0))
        self.read_purpose(cleaned)
        return cleaned


class AttachForm(_ForClient):
    """Whose money it is after all, and what it is for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.fields["invoices" if self.initial.get("client") else "client"].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.read_purpose(cleaned)
        return cleaned
