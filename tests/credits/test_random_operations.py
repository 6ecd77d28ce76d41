"""Thousands of operations in any order: the balances agree with a simple model to the last minor unit."""

import datetime
import os
import random
from collections.abc import Callable
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.db import connection
from django.db import transaction as db_transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from clients.models import CreditUse
from tests.credits.books import CURRENCIES, EXPIRIES, USES, Books, InvoiceModel
from tests.invariants import assert_invariants
from tests.thoroughness import examples

pytestmark = pytest.mark.django_db

OPERATIONS = int(os.environ.get("BILLING_RANDOM_OPERATIONS", "1000"))
# After how many of them the books are compared and the invariants asserted.
EVERY = int(os.environ.get("BILLING_RANDOM_EVERY", "500"))
PARTS = int(os.environ.get("BILLING_RANDOM_PARTS", "4"))
SEED = os.environ.get("BILLING_RANDOM_SEED", "1")

# Most happens on one account, so that its grants and invoices meet.
owners = st.sampled_from([0, 0, 0, 0, 1, 2])
currencies = st.sampled_from([CURRENCIES[0]] * 3 + list(CURRENCIES))
# Small figures meet often: exactly enough, one too many, nothing left.
amounts = st.integers(1, 12) | st.sampled_from([99, 100, 101, 1999, 123_456_789])
places = st.integers(0, 10_000)


class Operations(RuleBasedStateMachine):
    """Hypothesis chooses the operations, and finds the shortest sequence that goes wrong."""

    @initialize()
    def open_books(self) -> None:
        """Some credit to begin with, of every sort, so that few operations are needed for it to matter."""
        self.undone = db_transaction.atomic()
        self.undone.__enter__()
        self.books = Books.open()
        for priority, expires_on, paid in product((50, 1), (None, EXPIRIES[1]), (True, False)):
            self.books.add(0, CURRENCIES[0], 3, priority, expires_on, paid)

    def teardown(self) -> None:
        if hasattr(self, "undone"):
            db_transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)

    @rule(owner=owners, currency=currencies, amount=amounts, priority=st.sampled_from([1, 50]),
          expires_on=st.sampled_from(EXPIRIES), paid=st.booleans())  # fmt: skip
    def add(self, **figures: object) -> None:
        self.books.add(**figures)

    @rule(owner=owners, currency=currencies, balance=st.just(0) | amounts, seen_too_much=st.sampled_from([0, 0, 0, 1]))
    def adjust(self, **figures: object) -> None:
        self.books.adjust(**figures)

    @rule(owner=owners, currency=currencies, prices=st.lists(st.just(0) | amounts, min_size=1, max_size=3),
          tax_percent=st.sampled_from([0, 5, 20]), use=st.sampled_from(["", *USES]))  # fmt: skip
    def issue(self, **figures: object) -> None:
        self.books.issue(**figures)

    @precondition(lambda self: self.books.invoices)
    @rule(place=places, amount=st.none() | amounts)
    def apply(self, place: int, amount: int | None) -> None:
        self.books.apply(self.pick(place, lambda invoice: invoice.due), amount)

    @rule(owner=owners, currency=currencies, amount=amounts)
    def remove(self, owner: int, currency: str, amount: int) -> None:
        self.books.remove(owner, currency, amount)

    @precondition(lambda self: self.books.invoices)
    @rule(place=places, amount=st.none() | amounts)
    def release(self, place: int, amount: int | None) -> None:
        self.books.release(self.pick(place, lambda invoice: invoice.credit), amount)

    @rule(
        source=owners, recipient=owners, currency=currencies, amount=amounts, paid=st.sampled_from([None, True, False])
    )
    def transfer(self, recipient: int, **figures: object) -> None:
        self.books.transfer(target=recipient, **figures)

    @rule(owner=owners, currency=currencies, place=places, whole=st.booleans())
    def take_back(self, **figures: object) -> None:
        self.books.take_back(**figures)

    @rule(owner=owners, currency=currencies, place=places)
    def reverse(self, **figures: object) -> None:
        self.books.reverse(**figures)

    @rule(as_of=st.sampled_from([day for day in EXPIRIES if day]))
    def expire(self, as_of: datetime.date) -> None:
        self.books.expire(as_of)

    @rule(rows=st.lists(st.tuples(owners, currencies, amounts), min_size=1, max_size=4))
    def give_in_bulk(self, rows: list) -> None:
        with TemporaryDirectory() as folder:
            self.books.give_in_bulk(rows, Path(folder))

    @precondition(lambda self: self.books.batches)
    @rule(place=places)
    def reverse_batch(self, place: int) -> None:
        self.books.reverse_batch(place)

    @precondition(lambda self: self.books.invoices)
    @rule(place=places, amount=amounts)
    def pay(self, place: int, amount: int) -> None:
        self.books.pay(self.pick(place, lambda invoice: invoice.due), amount)

    @precondition(lambda self: self.books.invoices)
    @rule(place=places, amount=st.none() | amounts)
    def write_off(self, place: int, amount: int | None) -> None:
        self.books.write_off(self.pick(place, lambda invoice: invoice.due), amount)

    @precondition(lambda self: self.books.invoices)
    @rule(place=places, amount=st.none() | amounts)
    def reverse_write_off(self, place: int, amount: int | None) -> None:
        self.books.reverse_write_off(self.pick(place, lambda invoice: invoice.written_off), amount)

    def pick(self, place: int, fit: Callable[[InvoiceModel], int]) -> int:
        """An invoice for which the operation means something; where there is none, any."""
        everywhere = range(len(self.books.invoices))
        fitting = [number for number in everywhere if fit(self.books.invoices[number])] or everywhere
        return fitting[place % len(fitting)]

    @invariant()
    def agrees(self) -> None:
        self.books.compare()
        assert_invariants()


