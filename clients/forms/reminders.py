"""Until when a client is sent no reminder."""

from typing import Any

from billing_admin.web.form_fields import DateField
from billing_admin.web.seen_form import SeenForm
from clients.models import Client
from clients.services.reminders import pause_fields


class PauseForm(SeenForm):
    """The last day without reminders."""

    until = DateField(
        required=False,
        label="Last day without reminders",
        help_text="Of every invoice, whatever its level. After it only the lowest level that is due goes out.",
    )

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].widget.attrs["autofocus"] = True
        self.show_stored(pause_fields(client))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "end" in self.data:
            cleaned["until"] = None
        elif not cleaned.get("until") and "until" not in self.errors:
            self.add_error("until", "Give a day.")
        return cleaned
