"""The invoice and its lines, as typed."""

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils import timezone
from djmoney.money import Money

from billing_admin.form_fields import CurrencyChoiceField, DateField, KeyField
from clients.models import Client, CreditUse
from credits.selectors.balances import balances_of
from invoices.forms.lines import LineForm
from invoices.selectors.credit_use import rule_of_client
from invoices.services.issuing import PAYMENT_TERM

if TYPE_CHECKING:
    _LineFormSet = forms.BaseFormSet[LineForm]
else:
    _LineFormSet = forms.BaseFormSet

# More lines than this are not taken by hand.
MOST_LINES = 200

# How many empty lines the form begins with.
EMPTY_LINES = 3


class InvoiceForm(forms.Form):
    """What is said once about an invoice."""

    currency = CurrencyChoiceField()
    due_on = DateField(required=False, label="Due on")
    credit_use = forms.ChoiceField(label="Automatic use of credit", required=False)
    notes = forms.CharField(
        required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2}), help_text="For staff; not printed."
    )
    key = KeyField()

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        currency, credit_use = self.fields["currency"], self.fields["credit_use"]
        assert isinstance(currency, CurrencyChoiceField)
        assert isinstance(credit_use, forms.ChoiceField)
        currency.choices = currency.ordered(balance.currency.code for balance in balances_of(client))
        credit_use.choices = [("", f"{rule_of_client(client).text}"), *CreditUse.choices]
        last = timezone.localdate() + PAYMENT_TERM
        self.fields[
            "due_on"
        ].help_text = f"Empty: {PAYMENT_TERM.days} days after it is issued, {last:%-d %b %Y} if that is today."

    def clean_due_on(self) -> datetime.date | None:
        due_on: datetime.date | None = self.cleaned_data["due_on"]
        if due_on is not None and due_on < timezone.localdate():
            raise forms.ValidationError(f"{due_on:%-d %b %Y} is past; give today or a later day.")
        return due_on


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


def lines_formset(data: Any = None, *, client: Client, currency: str = "") -> InvoiceLines:
    """The lines of the form: three empty ones to begin with, as many as were sent after that."""
    factory = forms.formset_factory(
        LineForm, formset=InvoiceLines, extra=EMPTY_LINES, max_num=MOST_LINES, absolute_max=MOST_LINES
    )
    about = {"currency": currency or client.currency, "tax_exempt": client.tax_exempt}
    return cast("InvoiceLines", factory(data, prefix="line", form_kwargs=about))


def one_line_more(data: Any) -> Any:
    """What was sent, with one more empty line; as many as are taken by hand at most."""
    more = data.copy()
    sent = str(more.get("line-TOTAL_FORMS", ""))
    total = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 5 else 0
    added = min(total, MOST_LINES - 1)
    more["line-TOTAL_FORMS"] = str(added + 1)
    more.setdefault(f"line-{added}-quantity", "1")
    more.setdefault(f"line-{added}-tax_rate", "0")
    return more
