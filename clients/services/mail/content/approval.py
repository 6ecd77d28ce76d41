"""Mail about requests for approval: to who may decide, and to who asked. Whom it is about stands on its page alone."""

from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse

from clients.models import ApprovalRequest, Client, MailMessage
from clients.models.activity import actor_name
from clients.selectors.limits import who_may_decide
from clients.services.approvals.actions import ACTIONS

from .said import Said, Withheld, money


def say_asked(message: MailMessage, client: Client | None, language: str) -> Said:
    """Who asks for what and how much, to somebody who may decide on it still."""
    request = _request(message)
    if not request.is_waiting:
        raise Withheld(f"It was {request.get_state_display().lower()} meanwhile.")
    action = ACTIONS[request.action]
    person = _person(message)
    if not who_may_decide(request, action.rights).filter(pk=person.pk).exists():
        raise Withheld(f"{actor_name(person)} may not decide on it any more.")
    return Said({**_about(request, person, language), "requester": request.requester_name})


def say_decided(message: MailMessage, client: Client | None, language: str) -> Said:
    """Who decided; why stands on the page."""
    request, person = _request(message), _person(message)
    return Said({**_about(request, person, language), "approver": request.decided_by_name})


def _about(request: ApprovalRequest, person: User, language: str) -> dict[str, str]:
    path = reverse("approval", args=[request.pk])
    return {
        "name": actor_name(person),
        "action": ACTIONS[request.action].label,
        "amount": money(request.amount, language),
        "link": f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else "",
    }


def _request(message: MailMessage) -> ApprovalRequest:
    request = ApprovalRequest.objects.filter(pk=message.subject_id or 0).first()
    if request is None:
        raise Withheld("The request went with its client.")
    return request


def _person(message: MailMessage) -> User:
    person = User.objects.filter(pk=message.data.get("person", 0), is_active=True).first()
    if person is None or person.email != message.address:
        raise Withheld("Whom it is to was deactivated, or has another e-mail by now.")
    return person
