"""A credit note, as typed: the whole invoice, or what of which line."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField

from billing_admin.money.amounts import smallest_unit
from billing_admin.web.form_fields import AmountField, KeyField, PlainDecimalField, read_amount
from invoices.models import Invoice
from invoices.selectors.credit_notes import LineLeft
from invoices.services.credit_note_refunds import RefundOrder, RefundTo
from invoices.services.credit_notes import CreditLine

from .lines import LARGEST_QUANTITY

WHOLE, LINES = "whole", "lines"


class CreditNoteForm(forms.Form):
    """What is credited, why, and what is given back first where credit and payments settled it."""

    scope = forms.ChoiceField(
        label="What is credited",
        choices=[(WHOLE, "Everything that is left of the invoice"), (LINES, "Some lines, or part of them")],
        widget=forms.RadioSelect,
        initial=WHOLE,
    )
    reason = forms.CharField(
        max_length=500,
        error_messages={"required": "Say why it is credited."},
        help_text="On the credit note: the client reads it.",
    )
    # Both are there only where there is something to choose, and then somebody has chosen: what was settled while the
    # form was open is not given back unasked.
    order = forms.ChoiceField(
        label="Give back first",
        choices=RefundOrder,
        error_messages={"required": "The invoice was settled meanwhile. Say what is given back first."},
    )
    refund_to = forms.ChoiceField(
        label="Payments go back",
        choices=RefundTo,
        error_messages={"required": "The invoice was paid meanwhile. Say where payments go back to."},
    )
    key = KeyField()

    def __init__(self, *args: Any, invoice: Invoice, left: list[LineLeft], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invoice = invoice
        self.left = left
        # What was chosen stays a choice when the form comes again, though nothing is settled any more.
        if "order" not in self.data and not (invoice.credit_applied.amount and invoice.amount_paid.amount):
            del self.fields["order"]
        if "refund_to" not in self.data and not invoice.amount_paid.amount:
            del self.fields["refund_to"]
        for each in left:
            name = f"Line {each.line.position}"
            self.fields[f"quantity_{each.line.pk}"] = PlainDecimalField(
                places=4, largest=LARGEST_QUANTITY, required=False, label=f"{name}, quantity"
            )
            self.fields[f"amount_{each.line.pk}"] = AmountField(required=False, label=f"{name}, amount with tax")

    def rows(self) -> Iterator[tuple[LineLeft, BoundField, BoundField]]:
        """Each line with its two fields."""
        for each in self.left:
            yield each, self[f"quantity_{each.line.pk}"], self[f"amount_{each.line.pk}"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen = []
        for each in self.left:
            pk = each.line.pk
            gross = read_amount(
                self, f"amount_{pk}", self.invoice.currency, minimum=smallest_unit(self.invoice.currency)
            )
            quantity: Decimal | None = cleaned.get(f"quantity_{pk}")
            if gross is not None and quantity is not None:
                self.add_error(f"amount_{pk}", "Give a quantity or an amount, not both.")
            elif quantity == 0:
                self.add_error(f"quantity_{pk}", "Give a quantity above zero, or nothing.")
            elif gross is not None or quantity is not None:
                chosen.append(CreditLine(pk, quantity, gross))
        if cleaned.get("scope") == WHOLE and chosen:
            self.add_error("scope", "Lines were filled in; choose them, or empty their fields to credit everything.")
        if cleaned.get("scope") == LINES and not chosen and not self.errors:
            self.add_error("scope", "No line was filled in; give a quantity or an amount for one.")
        cleaned["lines"] = chosen
        return cleaned

    def lines(self) -> list[CreditLine] | None:
        """What the service credits: None is everything."""
        return None if self.cleaned_data["scope"] == WHOLE else self.cleaned_data["lines"]

    def chosen_refund(self) -> RefundTo:
        """Where payments go back to."""
        return RefundTo(self.cleaned_data.get("refund_to") or RefundTo.METHOD)

    def chosen_order(self) -> RefundOrder:
        """What is given back first."""
        return RefundOrder(self.cleaned_data.get("order") or RefundOrder.CREDIT_FIRST)