def test_any_sequence_of_operations_agrees_with_the_model():
    run_state_machine_as_test(
        Operations,
        settings=settings(
            max_examples=examples(8),
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink],
        ),
    )


def one_operation(books: Books, dice: random.Random) -> None:
    """An operation as they come in daily life, most of them on one account, so that its grants and invoices meet."""
    owner, currency = dice.choice([0, 0, 0, 0, 1, 2]), dice.choice([CURRENCIES[0], CURRENCIES[0], *CURRENCIES])
    amount = dice.choice([dice.randint(1, 12), dice.randint(1, 12), dice.randint(1, 2000), dice.randint(1, 10**9)])
    latest = range(max(0, len(books.invoices) - 200), len(books.invoices))
    unpaid = [place for place in latest if books.invoices[place].due]
    with_credit = [place for place in latest if books.invoices[place].credit]
    written_off = [place for place in latest if books.invoices[place].written_off]
    operations = {
        "add": 20, "adjust": 10, "remove": 5, "issue": 20, "apply": 20, "release": 10, "pay": 15, "transfer": 10,
        "take back": 5, "reverse": 5, "expire": 1, "bulk": 2, "reverse batch": 1,
        "write off": 6, "reverse write-off": 3, "pay what is written off": 4,
    }  # fmt: skip
    match dice.choices(list(operations), list(operations.values()))[0]:
        case "add":
            books.add(owner, currency, amount, dice.choice([1, 50]), dice.choice(EXPIRIES), dice.random() < 0.5)
        case "adjust":
            books.adjust(owner, currency, dice.choice([0, amount]), dice.choice([0, 0, 0, 1]))
        case "remove":
            books.remove(owner, currency, amount)
        case "release" if with_credit:
            books.release(dice.choice(with_credit), dice.choice([None, amount]))
        case "issue":
            several = [dice.randint(0, amount) for _ in range(dice.randint(1, 3))]
            prices, tax = dice.choice([(several, dice.choice([0, 5, 20])), ([books.balance(owner, currency)], 0)])
            books.issue(owner, currency, prices, tax, dice.choice(["", CreditUse.WHOLE]))
        case "transfer":
            books.transfer(owner, dice.choice([0, 1, 2]), currency, amount, dice.choice([None, True, False]))
        case "take back":
            books.take_back(owner, currency, -dice.randint(1, 5), dice.random() < 0.5)
        case "reverse":
            books.reverse(owner, currency, dice.randint(0, 11))
        case "expire":
            books.expire(dice.choice(EXPIRIES[1:]))
        case "bulk":
            with TemporaryDirectory() as folder:
                rows = [(dice.randint(0, 2), dice.choice(CURRENCIES), dice.randint(1, 2000)) for _ in range(3)]
                books.give_in_bulk(rows, Path(folder))
        case "reverse batch" if books.batches:
            books.reverse_batch(dice.randint(0, 1000))
        case "apply" if unpaid:
            place = dice.choice(unpaid)
            books.apply(place, dice.choice([None, amount, books.invoices[place].due]))
        case "pay" if unpaid:
            place = dice.choice(unpaid)
            books.pay(place, dice.choice([amount, books.invoices[place].due]))
        case "write off" if unpaid:
            books.write_off(dice.choice(unpaid), dice.choice([None, amount]))
        case "reverse write-off" if written_off:
            books.reverse_write_off(dice.choice(written_off), dice.choice([None, amount]))
        case "pay what is written off" if written_off:
            place = dice.choice(written_off)
            books.pay(place, dice.choice([amount, books.invoices[place].written_off]))


def test_three_hundred_operations_agree_with_the_model_after_each():
    books, dice = Books.open(), random.Random(SEED)
    for number in range(300):
        one_operation(books, dice)
        books.compare()
        if number % 10 == 0:
            assert_invariants()
    assert_invariants()


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_thousands_of_operations_agree_with_the_model(part):
    """1,000 here, in parts that two workers share.

    For one long run: BILLING_RANDOM_OPERATIONS=10000 BILLING_RANDOM_PARTS=1 BILLING_RANDOM_EVERY=1 (all after every
    step). BILLING_RANDOM_SEED tries others.
    """
    books, dice = Books.open(), random.Random(f"{SEED}/{part}")
    with connection.cursor() as cursor:  # or the checks of thousands of keys pile up until the end of the transaction
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for number in range(OPERATIONS // PARTS):
        one_operation(books, dice)
        if number % EVERY == 0:
            books.compare()
            assert_invariants()
    books.compare()
    assert_invariants()
