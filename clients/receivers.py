"""What clients listen to: a mail provider's events, as django-anymail announces them, and what is done to accounts."""

from typing import Any

from anymail.signals import tracking
from django.contrib.auth.models import User
from django.dispatch import receiver
from django.http import HttpRequest

from billing_admin.staff.sign_in.events import Event, sign_in_noted
from clients.services.account_activity import note_account_event
from clients.services.mail.events import note_event
from clients.services.staff.reset import tell_of_new_password


@receiver(tracking)
def note_what_came_back(sender: Any, event: Any, esp_name: str, **kwargs: Any) -> None:
    """A message came back, or was reported. Its id and recipient name it; what is none of ours is left alone."""
    note_event(
        provider_id=str(event.message_id or ""),
        address=str(event.recipient or ""),
        event=str(event.event_type),
        said=str(event.mta_response or event.description or ""),
    )


@receiver(sign_in_noted)
def note_sign_in(
    sender: Any,
    event: Event,
    person: User | None,
    request: HttpRequest | None,
    by: User | None,
    count: int,
    **kwargs: Any,
) -> None:
    """Somebody signed in, failed to, or changed how they do: it is activity, with who did it and from where."""
    note_account_event(event=event, person=person, request=request, by=by, count=count)
    if event == Event.PASSWORD_CHANGED and person is not None:
        tell_of_new_password(person=person, by=person if request else by)
