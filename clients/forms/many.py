"""What is asked before something is done with many clients."""

from typing import Any

from django import forms

from billing_admin.listing.forms import RowsForm
from billing_admin.web.form_fields import DateField
from clients.models import ClientGroup
from clients.selectors.lists import groups
from clients.selectors.statements import last_month

from .lifecycle import CloseForm
from .notes import NoteForm


class GroupForm(RowsForm):
    """Which group they come into."""

    group = forms.ModelChoiceField(ClientGroup.objects.none(), required=False, empty_label="No group")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["group"]
        field.queryset = groups()

    @property
    def typed(self) -> dict[str, Any]:
        group = self.cleaned_data["group"]
        return {"group": group.pk if group else None}


class CloseManyForm(RowsForm, CloseForm):
    """Why the accounts are closed."""


class StatementsForm(RowsForm):
    """The period of the statements, and who gets one."""

    first = DateField(label="From")
    last = DateField(label="To")
    only_owing = forms.BooleanField(required=False, label="Only who owes something")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["first"], self.initial["last"] = last_month()

    @property
    def typed(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {"first": str(cleaned["first"]), "last": str(cleaned["last"]), "only_owing": cleaned["only_owing"]}


class NoteOnEachForm(RowsForm, NoteForm):
    """The note that each of them gets."""

    @property
    def typed(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["text"]}
