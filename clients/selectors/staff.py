"""The people of the staff as Settings → Staff shows them, and whether mail about accounts can go out."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db.models import Count, Exists, Max, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from billing_admin.models import Invitation, Role, StaffSession
from clients.models import MailMessage, MailSettings
from clients.models.activity import actor_name
from clients.models.mail.kinds import MailKind

_ROLES = Prefetch("groups", Group.objects.order_by("name"))


def why_no_account_mail() -> str:
    """Why no mail with a link goes out, in a sentence; nothing where it does.

    It is no use in the mailbox, which others read; and where we are is set beside the server, never by what somebody
    sends with a request.
    """
    if not settings.MAIL_PROVIDER:
        return "No mail server is set, so no link can be sent."
    if not settings.PUBLIC_URL:
        return "The address of this installation is not set (BILLING_URL), so no link can be sent."
    if not MailSettings.objects.current().sends(MailKind.INVITATION):
        return "Mail is not set up: Settings → Mail needs a sender, and a test message that went out."
    return ""


def people() -> QuerySet[User]:
    """Everybody of the staff, with their roles; who is active first, by name.

    Each with `last_seen`, at their last click or else at signing in; whether they have an authenticator `app`, how many
    `passkeys`, and whether a role `needs_factor`. In one statement, and one for the roles.
    """
    factors = Authenticator.objects.filter(user=OuterRef("pk"))
    passkeys = factors.filter(type=Authenticator.Type.WEBAUTHN).values("user").annotate(number=Count("pk"))
    used = StaffSession.objects.filter(person=OuterRef("pk")).values("person").annotate(last=Max("last_used_at"))
    return (
        User.objects.prefetch_related(_ROLES)
        .annotate(
            last_seen=Greatest("last_login", Subquery(used.values("last"))),
            app=Exists(factors.filter(type=Authenticator.Type.TOTP)),
            passkeys=Coalesce(Subquery(passkeys.values("number")), 0),
            needs_factor=Exists(Role.objects.filter(second_factor=True, group__user=OuterRef("pk"))),
        )
        .order_by("-is_active", "first_name", "last_name", "username")
    )


@dataclass(frozen=True)
class ShownInvitation:
    """An invitation that is open or has expired; `mail` is what became of its latest mail, if it went by mail."""

    invitation: Invitation
    mail: MailMessage | None

    @property
    def by(self) -> str:
        """Who invites."""
        return actor_name(self.invitation.invited_by)


def invitations() -> list[ShownInvitation]:
    """Who was invited and has not joined, the latest first."""
    found = list(Invitation.objects.select_related("invited_by").prefetch_related(_ROLES).order_by("-invited_at"))
    mails = MailMessage.objects.filter(kind=MailKind.INVITATION, subject_id__in=[each.pk for each in found])
    latest = {mail.subject_id: mail for mail in mails.defer("body", "data").order_by("pk")}
    return [ShownInvitation(each, latest.get(each.pk) if each.by_mail else None) for each in found]
