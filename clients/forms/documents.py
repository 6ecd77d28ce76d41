"""A file to keep with a client, and which ones are taken."""

from typing import Any

from django import forms

from billing_admin.web.form_fields import KeyField
from billing_admin.web.seen_form import SeenForm
from billing_admin.web.uploads import UploadField
from clients.models import DocumentSettings
from clients.models.document import LARGEST_MEGABYTES, MEGABYTE
from clients.services.documents import limits_of


class DocumentForm(forms.Form):
    """A file, as chosen."""

    file = UploadField(label="File", endings=(), largest=0)
    key = KeyField()

    def __init__(self, *args: Any, limits: DocumentSettings, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["file"]
        assert isinstance(field, UploadField)
        field.take(limits.endings, limits.megabytes * MEGABYTE)
        field.help_text = f"Up to {limits.megabytes} MB: {', '.join(limits.endings)}."


class EndingsField(forms.CharField):
    """Endings of file names, separated by commas or blanks. Gives a list of them."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        return sorted({part.lower().lstrip(".") for part in super().clean(value).replace(",", " ").split()})


class DocumentSettingsForm(SeenForm):
    """How large a file may be, and which kinds are taken."""

    megabytes = forms.IntegerField(
        min_value=1,
        max_value=LARGEST_MEGABYTES,
        label="Largest file, in MB",
        help_text=f"Up to {LARGEST_MEGABYTES}: each backup has all files.",
    )
    endings = EndingsField(
        max_length=1_000,
        label="File names end with",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Separated by commas. Files that are there stay.",
        error_messages={"required": "Name at least one ending, as in pdf."},
    )

    def __init__(self, *args: Any, limits: DocumentSettings, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.show_stored(limits_of(limits))
