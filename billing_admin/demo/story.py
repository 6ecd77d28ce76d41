"""Eighteen months of billing, played month by month with the clock set back, through the product's services."""

import datetime
import random
from collections.abc import Callable
from decimal import Decimal

import time_machine
from django.contrib.auth.models import User
from django.db.models import F
from djmoney.money import Money

from billing_admin.money.amounts import round_half_up
from clients.models import Client
from credits.models import CreditAccount, CreditGrant
from credits.services.adjust import adjust_balance
from credits.services.expire import expire_credit
from credits.services.grant import add_credit
from invoices.models import Invoice
from invoices.services.runs.generate import generate_invoices
from transactions.models import PaymentMethod
from transactions.services.record_many import Payment, record_payments

from .company import set_rates, set_up
from .corrections import put_right
from .files import FIRST_NUMBER
from .people import PLANS, PRICE_FACTORS, REASONS

# Credits given each month, besides the one that the first client gets.
CREDITS_A_MONTH = 24


# The day of the month that the demo's invoices are run on.
RUN_DAY = 12


def months(today: datetime.date, count: int = 18) -> list[datetime.date]:
    """The last `count` days of an invoice run, oldest first."""
    latest = today.year * 12 + today.month - 1 - (today.day < RUN_DAY)
    return [datetime.date(n // 12, n % 12 + 1, RUN_DAY) for n in range(latest - count + 1, latest + 1)]


def play(*, today: datetime.date, by: User, chance: random.Random, progress: Callable[[datetime.date], None]) -> None:
    """Run, credit and collect, month after month, up to today."""
    clients = list(Client.objects.filter(status=Client.Status.ACTIVE).order_by("number"))
    methods = list(PaymentMethod.objects.order_by("pk"))
    with _clock(months(today)[0], hour=5):
        set_up(by=by)
    for run_on in months(today):
        with _clock(run_on, hour=6):
            set_rates(day=run_on, by=by)
            expire_credit(as_of=run_on, by=None)
            generate_invoices(as_of=run_on, by=None)
        with _clock(min(run_on + datetime.timedelta(days=9), today), hour=10):
            _collect(run_on, today, methods, by, chance)
        with _clock(min(run_on + datetime.timedelta(days=17), today), hour=12):
            _give(clients, run_on, by, chance)
        progress(run_on)
    with _clock(min(run_on + datetime.timedelta(days=20), today), hour=14):
        put_right(by=by)
    Invoice.objects.filter(paid_at__isnull=False).update(paid_at=F("created_at") + datetime.timedelta(days=9))


def _clock(day: datetime.date, *, hour: int) -> time_machine.travel:
    moment = datetime.datetime.combine(day, datetime.time(hour), tzinfo=datetime.UTC)
    return time_machine.travel(moment, tick=True)


def _collect(
    run_on: datetime.date, today: datetime.date, methods: list[PaymentMethod], by: User, chance: random.Random
) -> None:
    """Most of the month's invoices are paid, some in part, a few too much; some older ones at last."""
    unpaid = Invoice.objects.filter(status=Invoice.Status.UNPAID).order_by("pk")
    payments = []
    for invoice in unpaid:
        fate = chance.random()
        if fate > (0.88 if invoice.issued_on == run_on else 0.55):
            continue
        share = Decimal("0.5") if fate < 0.03 else Decimal("1.1") if fate < 0.035 else Decimal(1)
        amount = max(round_half_up(invoice.balance_due * share, invoice.currency), Decimal(1))
        method = chance.choice(methods)
        fees = round_half_up(amount * Decimal("0.029"), invoice.currency) if method.name in ("Card", "PayPal") else 0
        payments.append(
            Payment(
                invoice_id=invoice.pk,
                amount=Money(amount, invoice.currency),
                payment_method=method,
                on=min(run_on + datetime.timedelta(days=chance.randint(1, 9)), today),
                reference=f"{method.name[:2].upper()}-{chance.getrandbits(40):010X}",
                fees=Decimal(fees),
            )
        )
    if payments:
        record_payments(payments=payments, by=by)


def _give(clients: list[Client], run_on: datetime.date, by: User, chance: random.Random) -> None:
    """Credit for one reason or another, and now and then a balance set by hand."""
    hero = next(client for client in clients if client.number == FIRST_NUMBER)
    for client in [hero, *chance.sample(clients, min(CREDITS_A_MONTH, len(clients)))]:
        description, share, category, days = chance.choice(REASONS)
        price = PLANS[0][1] * Decimal(str(PRICE_FACTORS[client.currency])) * Decimal(share)
        add_credit(
            client=client,
            amount=Money(round_half_up(price, client.currency), client.currency),
            description=description.format(day=f"{run_on:%-d %B}", month=f"{run_on:%B %Y}"),
            by=by,
            category=CreditGrant.Category(category),
            expires_on=run_on + datetime.timedelta(days=days) if days else None,
        )
    held = list(
        CreditAccount.objects.filter(balance__gt=1).exclude(client=hero).select_related("client").order_by("pk")
    )
    for account in chance.sample(held, min(2, len(held))):
        lower = Money(round_half_up(account.balance.amount / 2, account.currency), account.currency)
        adjust_balance(
            client=account.client, seen=account.balance, balance=lower, by=by, reason="Carried over in error"
        )
