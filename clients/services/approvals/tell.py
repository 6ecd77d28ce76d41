"""Telling by mail what waits for approval, and what was decided; once a test message went out."""

from billing_admin.money.amounts import money_text
from clients.models import ApprovalRequest, MailMessage, MailSettings
from clients.models.mail.kinds import MailKind
from clients.selectors.limits import who_may_decide

from .actions import ACTIONS

_OF_STATE = {
    ApprovalRequest.State.APPROVED: MailKind.APPROVAL_GIVEN,
    ApprovalRequest.State.REFUSED: MailKind.APPROVAL_REFUSED,
}


def tell_of_asked(request: ApprovalRequest) -> None:
    """Tell everybody who may decide on a request that it waits."""
    if not MailSettings.objects.current().sends(MailKind.APPROVAL_ASKED):
        return
    for person in who_may_decide(request, ACTIONS[request.action].rights).exclude(email="").order_by("pk"):
        MailMessage.objects.queue_to_staff(
            MailKind.APPROVAL_ASKED, address=person.email, subject_id=request.pk, by=request.requester, to=person,
            about=money_text(request.amount),
        )  # fmt: skip


def tell_of_decision(request: ApprovalRequest) -> None:
    """Tell who asked what was decided; nobody, where they withdrew it themselves or do not work here any more."""
    kind, person = _OF_STATE.get(ApprovalRequest.State(request.state)), request.requester
    if kind is None or person is None or not (person.is_active and person.email):
        return
    if MailSettings.objects.current().sends(kind):
        MailMessage.objects.queue_to_staff(
            kind, address=person.email, subject_id=request.pk, by=request.decided_by, to=person,
            about=money_text(request.amount),
        )  # fmt: skip
