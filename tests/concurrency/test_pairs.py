"""Every two of what is done about one invoice, its payment and its client, each twice, all at once."""

from collections.abc import Callable
from functools import partial
from itertools import combinations
from typing import Any

import pytest

from billing_admin.errors import BusinessError
from clients.models import CreditUse
from clients.services.delete.delete_client import delete_client
from clients.services.merge.merge_clients import merge_clients
from credits.services.apply import apply_credit
from credits.services.check import check_ledger
from credits.services.release import release_credit
from invoices.services.cancel import cancel_invoice
from invoices.services.credit_notes import issue_credit_note
from invoices.services.write_off import write_off_invoice
from tests.concurrency.racing import race
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, usd
from tests.invariants import assert_invariants
from transactions.services.receive import receive_payment
from transactions.services.refund import refund_payment
from transactions.services.reverse import reverse_payment

ACTIONS = (
    "cancel", "credit note", "refund to the method", "refund to credit", "reverse", "apply", "release", "pay",
    "write off", "merge away", "merge into", "delete",
)  # fmt: skip
ALWAYS = {("credit note", "reverse"), ("credit note", "refund to credit"), ("cancel", "refund to the method")}


@pytest.mark.parametrize(
    "pair",
    [pytest.param(pair, marks=() if pair in ALWAYS else pytest.mark.long) for pair in combinations(ACTIONS, 2)],
    ids="-".join,
)
def test_two_actions_at_once_end_in_words_and_leave_the_books_in_order(pair):
    acme, globex, card = make_client(credit_use=CreditUse.NEVER), make_client("Globex"), make_payment_method()
    give_credit(acme, usd(50))
    invoice = make_invoice(acme, usd(60), usd(40))
    payment = receive_payment(invoices=[invoice], amount=usd(30), payment_method=card, by=None).transaction
    apply_credit(invoice=invoice, by=None, amount=usd(20))
    actions: dict[str, Callable[..., Any]] = {
        "cancel": partial(cancel_invoice, invoice=invoice),
        "credit note": partial(issue_credit_note, invoice=invoice, reason="Downtime"),
        "refund to the method": partial(refund_payment, payment=payment, amount=usd(30), to="method"),
        "refund to credit": partial(refund_payment, payment=payment, amount=usd(30), to="credit"),
        "reverse": partial(reverse_payment, payment=payment),
        "apply": partial(apply_credit, invoice=invoice),
        "release": partial(release_credit, invoice=invoice),
        "pay": partial(receive_payment, invoices=[invoice], amount=usd(50), payment_method=card, reference="ch_1"),
        "write off": partial(write_off_invoice, invoice=invoice, reason="Insolvent"),
        "merge away": partial(merge_clients, kept=globex, discarded=acme),
        "merge into": partial(merge_clients, kept=acme, discarded=globex),
        "delete": partial(delete_client, client=acme),
    }
    racers: list[Callable[[], Any]] = [partial(actions[name], by=None) for name in pair * 2]
    outcomes = race(*racers, meet_before=["INSERT INTO", "UPDATE"])
    assert [each for each in outcomes if isinstance(each, Exception) and not isinstance(each, BusinessError)] == []
    assert_invariants()
    assert check_ledger().finding_count == 0
