"""Invoice runs: starting one, trying a client again, and the limits."""

from typing import Any

from django import forms

from billing_admin.web.form_fields import AmountsField, DateField, KeyField
from billing_admin.web.seen_form import SeenForm, reason_field
from invoices.models import RunLimits


class StartRunForm(forms.Form):
    """As of which day, and whether it only adds up."""

    as_of = DateField(
        label="As of",
        error_messages={"required": "Give a day.", "invalid": "Give a date as 2026-11-30."},
        help_text="Everything due by this day is billed, and the invoices are issued on it.",
    )
    dry_run = forms.BooleanField(
        required=False, label="Dry run first", help_text="Only adds up what would be billed, per currency."
    )
    key = KeyField()


class TryAgainForm(forms.Form):
    """Whether the limits count: a question only for those who may set them."""

    beyond_limits = forms.BooleanField(
        required=False, label="Bill it although it exceeds a limit", help_text="For what is meant to be that much."
    )

    def __init__(self, *args: Any, may_exceed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_exceed:
            del self.fields["beyond_limits"]


class RunLimitsForm(SeenForm):
    """From which figures on a run parks a client. Empty: no limit."""

    largest_totals = AmountsField(
        required=False,
        max_length=4_000,
        label="Largest total of an invoice",
        help_text="One amount a line with its currency, as 10000.00 USD. A currency that is not named has no limit.",
    )
    most_lines = forms.IntegerField(
        required=False, min_value=1, max_value=1_000_000, label="Most lines of an invoice", help_text="Empty: no limit."
    )
    oldest_days = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=100_000,
        label="Oldest period, in days before the run’s date",
        help_text="A start date typed with a wrong year is found by this. Empty: no limit.",
    )
    reason = reason_field()

    def __init__(self, *args: Any, limits: RunLimits, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.show_stored(limits.figures)
