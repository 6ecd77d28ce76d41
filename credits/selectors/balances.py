"""What a client holds."""

from djmoney.money import Money

from clients.models import Client
from credits.models import CreditAccount


def balances_of(client: Client) -> list[Money]:
    """The client's credit balance per currency: the default currency first, even at zero, then others with credit."""
    held = {
        account.currency: account.balance
        for account in CreditAccount.objects.filter(client=client).order_by("currency")
    }
    default = held.pop(client.currency, Money(0, client.currency))
    return [default, *(balance for balance in held.values() if balance.amount)]
