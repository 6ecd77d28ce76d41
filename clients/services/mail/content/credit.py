"""Mail about credit that was given, or is about to expire."""

from djmoney.money import Money

from billing_admin.documents.languages import day_in
from clients.models import Client, MailMessage
from credits.models import CreditEntry, CreditGrant

from .said import Said, Withheld, money, money_if_any


def _grant(message: MailMessage, client: Client | None) -> CreditGrant:
    grant = CreditGrant.objects.select_related("account").filter(pk=message.subject_id or 0, client=client).first()
    if grant is None:
        raise Withheld("The credit is not there any more.")
    return grant


def _values(grant: CreditGrant, amount: Money, language: str) -> dict[str, str]:
    return {
        "amount": money(amount, language),
        "expires_on": day_in(grant.expires_on, language) if grant.expires_on else "",
        "balance": money_if_any(grant.account.balance, language),  # nothing of it, where it is used by now
    }


def say(message: MailMessage, client: Client | None, language: str) -> Said:
    """What was given, and why."""
    grant = _grant(message, client)
    if grant.entries.filter(kind=CreditEntry.Kind.REVERSE).exists() and not grant.remaining.amount:
        raise Withheld("The credit was taken back.")
    return Said(_values(grant, grant.amount, language), grant.description)


def say_expiring(message: MailMessage, client: Client | None, language: str) -> Said:
    """What is left, and until when."""
    grant = _grant(message, client)
    if not grant.remaining.amount:
        raise Withheld("Nothing is left of the credit.")
    return Said(_values(grant, grant.remaining, language))
