"""Choosing what of two clients stays, before they are merged."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField

from clients.models import Client
from clients.selectors.merge import ContactClash, Difference, MergePreview, contact_words
from clients.services.merge.merge_clients import Choices

from .client_field import ClientField

KEPT, DISCARDED = "kept", "discarded"


class MergeWithForm(forms.Form):
    """Asks which client is the same as this one."""

    other = ClientField(label="The other client", error_messages={"required": "Name the other client."})

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.client = client
        other = self.fields["other"]
        assert isinstance(other, ClientField)
        other.widget.besides = client.pk
        other.widget.attrs["autofocus"] = True

    def clean_other(self) -> Client:
        other: Client = self.cleaned_data["other"]
        if other == self.client:
            typed = self["other"].data if str(self["other"].data).isdecimal() else other.number
            raise forms.ValidationError(f"{typed} is this client. Choose another one to merge it with.")
        return other


class MergeForm(forms.Form):
    """Asks which value stays of each field in which the two differ, and which contact of those that both have."""

    def __init__(self, *args: Any, preview: MergePreview, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.preview = preview
        for part in preview.differences:
            self._add(part.field, part.label, part.kept or "nothing", part.discarded or "nothing")
        for clash in self.clashes:
            ours, theirs = contact_words(clash.kept), contact_words(clash.discarded)
            self._add(f"contact_{clash.discarded.pk}", f"Contact {clash.kept.email}", ours, theirs)

    def _add(self, name: str, label: str, kept: str, discarded: str) -> None:
        self.fields[name] = forms.ChoiceField(
            label=label,
            choices=[(KEPT, kept), (DISCARDED, discarded)],
            initial=KEPT,
            widget=forms.RadioSelect,
            error_messages={"required": f"Choose which stays: {label}."},
        )

    @property
    def clashes(self) -> list[ContactClash]:
        """The contacts to ask about; two that say the same need no answer."""
        return [clash for clash in self.preview.clashes if not clash.same]

    def difference_rows(self) -> Iterator[tuple[Difference, BoundField]]:
        """Each difference with its two radio buttons."""
        return ((part, self[part.field]) for part in self.preview.differences)

    def clash_rows(self) -> Iterator[tuple[ContactClash, BoundField]]:
        """Each clash with its two radio buttons."""
        return ((clash, self[f"contact_{clash.discarded.pk}"]) for clash in self.clashes)

    def choices(self) -> Choices:
        """What is taken from the discarded client."""
        taken = {name for name, answer in self.cleaned_data.items() if answer == DISCARDED}
        return Choices(
            fields=frozenset(part.field for part in self.preview.differences if part.field in taken),
            contacts=frozenset(
                clash.discarded.pk for clash in self.clashes if f"contact_{clash.discarded.pk}" in taken
            ),
        )
