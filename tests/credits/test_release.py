"""Taking credit off an invoice."""

import datetime

import pytest

from billing_admin.errors import BusinessError
from credits.models import CreditAccount, CreditEntry, CreditGrant
from credits.services.apply import apply_credit
from credits.services.release import release_credit
from credits.services.remove import remove_credit
from credits.services.take_back import reverse_grant, take_back_rest
from credits.services.transfer import transfer_credit
from invoices.models import Invoice
from tests.factories import give_credit, make_client, make_invoice, usd
from tests.invariants import assert_invariants

pytestmark = pytest.mark.django_db


def left(*grants: CreditGrant) -> list[str]:
    return [str(CreditGrant.objects.get(pk=grant.pk).remaining.amount) for grant in grants]


def test_released_credit_goes_back_to_the_grants_that_it_came_from():
    acme = make_client()
    first, second = give_credit(acme, usd(30)), give_credit(acme, usd(30))
    invoice = make_invoice(acme, usd(40))
    assert left(first, second) == ["0.000", "20.000"]
    assert release_credit(invoice=invoice, by=None) == usd(40)
    invoice.refresh_from_db()
    assert (invoice.status, invoice.due, left(first, second)) == (
        Invoice.Status.UNPAID,
        usd(40),
        ["30.000", "30.000"],
    )
    assert_invariants()


def test_a_part_is_released_to_the_grant_used_last():
    acme = make_client()
    first, second = give_credit(acme, usd(30)), give_credit(acme, usd(30))
    invoice = make_invoice(acme, usd(40))
    release_credit(invoice=invoice, by=None, amount=usd(15))
    assert left(first, second) == ["5.000", "30.000"]
    assert_invariants()


def test_applying_and_releasing_again_and_again_leaves_no_odd_cents():
    acme = make_client()
    first, second = give_credit(acme, usd("0.01")), give_credit(acme, usd("9.98"))
    invoice = make_invoice(acme, usd("9.99"))
    for _ in range(3):
        release_credit(invoice=invoice, by=None)
        apply_credit(invoice=invoice, by=None)
    invoice.refresh_from_db()
    assert (invoice.status, left(first, second)) == (Invoice.Status.PAID, ["0.000", "0.000"])
    assert_invariants()


def test_an_expired_grant_gets_it_back_and_expires_it_at_once():
    acme = make_client()
    grant = give_credit(acme, usd(30), expires_on=datetime.date(2099, 1, 1))
    invoice = make_invoice(acme, usd(20), on=datetime.date(2099, 1, 1))
    release_credit(invoice=invoice, by=None, on=datetime.date(2099, 1, 2))
    assert left(grant) == ["10.000"]
    kinds = CreditEntry.objects.filter(grant=grant).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["grant", "apply", "release", "expire"]
    assert_invariants()


def test_releasing_where_nothing_is_applied_says_so():
    invoice = make_invoice(make_client(), usd(20))
    with pytest.raises(BusinessError, match=f"No credit is applied to {invoice.label}; nothing was released."):
        release_credit(invoice=invoice, by=None)


def test_releasing_more_than_was_applied_is_refused_with_the_figures():
    acme = make_client()
    give_credit(acme, usd(5))
    invoice = make_invoice(acme, usd(20))
    with pytest.raises(BusinessError, match=r"5\.00 USD of credit is applied .*; 6\.00 USD cannot be released"):
        release_credit(invoice=invoice, by=None, amount=usd(6))
    assert_invariants()


def test_removing_takes_from_the_grants_in_draw_down_order():
    acme = make_client()
    first, second = give_credit(acme, usd(10)), give_credit(acme, usd("2.50"))
    with pytest.raises(BusinessError, match=r"Only 12\.50 USD of credit is available; 20\.00 USD was asked for\."):
        remove_credit(client=acme, amount=usd(20), description="Given in error", by=None)
    assert left(first, second) == ["10.000", "2.500"]
    assert remove_credit(client=acme, amount=usd(11), description="Given in error", by=None) == usd("1.50")
    assert left(first, second) == ["0.000", "1.500"]
    assert_invariants()


def test_of_a_partly_spent_grant_only_the_rest_is_taken_back():
    acme = make_client()
    grant = give_credit(acme, usd(30))
    make_invoice(acme, usd(20))
    with pytest.raises(
        BusinessError, match=r"20\.00 USD of the 30\.00 USD “Downtime” has been used\. Only the rest, 10\.00"
    ):
        reverse_grant(grant=grant, by=None)
    assert left(grant) == ["10.000"]
    assert take_back_rest(grant=grant, by=None) == usd(10)
    with pytest.raises(BusinessError, match=r"Nothing is left of the 30\.00 USD “Downtime”\."):
        take_back_rest(grant=grant, by=None)
    assert_invariants()


def test_reversing_an_unused_grant_undoes_it_once():
    acme = make_client()
    grant = give_credit(acme, usd(30))
    assert reverse_grant(grant=grant, by=None) == usd(30)
    with pytest.raises(BusinessError, match=r"^Nothing is left of the 30\.00 USD “Downtime”\.$"):
        reverse_grant(grant=grant, by=None)
    assert CreditAccount.objects.get(client=acme).balance == usd(0)
    assert_invariants()


def test_transferring_the_paid_credit_twice_is_refused_the_second_time():
    acme, globex = make_client(), make_client("Globex")
    give_credit(acme, usd(50), "Welcome", category=CreditGrant.Category.PROMOTIONAL)
    give_credit(acme, usd(50), "Prepaid", category=CreditGrant.Category.PAID, expires_on=datetime.date(2099, 1, 1))
    paid = CreditGrant.Category.PAID
    transfer_credit(source=acme, target=globex, amount=usd(50), by=None, category=paid)
    with pytest.raises(BusinessError, match=r"Only 0\.00 USD of credit is available"):
        transfer_credit(source=acme, target=globex, amount=usd(50), by=None, category=paid)
    arrived = CreditGrant.objects.get(client=globex)
    assert (arrived.category, arrived.expires_on, arrived.remaining) == (paid, datetime.date(2099, 1, 1), usd(50))
    assert CreditAccount.objects.get(client=acme).balance == usd(50)
    batches = CreditEntry.objects.filter(kind="transfer").values_list("batch", flat=True)
    assert len(batches) == 2
    assert len(set(batches)) == 1
    assert_invariants()


def test_a_transfer_names_the_other_client_by_number_alone():
    acme, globex = make_client("Secret ClientData"), make_client("Globex")
    give_credit(acme, usd(50))
    transfer_credit(source=acme, target=globex, amount=usd(20), by=None)
    arrived = CreditGrant.objects.get(client=globex)
    assert arrived.description == f"Transferred from client {acme.number}"
    assert not globex.activities.filter(summary__contains="Secret").exists()


def test_transferring_to_oneself_is_refused():
    acme = make_client()
    give_credit(acme, usd(50))
    with pytest.raises(BusinessError, match="Acme Ltd cannot transfer credit to itself"):
        transfer_credit(source=acme, target=acme, amount=usd(20), by=None)
