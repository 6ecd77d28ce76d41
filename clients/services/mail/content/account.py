"""Mail about accounts of staff. A link is made here, as its message is claimed; only the letter holds it."""

from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from billing_admin.documents.languages import day_in
from billing_admin.models import EmailChange, Invitation
from billing_admin.staff.tokens import new_token
from clients.models import Client, MailMessage
from clients.models.activity import actor_name
from clients.models.mail.kinds import PASSWORD_CHANGED
from clients.selectors.staff import why_no_account_mail
from clients.services.staff.reset import may_have_reset, reset_token

from .said import Said, Withheld

_NOT_OPEN = "The invitation was used, withdrawn or made anew."


def say_invitation(message: MailMessage, client: Client | None, language: str) -> Said:
    """Who invites, and the link; one that was made before is void."""
    _require_links()
    invitation = Invitation.objects.select_related("invited_by").filter(pk=message.subject_id or 0).first()
    if invitation is None or not invitation.by_mail or invitation.has_expired:
        raise Withheld(_NOT_OPEN)
    token, digest = new_token()
    if not Invitation.objects.filter(pk=invitation.pk, by_mail=True).update(token_digest=digest):
        raise Withheld(_NOT_OPEN)
    return Said(
        {
            "name": invitation.email,
            "inviter": actor_name(invitation.invited_by) if invitation.invited_by else "",
            "link": _link("staff:join", token),
            "until": day_in(timezone.localdate(invitation.expires_at), language),
        }
    )


def say_reset(message: MailMessage, client: Client | None, language: str) -> Said:
    """The link, which is taken once; or that there is another password by now."""
    person = _person(message)
    if message.level == PASSWORD_CHANGED:
        return Said({**_about(person), "day": day_in(timezone.localdate(message.queued_at), language)})
    _require_links()
    if not may_have_reset(person) or person.email != message.address:
        raise Withheld("The account was deactivated or has another address by now.")
    return Said({**_about(person), "link": _link("staff:new_password", reset_token(person))})


def say_change(message: MailMessage, client: Client | None, language: str) -> Said:
    """The link by which the address is confirmed."""
    _require_links()
    person = _person(message)
    change = EmailChange.objects.filter(person=person, address=message.address).first()
    if change is None or change.has_expired:
        raise Withheld("Another address was asked for meanwhile, or none.")
    token, digest = new_token()
    EmailChange.objects.filter(pk=change.pk).update(token_digest=digest)
    return Said({**_about(person), "link": _link("staff:confirm_email", token)})


def say_changed(message: MailMessage, client: Client | None, language: str) -> Said:
    """To the address before, that it is not the account's any more; not which one is."""
    return Said({**_about(_person(message)), "day": day_in(timezone.localdate(), language)})


def _require_links() -> None:
    if why := why_no_account_mail():
        raise Withheld(why)


def _person(message: MailMessage) -> User:
    person = User.objects.filter(pk=message.subject_id or 0).first()
    if person is None:
        raise Withheld("The account is not there any more.")
    return person


def _about(person: User) -> dict[str, str]:
    return {"name": person.get_full_name() or person.get_username(), "username": person.get_username()}


def _link(page: str, token: str) -> str:
    return f"{settings.PUBLIC_URL}{reverse(page, query={'token': token})}"
