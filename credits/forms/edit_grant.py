"""What a grant says, why an entry is undone, and how the system uses credit."""

from typing import Any

from django import forms

from billing_admin.web.form_fields import AmountsField, DateField
from billing_admin.web.seen_form import SeenForm, reason_field
from clients.models import CreditUse
from credits.models import CreditGrant, CreditSettings


class EditGrantForm(forms.Form):
    """Description, last day and priority of a grant; what it gave never changes."""

    description = forms.CharField(max_length=500, error_messages={"required": "Say what the credit is for."})
    expires_on = DateField(required=False, label="Expires on", help_text="The last day it can be used. Empty: never.")
    priority = forms.IntegerField(
        min_value=0, max_value=1000, help_text="Credit with a lower number is used first; 50 is usual."
    )

    def __init__(self, *args: Any, grant: CreditGrant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {
            "description": grant.description,
            "expires_on": grant.expires_on,
            "priority": grant.priority,
        }


class ReasonForm(forms.Form):
    """Why something is undone; it stands on the ledger."""

    reason = forms.CharField(max_length=500, required=False, help_text="It stands on the ledger.")


class SettingsForm(SeenForm):
    """How the whole system uses credit."""

    credit_use = forms.ChoiceField(
        choices=CreditUse,
        label="Automatic use of credit",
        widget=forms.RadioSelect,
        help_text="When an invoice is issued. A client or an invoice may say otherwise.",
    )
    reason = reason_field()

    def __init__(self, *args: Any, current: CreditSettings, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.show_stored({"credit_use": current.credit_use})


class LimitsForm(SeenForm):
    """Above which amounts credit given by hand is asked about."""

    largest_grants = AmountsField(
        required=False,
        max_length=4_000,
        label="Largest credit given without asking",
        help_text="One amount a line with its currency, as 1000.00 USD. A currency that is not named has no limit.",
    )
    reason = reason_field()

    def __init__(self, *args: Any, limits: CreditSettings, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.show_stored({"largest_grants": limits.amounts})
