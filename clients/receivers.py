"""What clients listen to: a mail provider's events, as django-anymail announces them."""

from typing import Any

from anymail.signals import tracking
from django.dispatch import receiver

from clients.services.mail.events import note_event


@receiver(tracking)
def note_what_came_back(sender: Any, event: Any, esp_name: str, **kwargs: Any) -> None:
    """A message came back, or was reported. Its id and recipient name it; what is none of ours is left alone."""
    note_event(
        provider_id=str(event.message_id or ""),
        address=str(event.recipient or ""),
        event=str(event.event_type),
        said=str(event.mta_response or event.description or ""),
    )
