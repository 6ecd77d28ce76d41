"""A contact of a client, as typed."""

from typing import Any

from django import forms

from billing_admin.web.form_fields import KeyField
from billing_admin.web.seen_form import SeenForm
from clients.models import Contact, ContactRole
from clients.services.contacts import CONTACT_FIELDS, details_of


class ContactForm(forms.Form):
    """Who it is, and what the contact is for."""

    first_name = forms.CharField(required=False, max_length=100)
    last_name = forms.CharField(required=False, max_length=100)
    email = forms.EmailField(
        label="E-mail address", max_length=254, error_messages={"required": "Give an e-mail address."}
    )
    phone = forms.CharField(required=False, max_length=40)
    roles = forms.MultipleChoiceField(
        required=False, choices=ContactRole, widget=forms.CheckboxSelectMultiple, label="What for"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.fields["first_name"].widget.attrs["autofocus"] = True

    def details(self) -> dict[str, Any]:
        """What the service keeps."""
        return {name: self.cleaned_data[name] for name in CONTACT_FIELDS}


class AddContactForm(ContactForm):
    """A new one."""

    key = KeyField()


class EditContactForm(SeenForm, ContactForm):
    """One that is there."""

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.show_stored(details_of(contact))
