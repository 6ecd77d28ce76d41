"""Until when a client is sent no reminder."""

from typing import Any

from billing_admin.web.form_fields import DateField
from billing_admin.web.seen_form import SeenForm
from clients.models import Client
from clients.services.reminders import pause_fields


class PauseForm(SeenForm):
    """The last day without reminders."""

    until = DateField(
        label="Last day without reminders",
        error_messages={"required": "Give a day.", "invalid": "Give a date as 2026-11-30."},
        help_text="Of every invoice, whatever its level. After it only the lowest level that is due goes out.",
    )

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].widget.attrs["autofocus"] = True
        self.fields["until"].required = "end" not in self.data  # which ends the pause, and has no day
        self.show_stored(pause_fields(client))
