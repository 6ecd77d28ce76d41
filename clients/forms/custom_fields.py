"""Fields that an installation defines: their definition, and what is typed into them on the Profile."""

from decimal import Decimal
from typing import Any

from django import forms

from billing_admin.web.form_fields import DateField, PlainDecimalField
from billing_admin.web.seen_form import SeenForm
from clients.models import CustomField
from clients.models.custom_field import LONGEST_VALUE
from clients.services.custom_fields import definition_of


class ChoicesField(forms.CharField):
    """Choices, one a line. Gives a list of them."""

    widget = forms.Textarea(attrs={"rows": 5})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        return list(dict.fromkeys(filter(None, map(str.strip, super().clean(value).splitlines()))))


class CustomFieldForm(SeenForm):
    """A new field: what it is called, and what can be typed into it."""

    name = forms.CharField(max_length=60, error_messages={"required": "Give the field a name."})
    kind = forms.ChoiceField(choices=CustomField.Kind)
    choices = ChoicesField(
        required=False, max_length=12_000, label="Choices", help_text="One a line; only for the kind Choice."
    )


class ChangeCustomFieldForm(CustomFieldForm):
    """One that is there: its kind stays."""

    is_on = forms.BooleanField(required=False, label="Shown on profiles", help_text="What clients have stays.")

    def __init__(self, *args: Any, field: CustomField, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.show_stored(definition_of(field))
        del self.fields["kind"]
        if field.kind != CustomField.Kind.CHOICE:
            self.fields["choices"].widget = forms.MultipleHiddenInput()
            self.fields["choices"].disabled = True


def form_field(field: CustomField, value: str) -> forms.Field:
    """What is typed into a field of the profile; `value` is what is stored."""
    about: dict[str, Any] = {"required": False, "label": field.name}
    match field.kind:
        case CustomField.Kind.NUMBER:
            return PlainDecimalField(places=6, largest=Decimal(10**15 - 1), **about)
        case CustomField.Kind.DATE:
            return DateField(**about)
        case CustomField.Kind.CHOICE:
            there = dict.fromkeys([*field.choices, *([value] if value else [])])
            return forms.ChoiceField(choices=[("", "Not said"), *((each, each) for each in there)], **about)
        case CustomField.Kind.YES_NO:
            return forms.ChoiceField(choices=[("", "Not said"), ("yes", "Yes"), ("no", "No")], **about)
    return forms.CharField(max_length=LONGEST_VALUE, **about)
