"""The invoice or draft and its lines, as typed."""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils import timezone
from django.utils.functional import lazy
from djmoney.money import Money

from billing_admin.money.amounts import amount_text
from billing_admin.web.form_fields import CurrencyChoiceField, DateField, KeyField
from billing_admin.web.seen_form import see_again
from clients.models import Client, CreditUse
from clients.models.client import LONGEST_PO_NUMBER
from credits.selectors.balances import balances_of
from invoices.forms.line_order import MOST_LINES
from invoices.forms.lines import LineForm
from invoices.models import Invoice, TaxSettings
from invoices.models.as_issued import LONGEST_REFERENCE
from invoices.selectors.credit_use import rule_of_client
from invoices.selectors.tax import UsualTax, plain_rate
from invoices.services.drafts import lines_differing
from invoices.services.issue import PAYMENT_TERM, NewLine

if TYPE_CHECKING:
    _LineFormSet = forms.BaseFormSet[LineForm]
else:
    _LineFormSet = forms.BaseFormSet

# How many empty lines the form begins with.
EMPTY_LINES = 3


# A draft can be made with lines of both kinds: by a duplicate of what a run billed.
MIXED = "mixed"
PRICES = (("excluded", "Tax is added to them"), ("included", "They include tax"))


_SAID_ONCE = ("due_on", "credit_use", "notes", "po_number", "buyer_reference")


class InvoiceForm(forms.Form):
    """What is said once about an invoice."""

    currency = CurrencyChoiceField()
    prices = forms.ChoiceField(choices=PRICES)
    due_on = DateField(required=False, label="Due on")
    credit_use = forms.ChoiceField(label="Automatic use of credit", required=False)
    notes = forms.CharField(
        required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2}), help_text="For staff; not printed."
    )
    po_number = forms.CharField(
        required=False, max_length=LONGEST_PO_NUMBER, label="Purchase order", help_text="Printed on the invoice."
    )
    buyer_reference = forms.CharField(
        required=False, max_length=LONGEST_REFERENCE, help_text="What the client’s accounts asked for; printed, too."
    )
    key = KeyField()

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["po_number"].initial = client.po_number
        self.fields["buyer_reference"].initial = client.buyer_reference
        currency, credit_use = self.fields["currency"], self.fields["credit_use"]
        assert isinstance(currency, CurrencyChoiceField)
        assert isinstance(credit_use, forms.ChoiceField)
        # Looked up where they are shown, not where the form is only read.
        currency.choices = cache(lambda: currency.ordered(balance.currency.code for balance in balances_of(client)))
        credit_use.choices = [("", lazy(lambda: rule_of_client(client).text, str)()), *CreditUse.choices]
        self.fields["prices"].initial = cache(lambda: PRICES[TaxSettings.objects.current().prices_include_tax][0])
        last = timezone.localdate() + PAYMENT_TERM
        self.fields[
            "due_on"
        ].help_text = f"Empty: {PAYMENT_TERM.days} days after it is issued, {last:%-d %b %Y} if that is today."

    def clean_notes(self) -> str:
        """Browsers send line ends as two characters; they are kept as one."""
        return str(self.cleaned_data["notes"]).replace("\r\n", "\n")

    @property
    def tax_included(self) -> bool | None:
        """Whether the prices typed include tax; as the system says until one was chosen. None: each line says."""
        chosen = self.cleaned_data.get("prices") if self.is_bound else self["prices"].value()
        return None if chosen == MIXED else str(chosen or self["prices"].initial) == "included"

    def clean_due_on(self) -> datetime.date | None:
        due_on: datetime.date | None = self.cleaned_data["due_on"]
        if due_on is not None and due_on != self.initial.get("due_on") and due_on < timezone.localdate():
            raise forms.ValidationError(f"{due_on:%-d %b %Y} is past; give today or a later day.")
        return due_on


