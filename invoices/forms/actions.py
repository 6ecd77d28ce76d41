"""What is asked before something is done to an invoice."""

from django import forms

from billing_admin.form_fields import KeyField


class CancelForm(forms.Form):
    """Why it is cancelled."""

    reason = forms.CharField(
        required=False, max_length=500, help_text="For staff; in the activity.", widget=forms.TextInput
    )


class DuplicateForm(forms.Form):
    """Nothing to type; the key makes a double click count once."""

    key = KeyField()
