"""Adding a client and editing its profile."""

import datetime
from decimal import Decimal
from typing import Any

from django import forms

from billing_admin.web.form_fields import CountryField, CurrencyChoiceField, KeyField, PlainDecimalField
from clients.models import Client, CreditUse
from clients.selectors.lists import groups

PROFILE_FIELDS = (
    "first_name", "last_name", "company_name", "email", "phone", "tax_id", "address_1", "address_2", "city", "region",
    "postcode", "country", "currency", "group", "tax_exempt", "tax_rate", "credit_use", "language",
)  # fmt: skip


class ProfileForm(forms.ModelForm):
    """The profile. Carries when staff saw it, so that a change made meanwhile is not overwritten unseen."""

    # A name is all that is asked for; saying "optional" at every other field would be noise.
    mostly_optional = True

    country = CountryField(required=False)
    currency = CurrencyChoiceField(
        initial="USD", help_text="What new invoices and credit are in unless said otherwise."
    )
    credit_use = forms.ChoiceField(
        label="Automatic use of credit",
        required=False,
        choices=[("", "As the system is set"), *CreditUse.choices],
    )
    tax_rate = PlainDecimalField(
        places=3,
        largest=Decimal(100),
        required=False,
        label="Tax rate, %",
        help_text="Empty: the rate of the country.",
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Client
        fields: tuple[str, ...] = (*PROFILE_FIELDS, "status")

    def __init__(self, *args: Any, read_only: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen"] = self.instance.updated_at.isoformat()
            if self.instance.tax_rate is not None:
                self.initial["tax_rate"] = f"{self.instance.tax_rate.normalize():f}"
        group = self.fields["group"]
        assert isinstance(group, forms.ModelChoiceField)
        group.empty_label = "No group"
        group.queryset = groups()
        for field in self.fields.values():
            field.disabled = read_only

    def clean_seen(self) -> datetime.datetime | None:
        """When the profile on the form was last changed."""
        if not self.instance.pk:
            return None
        try:
            return datetime.datetime.fromisoformat(self.cleaned_data["seen"])
        except ValueError:
            self.add_error(None, "This form is not as it was sent out. Open the Profile again.")
            return None

    def look_again(self, current: Client) -> None:
        """Take `current` for seen from now on, and say where what is stored differs from what is on the form."""
        self.data = {**self.data.dict(), "seen": current.updated_at.isoformat()}  # type: ignore[attr-defined]
        differing = [name for name, value in self.changes().items() if getattr(current, name) != value]
        if differing:
            stored = ", ".join(f"{self.fields[name].label} {_shown(current, name)}" for name in differing)
            self.add_error(None, f"Stored now, and different on this form: {stored}.")
        self.add_error(None, "Save Changes again to store what is on the form.")

    def changes(self) -> dict[str, Any]:
        """Profile fields as they are to be."""
        return {name: value for name, value in self.cleaned_data.items() if name in self._meta.fields}  # type: ignore[operator]


def _shown(client: Client, name: str) -> str:
    """A profile field in words."""
    display = getattr(client, f"get_{name}_display", None)
    value = display() if display else getattr(client, name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"“{value}”" if value not in ("", None) else "empty"


class AddClientForm(ProfileForm):
    """A new client. That it may share an e-mail address with another is ticked when staff are asked about it."""

    key = KeyField()
    add_anyway = forms.BooleanField(required=False, label="Add anyway")

    class Meta(ProfileForm.Meta):
        fields = PROFILE_FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.duplicates: list[Client] = []
        # A form that comes back refused leaves the focus to what is wrong with it.
        if not self.is_bound:
            self.fields["first_name"].widget.attrs["autofocus"] = True
