"""Adding a client and editing its profile."""

from decimal import Decimal
from typing import Any

from django import forms

from billing_admin.errors import BusinessError
from billing_admin.rights import missing_rights
from billing_admin.web.form_fields import (
    CountryField,
    CurrencyChoiceField,
    KeyField,
    LanguageField,
    PlainDecimalField,
    add_error,
)
from billing_admin.web.seen_form import SeenForm
from clients.models import Client, CreditUse
from clients.models.client import EInvoice, Exemption
from clients.models.custom_field import PREFIX, as_text
from clients.selectors.custom_fields import custom_fields
from clients.selectors.lists import groups
from invoices.documents.codes import check_electronic_address, scheme_choices

from .custom_fields import form_field

PROFILE_FIELDS = (
    "first_name", "last_name", "company_name", "email", "phone", "tax_id", "address_1", "address_2", "city", "region",
    "postcode", "country", "currency", "group", "tax_exempt", "tax_rate", "credit_use", "language",
    "po_number", "registration", "electronic_scheme", "electronic_address", "buyer_reference", "exemption",
    "exemption_reason", "e_invoice", "no_mail",
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
    language = LanguageField(required=False)
    electronic_scheme = forms.ChoiceField(required=False, choices=scheme_choices, label="Kind of electronic address")
    e_invoice = forms.ChoiceField(
        required=False,
        label="E-invoice",
        choices=[("", "Not needed"), *EInvoice.choices],
        help_text="Who needs one gets no invoice issued before it can be one.",
    )
    exemption = forms.ChoiceField(required=False, label="Why exempt", choices=[("", "Not said"), *Exemption.choices])
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

    def __init__(self, *args: Any, read_only: bool = False, may_close: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            stored = {name: getattr(self.instance, name) for name in (*PROFILE_FIELDS, "status")}
            self.show_stored(stored | self._add_custom_fields())
        language, group = self.fields["language"], self.fields["group"]
        assert isinstance(language, LanguageField)
        language.keep(self.instance.language)
        assert isinstance(group, forms.ModelChoiceField)
        group.empty_label = "No group"
        group.queryset = groups()
        for field in self.fields.values():
            field.disabled = read_only
        if not may_close:
            self._keep_open_or_closed()

    def _keep_open_or_closed(self) -> None:
        """The status as far as a profile's editor may set it: closing and opening again need a right of their own."""
        status = self.fields["status"]
        assert isinstance(status, forms.ChoiceField)
        if self.instance.status == Client.Status.CLOSED:
            status.disabled = True
            return
        status.choices = [(value, label) for value, label in Client.Status.choices if value != Client.Status.CLOSED]
        status.error_messages["invalid_choice"] = missing_rights(["clients.close_client"])

    def _add_custom_fields(self) -> dict[str, str]:
        """A field for each that the installation defines. Returns what is stored of them."""
        stored = {}
        for field in custom_fields():
            value = self.instance.custom.get(str(field.pk), "")
            self.fields[field.field_name] = form_field(field, value)
            stored[field.field_name] = value
        return stored

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("tax_exempt"):  # what is not shown counts for nothing
            cleaned |= {"exemption": "", "exemption_reason": ""}
        try:
            check_electronic_address(cleaned.get("electronic_scheme", ""), cleaned.get("electronic_address", ""))
        except BusinessError as error:
            add_error(self, error)
        return cleaned

    @property
    def custom(self) -> list[forms.BoundField]:
        """The fields that the installation defines."""
        return [self[name] for name in self.fields if name.startswith(PREFIX)]

    def changes(self) -> dict[str, Any]:
        """Profile fields as they are to be."""
        fields = self._meta.fields or ()
        changes = {name: value for name, value in self.cleaned_data.items() if name in fields}
        return changes | {field.name: as_text(self.cleaned_data[field.name]) for field in self.custom}


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