class DraftForm(InvoiceForm):
    """The same of a draft: it keeps its currency, and the form says which version of it staff saw."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    key = None  # type: ignore[assignment]  # a draft is changed once by its version

    def __init__(self, *args: Any, client: Client, invoice: Invoice, **kwargs: Any) -> None:
        super().__init__(*args, client=client, **kwargs)
        currency = self.fields["currency"]
        currency.disabled = True
        currency.help_text = "Duplicate or delete the draft for another currency."
        included = set(invoice.lines.values_list("tax_included", flat=True))
        prices = self.fields["prices"]
        assert isinstance(prices, forms.ChoiceField)
        if len(included) > 1:
            prices.choices = [(MIXED, "As each line has it"), *PRICES]
        self.initial = {
            "currency": invoice.currency,
            "prices": MIXED if len(included) > 1 else PRICES[True in included][0],
            "due_on": invoice.due_on,
            "credit_use": invoice.credit_use,
            "notes": invoice.notes,
            "po_number": invoice.po_number,
            "buyer_reference": invoice.buyer_reference,
            "seen": invoice.version,
        }

    def look_again(self, current: Invoice, typed: Sequence[NewLine]) -> None:
        """Take `current` for seen from now on; say what of it, and which of its lines, differ from what was typed."""
        stored = {name: getattr(current, name) for name in _SAID_ONCE}
        differing = {name: value for name, value in stored.items() if self.cleaned_data[name] != value}
        for text in lines_differing(current, typed):
            self.add_error(None, text)
        see_again(self, current.version, differing)


class InvoiceLines(_LineFormSet):
    """The lines; those left empty do not count."""

    def typed(self) -> list[LineForm]:
        """The lines that something was typed into."""
        return [line for line in self.forms if line.has_changed()]

    @property
    def may_grow(self) -> bool:
        """Whether one more line may be added."""
        return self.total_form_count() < MOST_LINES

    def focus(self, number: int) -> None:
        """Let the person begin to type in this line."""
        self.forms[number].fields["description"].widget.attrs["autofocus"] = True

    def sums(self) -> tuple[Money, Money] | None:
        """Subtotal and tax of the lines that are right so far; None where none is."""
        right = [line.figures for line in self.forms if line.figures is not None]
        if not right:
            return None
        nothing = Money(Decimal(0), right[0].amount.currency)
        return sum((line.amount for line in right), nothing), sum((line.tax for line in right), nothing)


def problems(form: InvoiceForm, lines: InvoiceLines) -> list[tuple[str, str, str]]:
    """Every error as `(id of the field, its name, text)`, for the summary on top; id and name may be empty."""
    found = [
        (line[name].id_for_label, f"Line {number}, {str(line[name].label).lower()}", str(text))
        for number, line in enumerate(lines.forms, start=1)
        for name, texts in line.errors.items()
        for text in texts
    ]
    found += [("", "", str(text)) for text in lines.non_form_errors()]
    for name, texts in form.errors.items():
        shown = name in form.fields and not form[name].is_hidden
        place = (form[name].id_for_label, str(form[name].label)) if shown else ("", "")
        found += [(*place, str(text)) for text in texts]
    return found


def lines_formset(
    data: Any = None,
    *,
    client: Client,
    currency: str = "",
    tax_included: bool | None = False,
    usual: UsualTax,
    draft: Invoice | None = None,
) -> InvoiceLines:
    """The lines of the form: those of the draft or three empty ones to begin with, as many as were sent after that."""
    stored = _stored(draft) if draft is not None and data is None else []
    factory = forms.formset_factory(
        LineForm,
        formset=InvoiceLines,
        extra=0 if stored else EMPTY_LINES,
        max_num=MOST_LINES,
        absolute_max=MOST_LINES,
    )
    about = {
        "currency": currency or client.currency,
        "usual": usual,
        "tax_exempt": client.tax_exempt,
        "tax_included": tax_included,
    }
    return cast("InvoiceLines", factory(data, initial=stored, prefix="line", form_kwargs=about))


def _stored(draft: Invoice) -> list[dict[str, str]]:
    """The lines of a draft as they would be typed."""
    lines = list(draft.lines.order_by("position"))
    differ = len({line.tax_included for line in lines}) > 1
    return [
        {
            "included": str(int(line.tax_included)) if differ else "",
            "description": line.description,
            "quantity": plain_rate(line.quantity),
            "unit_price": amount_text(line.unit_price.amount, line.currency).replace(",", ""),
            "tax_rate": plain_rate(line.tax_rate),
            "unit": line.unit,
            "tax_category": "" if line.tax_category == "S" else line.tax_category,
        }
        for line in lines
    ]
