"""When reminders go out and what they cost, and why an invoice is not reminded of."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone

from billing_admin.web.form_fields import AmountsField, DateField, KeyField
from billing_admin.web.seen_form import SeenForm
from clients.models import ClientGroup
from invoices.models import ReminderHold, ReminderLevel
from invoices.models.reminder import LONGEST_DAYS
from invoices.services.reminders.levels import LevelTerms, level_fields

_FIELDS = ("days", "is_on", "fees", "exempt_groups")


class _GroupsField(forms.TypedMultipleChoiceField):
    """Groups of clients by their ids, in the order of those, as a level has them."""

    def clean(self, value: Any) -> list[int]:
        return sorted(super().clean(value))


class ReminderLevelsForm(SeenForm):
    """All levels at once: `days_1`, `is_on_1`, `fees_1`, `exempt_groups_1`, `days_2` …"""

    def __init__(self, *args: Any, levels: Iterable[ReminderLevel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.levels = list(levels)
        groups = list(ClientGroup.objects.order_by("name").values_list("pk", "name"))
        for level in self.levels:
            self._add_fields(level.level, groups)
        self.show_stored(level_fields(self.levels))

    def _add_fields(self, number: int, groups: list[tuple[int, str]]) -> None:
        self.fields[f"is_on_{number}"] = forms.BooleanField(required=False, label=f"Reminder {number} goes out")
        self.fields[f"days_{number}"] = forms.IntegerField(
            min_value=1,
            max_value=LONGEST_DAYS,
            label="Days after the due date",
            error_messages={"required": "Give a number of days."},
        )
        self.fields[f"fees_{number}"] = AmountsField(
            required=False,
            max_length=4_000,
            label="Fee",
            help_text="One amount a line with its currency, as 5.00 EUR; in a currency not named there is none.",
        )
        self.fields[f"exempt_groups_{number}"] = _GroupsField(
            required=False,
            coerce=int,
            choices=groups,
            label="Groups of clients that get none",
            widget=forms.CheckboxSelectMultiple if groups else forms.MultipleHiddenInput,
        )

    @property
    def terms(self) -> dict[int, LevelTerms]:
        """How each level is to be, by its number."""
        return {
            level.level: LevelTerms(**{name: self.cleaned_data[f"{name}_{level.level}"] for name in _FIELDS})
            for level in self.levels
        }

    @property
    def parts(self) -> list[tuple[ReminderLevel, dict[str, forms.BoundField]]]:
        """Each level with its fields."""
        return [(level, {name: self[f"{name}_{level.level}"] for name in _FIELDS}) for level in self.levels]


class HoldForm(forms.Form):
    """When the client said so, and what; of an announced payment also until when it is waited for."""

    said_on = DateField(
        label="Said on", error_messages={"required": "Give a day.", "invalid": "Give a date as 2026-11-30."}
    )
    until = DateField(
        required=False, label="Wait until", help_text="Empty: until somebody lifts it, or the invoice is paid."
    )
    reason = forms.CharField(max_length=500, help_text="For staff; the client does not see it.")
    key = KeyField()

    def __init__(self, *args: Any, kind: ReminderHold.Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["said_on"] = timezone.localdate()
        self.fields["reason"].widget.attrs["autofocus"] = True
        if kind == ReminderHold.Kind.DISPUTED:
            del self.fields["until"]
            wanted = "Say what is disputed."
        else:
            wanted = "Say what was announced."
        self.fields["reason"].error_messages["required"] = wanted
