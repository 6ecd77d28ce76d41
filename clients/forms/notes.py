"""A note about a client, as typed."""

from typing import Any

from django import forms

from billing_admin.web.form_fields import KeyField
from billing_admin.web.seen_form import SeenForm
from clients.models import ClientNote
from clients.services.notes import LONGEST_NOTE


class NoteForm(forms.Form):
    """What staff note; the client never sees it."""

    text = forms.CharField(
        label="Note",
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Write something."},
        help_text="For staff; the client never sees it.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.fields["text"].widget.attrs["autofocus"] = True

    def clean_text(self) -> str:
        """Browsers send line ends as two characters; they are kept as one."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")


class AddNoteForm(NoteForm):
    """A new one."""

    pinned = forms.BooleanField(required=False, label="Pin it on top of each page of this client")
    key = KeyField()


class EditNoteForm(SeenForm, NoteForm):
    """One that is there."""

    def __init__(self, *args: Any, note: ClientNote, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.show_stored({"text": note.text})
