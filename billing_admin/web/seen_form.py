"""Forms that change what is stored, and show what others changed meanwhile beside what was typed."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from billing_admin.errors import BusinessError
from billing_admin.seen import ChangedMeanwhile, seen_of
from billing_admin.web.form_fields import add_error

AGAIN = "Save again to store what is on the form."


def reason_field() -> forms.CharField:
    """Why something is changed that matters to others: it stands in the activity, and nobody has to give one."""
    return forms.CharField(required=False, max_length=500, help_text="Why, for the activity. It may be left empty.")


class SeenForm(forms.Form):
    """Carries a digest of each field as it was shown; see `billing_admin.seen`. Saving once more then is a decision."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    shown: tuple[str, ...] = ()

    def show_stored(self, stored: Mapping[str, Any]) -> None:
        """These are the fields that it changes, as they are stored. Call it in `__init__`."""
        self.shown = tuple(stored)
        self.initial = {**stored, **self.initial, "seen": _written(stored)}

    def clean_seen(self) -> dict[str, str]:
        """Field → digest of what was shown."""
        parts = (part.partition("=") for part in self.cleaned_data["seen"].split())
        seen = {name: digest for name, _, digest in parts}
        if set(seen) != set(self.shown):
            self.add_error(None, "This form is not as it was sent out. Open it again.")
        return seen

    def refuse(self, error: BusinessError) -> None:
        """Show why a service refused, and what is stored now where that is why."""
        add_error(self, error)
        if isinstance(error, ChangedMeanwhile):
            self.look_again(error)

    def look_again(self, error: ChangedMeanwhile) -> None:
        """Take what is stored for seen from now on.

        Where both changed a field, what is stored is said beside what was typed; what others alone changed is taken.
        """
        both, taken = [], []
        sent = seen_of(self.typed())
        current = seen_of(error.stored)
        for name in filter(error.moved.__contains__, self.shown):
            if self.cleaned_data["seen"].get(name) == sent[name]:
                taken.append(name)
            elif sent[name] != current[name]:
                both.append(name)
        take_over(self, {"seen": _written(error.stored), **{name: error.stored[name] for name in taken}})
        show_beside(self, {name: error.stored[name] for name in both})
        if taken:
            labels = ", ".join(label_of(self, name) for name in taken)
            self.add_error(None, f"Changed by somebody else meanwhile, and on this form now: {labels}.")
        self.add_error(None, AGAIN)

    def typed(self) -> dict[str, Any]:
        """The fields as they are to be."""
        return {name: self.cleaned_data[name] for name in self.shown}


def see_again(form: forms.BaseForm, version: object, stored: Mapping[str, Any]) -> None:
    """The same for a form that carries a row's version: `stored` are the fields that differ from what was typed."""
    take_over(form, {"seen": version})
    show_beside(form, stored)
    form.add_error(None, AGAIN)


def take_over(form: forms.BaseForm, values: Mapping[str, Any]) -> None:
    """Put other values on a form that was sent."""
    data: QueryDict = form.data.copy()  # type: ignore[attr-defined]
    for name, value in values.items():
        place = form.add_prefix(name)
        value = form.fields[name].prepare_value(value)
        if isinstance(value, list | tuple):
            data.setlist(place, [str(each) for each in value])
        elif isinstance(value, bool) and not value:
            data.pop(place, None)
        else:
            data[place] = "" if value is None else str(value)
    form.data = data


def show_beside(form: forms.BaseForm, stored: Mapping[str, Any]) -> None:
    """Say beside each of these fields what is stored now."""
    for name, value in stored.items():
        form.add_error(name, f"Changed by somebody else meanwhile; stored now: {words_of(form, name, value)}.")


def label_of(form: forms.BaseForm, name: str) -> str:
    """What the field is called on the page."""
    return str(form[name].label)


def words_of(form: forms.BaseForm, name: str, value: Any) -> str:
    """A stored value as the form would say it."""
    field = form.fields[name]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(field, forms.ModelChoiceField):
        said = str(value or "")
    elif isinstance(field, forms.ChoiceField):
        labels: dict[Any, Any] = dict(field.choices)  # type: ignore[arg-type]
        said = ", ".join(
            str(labels.get(each, each)) for each in (value if isinstance(value, list) else [value]) if each
        )
    else:
        said = str(field.prepare_value("" if value is None else value))
    return f"“{said}”" if said else "nothing"


def _written(stored: Mapping[str, Any]) -> str:
    return " ".join(f"{name}={digest}" for name, digest in seen_of(stored).items())
