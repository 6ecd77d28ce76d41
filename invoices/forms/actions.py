"""What is asked before something is done to an invoice."""

from typing import Any

from django import forms

from billing_admin.web.form_fields import DateField, KeyField
from billing_admin.web.seen_form import see_again
from clients.forms import ClientField
from invoices.models import Invoice


class BilledClientForm(forms.Form):
    """Whom an invoice is for."""

    client = ClientField(error_messages={"required": "Name the client that is billed."})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["client"].widget.attrs["autofocus"] = True


class CancelForm(forms.Form):
    """Why it is cancelled."""

    reason = forms.CharField(
        required=False, max_length=500, help_text="For staff; in the activity.", widget=forms.TextInput
    )


class IssueForm(forms.Form):
    """A new due date, asked for only where the draft's is past and credit does not pay it all."""

    due_on = DateField(label="Due on", error_messages={"required": "Give the day by which it is to be paid."})


class NotesForm(forms.Form):
    """What staff note; carries the version of the invoice that they saw."""

    notes = forms.CharField(
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4, "autofocus": True}),
        help_text="For staff; not printed.",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def clean_notes(self) -> str:
        """Browsers send line ends as two characters; they are kept as one, as the draft's form keeps them."""
        return str(self.cleaned_data["notes"]).replace("\r\n", "\n")

    def look_again(self, current: Invoice) -> None:
        """Take `current` for seen from now on, and show what is stored."""
        differs = current.notes != self.cleaned_data.get("notes")
        see_again(self, current.version, {"notes": current.notes} if differs else {})


class DuplicateForm(forms.Form):
    """Nothing to type; the key makes a double click count once."""

    key = KeyField()
