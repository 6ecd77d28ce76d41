"""Adding a client and editing its profile."""

from decimal import Decimal
from typing import Any

from django import forms

from billing_admin.web.form_fields import CountryField, CurrencyChoiceField, KeyField, PlainDecimalField
from billing_admin.web.seen_form import SeenForm
from clients.models import Client, CreditUse
from clients.selectors.lists import groups

PROFILE_FIELDS = (
    "first_name", "last_name", "company_name", "email", "phone", "tax_id", "address_1", "address_2", "city", "region",
    "postcode", "country", "currency", "group", "tax_exempt", "tax_rate", "credit_use", "language",
    "po_number",
)  # fmt: skip


class ProfileForm(SeenForm, forms.ModelForm):
    """The profile."""

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

    class Meta:
        model = Client
        fields: tuple[str, ...] = (*PROFILE_FIELDS, "status")

    def __init__(self, *args: Any, read_only: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.show_stored({name: getattr(self.instance, name) for name in (*PROFILE_FIELDS, "status")})
        group = self.fields["group"]
        assert isinstance(group, forms.ModelChoiceField)
        group.empty_label = "No group"
        group.queryset = groups()
        for field in self.fields.values():
            field.disabled = read_only

    def changes(self) -> dict[str, Any]:
        """Profile fields as they are to be."""
        return {name: value for name, value in self.cleaned_data.items() if name in self._meta.fields}  # type: ignore[operator]


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
