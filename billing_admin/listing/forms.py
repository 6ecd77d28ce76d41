"""What is typed to save a view of a list, and which columns are ticked."""

from typing import Any

from django import forms

from billing_admin.web.columns import Column, usual


class SaveViewForm(forms.Form):
    """What the view is called, and for whom it is."""

    name = forms.CharField(label="Name", max_length=60, error_messages={"required": "Give the view a name."})
    shared = forms.BooleanField(required=False, label="Everybody may choose it")
    opens = forms.BooleanField(required=False, label="Open the list with it, for me")


class ColumnsForm(forms.Form):
    """Which columns are shown beside the first."""

    columns = forms.MultipleChoiceField(required=False, label="Columns", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, columns: list[Column], chosen: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["columns"]
        field.choices = [(column.chosen_by, column.heading) for column in columns]
        self.initial["columns"] = [each.chosen_by for each in columns if each.chosen_by in chosen] or usual(columns)


class RowsForm(forms.Form):
    """What is typed before something is done with many rows, of one `client` or of anybody."""

    def __init__(self, *args: Any, client: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.client = client

    @property
    def typed(self) -> dict[str, Any]:
        """By name, as a job keeps it."""
        return self.cleaned_data
