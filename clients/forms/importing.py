"""Uploading a file of clients, and how the files of another system are read."""

from typing import Any

from django import forms

from billing_admin.money.currencies import CURRENCIES
from billing_admin.web.uploads import UploadField
from clients.models import ClientFileMapping
from clients.services.importing.columns import ANY_NAME, EXTERNAL_ID, FIELDS, NAMES, columns_of_fields
from clients.services.importing.read import folded
from clients.services.importing.ready import READY
from clients.services.importing.upload import LARGEST, TOO_LARGE

OWN, BY_HEADER = "own", ""


class ClientFileForm(forms.Form):
    """A file, and what it is read by."""

    file = UploadField(label="CSV file", endings=("csv", "txt", "tsv"), largest=LARGEST, instead=TOO_LARGE)
    read_by = forms.ChoiceField(required=False, label="From")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        saved = [(str(mapping.pk), mapping.name) for mapping in ClientFileMapping.objects.order_by("name")]
        field = self.fields["read_by"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (BY_HEADER, "As its header says"),
            (OWN, "Billing Admin’s own format"),
            *([("Your mappings", saved)] if saved else []),
            ("Other systems", [(ready.code, ready.name) for ready in READY]),
        ]


class ClientFileMappingForm(forms.ModelForm):
    """Which columns of another system's files are what. Several columns for one field are separated by semicolons."""

    currency = forms.ChoiceField(
        required=False,
        label="Currency of rows that name none",
        choices=[("", "Asked for each file"), *((code, code) for code in CURRENCIES)],
    )

    class Meta:
        model = ClientFileMapping
        fields = ("name", "source", "currency", "opening_credit")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].help_text = "Ids in the file are those of this system."
        for name, text in _HELP.items():
            self.fields[name].help_text = text
        self.offered = [(field, field) for field in FIELDS]
        self.offered += [(field.field_name, column.name) for column, field in columns_of_fields().items()]
        for place, (field, label) in enumerate(self.offered):
            columns = [column for column, meant in self.instance.columns.items() if meant == field]
            self.fields[f"column_{place}"] = forms.CharField(
                required=False, label=label, max_length=300, initial="; ".join(columns), help_text=_MEANS.get(field, "")
            )

    @property
    def column_rows(self) -> list[list[forms.BoundField]]:
        """The fields that name columns, two in a row."""
        fields = [self[f"column_{place}"] for place in range(len(self.offered))]
        return [fields[first : first + 2] for first in range(0, len(fields), 2)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        columns: dict[str, str] = {}
        seen: dict[str, str] = {}
        labels = dict(self.offered)
        for place, field in enumerate(labels):
            for column in (part.strip() for part in cleaned.get(f"column_{place}", "").split(";")):
                if not column:
                    continue
                other = seen.setdefault(folded(column), field)
                if other != field:
                    self.add_error(f"column_{place}", f"“{column}” is {labels[other]} already.")
                columns[column] = field
        if not {*NAMES, ANY_NAME, "Email Address"} & set(columns.values()):
            self.add_error(
                f"column_{FIELDS.index('Company Name')}", "Name a column for a name or for the e-mail address."
            )
        self.instance.columns = columns
        return cleaned


_HELP = {"opening_credit": "Paid credit needs the right to give it without a payment."}
_MEANS = {
    EXTERNAL_ID: "The id there. The client gets a number of ours.",
    "Client ID": "Becomes our number; it must be free.",
    ANY_NAME: "Taken where the row has no other name.",
    "Credit": "Becomes an opening balance.",
}
