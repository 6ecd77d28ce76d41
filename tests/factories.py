"""Plain functions that make what a test needs, through the services where money moves.

In tests a domain object is never called `client` (pytest-django owns that name): use personas, `acme`, `globex`.
"""

import datetime
from decimal import Decimal
from itertools import count
from typing import Any

from django.contrib.auth.models import Group, Permission, User
from djmoney.money import Money

from billing_admin.staff.groups import OWNER
from clients.models import Client
from clients.services.profile import open_client
from credits.models import CreditGrant
from credits.services.grant import add_credit
from invoices.models import BillableItem, Invoice
from invoices.services.issue import NewLine, bill_client
from transactions.models import PaymentMethod

_serial = count(1)


def make_client(name: str = "Acme Ltd", *, currency: str = "USD", **profile: Any) -> Client:
    """A client with a company name and an e-mail address of its own."""
    profile.setdefault("email", f"billing{next(_serial)}@example.com")
    return open_client(by=None, company_name=name, currency=currency, **profile)


def make_staff(*groups: str, username: str = "") -> User:
    """A member of staff in these groups; an Owner where none is named."""
    user = User.objects.create_user(username or f"staff{next(_serial)}", password="correct horse battery")
    user.groups.set(Group.objects.filter(name__in=groups or [OWNER]))
    return user


def person_with(*codenames: str) -> User:
    """A member of staff in no group, with these permissions alone."""
    user = make_staff(OWNER)
    user.groups.clear()
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


def usd(amount: str | int) -> Money:
    """`usd("12.50")`."""
    return Money(Decimal(amount), "USD")


def give_credit(to: Client, amount: Money, description: str = "Downtime", **details: Any) -> CreditGrant:
    """A grant on the client's account."""
    return add_credit(client=to, amount=amount, description=description, by=None, **details)


def make_invoice(to: Client, *amounts: Money, tax_rate: str = "0", **details: Any) -> Invoice:
    """An issued invoice with a line for each amount. Credit has been applied to it."""
    lines = [
        NewLine(f"Hosting {number}", amount, tax_rate=Decimal(tax_rate)) for number, amount in enumerate(amounts, 1)
    ]
    return bill_client(client=to, lines=lines, by=None, **details)


def make_item(to: Client, price: Money, *, due: datetime.date, **details: Any) -> BillableItem:
    """A billable item, due once unless `cycle` says otherwise."""
    return BillableItem.objects.create(
        client=to,
        description=details.pop("description", "Hosting"),
        unit_price=price,
        starts_on=due,
        next_due_on=due,
        **details,
    )


def make_payment_method(name: str = "") -> PaymentMethod:
    """A payment method of its own."""
    return PaymentMethod.objects.create(name=name or f"Gateway {next(_serial)}")
