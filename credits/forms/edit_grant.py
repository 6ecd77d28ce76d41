"""What a grant says, why an entry is undone, and how the system uses credit."""

from typing import Any

from django import forms

from billing_admin.web.form_fields import AmountsField, DateField
from clients.models import CreditUse
from credits.models import CreditGrant


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


class SettingsForm(forms.Form):
    """How the whole system uses credit."""

    credit_use = forms.ChoiceField(
        choices=CreditUse,
        label="Automatic use of credit",
        widget=forms.RadioSelect,
        help_text="When an invoice is issued. A client or an invoice may say otherwise.",
    )


class LimitsForm(forms.Form):
    """Above which amounts credit given by hand is asked about."""

    largest_grants = AmountsField(
        required=False,
        max_length=4_000,
        label="Largest credit given without asking",
        help_text="One amount a line with its currency, as 1000.00 USD. A currency that is not named has no limit.",
    )

    def __init__(self, *args: Any, limits: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"largest_grants": "\n".join(f"{amount} {code}" for code, amount in sorted(limits.items()))}
