"""Limits of roles and people: what each service refuses, with its figures, and what counts towards a day."""

import datetime
from decimal import Decimal
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from djmoney.money import Money

from billing_admin.errors import BusinessError
from billing_admin.staff.groups import BILLING, MANAGER, OWNER, SUPPORT, VIEWER
from clients.models import LimitSettings, LimitUse, NeedsApproval
from clients.services.delete.delete_client import delete_client
from clients.services.merge.merge_clients import merge_clients
from clients.services.merge.undo import undo_merge
from credits.models import CreditEntry
from credits.services.adjust import adjust_balance
from credits.services.grant import add_credit
from credits.services.limits import set_credit_limits
from credits.services.remove import remove_credit
from credits.services.reverse import reverse_entry
from credits.services.transfer import transfer_credit
from invoices.services.credit_notes import issue_credit_note
from invoices.services.write_off import write_off_invoice
from tests.commands import run_command
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, make_staff, person_with, usd
from tests.invariants import assert_invariants
from tests.limits import limit, limited_person, switch_on
from tests.unchanged import nothing_changes
from transactions.services.receive import receive_payment
from transactions.services.refund import refund_payment
from transactions.services.reverse import reverse_payment

pytestmark = pytest.mark.django_db


def refused(act) -> str:
    """What is refused with nothing changed, in words."""
    with nothing_changes(), pytest.raises(NeedsApproval) as error:
        act()
    return error.value.why


def giving(to, amount, by, **more):
    return partial(add_credit, client=to, amount=amount, description="Downtime", by=by, **more)


def test_limits_that_are_off_limit_nobody():
    by = limited_person({"given entry USD": 10})
    LimitSettings.objects.update(is_on=False)
    giving(make_client(), usd(100), by)()
    assert not LimitUse.objects.exists()


def test_an_entry_above_the_limit_is_refused_with_its_figures():
    by, acme = limited_person({"given entry USD": 100}), make_client()
    giving(acme, usd(100), by)()
    assert refused(giving(acme, usd("100.01"), by)) == (
        "100.01 USD is more than the 100.00 USD that you may give as credit at once."
    )
    assert_invariants()


def test_a_currency_without_a_limit_is_none_at_all():
    by = limited_person({"given entry USD": 100})
    assert refused(giving(make_client(), Money(1, "EUR"), by)) == (
        "1.00 EUR is more than the 0.00 EUR that you may give as credit at once."
    )


def test_a_days_limit_for_a_client_counts_what_was_given_to_it():
    by, acme, globex = limited_person({"given client_day USD": 100}), make_client(), make_client("Globex")
    giving(acme, usd(60), by)()
    giving(globex, usd(90), by)()
    assert refused(giving(acme, usd(50), by)) == (
        "50.00 USD is more than is left of the 100.00 USD that you may give as credit for one client in a day: "
        "60.00 USD was used today, 40.00 USD is left."
    )
    giving(acme, usd(40), by)()


def test_a_days_limit_of_a_person_counts_all_clients():
    by, another = limited_person({"given person_day USD": 100}), make_staff(MANAGER)
    giving(make_client(), usd(60), by)()
    assert "60.00 USD was used today, 40.00 USD is left." in refused(giving(make_client("Globex"), usd(50), by))
    giving(make_client("Initech"), usd(50), another)()


def test_the_day_before_does_not_count_and_is_forgotten():
    by, acme = limited_person({"given person_day USD": 100}), make_client()
    before = timezone.localdate() - datetime.timedelta(days=1)
    LimitUse.objects.create(person=by, kind="given", day=before, client_key=acme.pk, currency="USD", amount=usd(100))
    giving(acme, usd(100), by)()
    assert [use.day for use in LimitUse.objects.all()] == [timezone.localdate()]


def test_the_largest_of_the_roles_that_give_the_right_counts():
    by = limited_person({"given entry USD": 100}, SUPPORT)
    limit(BILLING, {"given entry USD": 300})
    by.groups.add(*make_staff(BILLING, VIEWER).groups.all())
    giving(make_client(), usd(300), by)()
    assert "more than the 300.00 USD" in refused(giving(make_client(), usd(301), by))


def test_a_role_that_does_not_give_the_right_lifts_no_limit():
    by = limited_person({"given entry USD": 100}, SUPPORT)
    by.groups.add(*make_staff(VIEWER).groups.all())
    assert "more than the 100.00 USD" in refused(giving(make_client(), usd(101), by))


def test_ones_own_limit_counts_instead_of_the_roles():
    by = limited_person({"given entry USD": 100})
    limit(by, {"given entry USD": 20})
    assert "more than the 20.00 USD" in refused(giving(make_client(), usd(50), by))
    limit(by, {"given entry USD": 500})
    giving(make_client(), usd(500), by)()


def test_who_lacks_the_right_may_do_nothing_of_the_kind():
    switch_on()
    assert "more than the 0.00 USD" in refused(giving(make_client(), usd(1), person_with("view_credit")))
    giving(make_client(), usd(1), person_with("add_credit"))()


def test_the_system_has_no_limits():
    limited_person({"given entry USD": 0})
    giving(make_client(), usd(100), None)()


def test_above_the_limit_of_everybody_nobody_agrees_alone():
    set_credit_limits(largest_grants={"USD": Decimal(1000)}, by=None)
    by = make_staff(OWNER)
    giving(make_client(), usd(2000), by, agreed=usd(2000))()
    switch_on()
    assert refused(giving(make_client(), usd(2000), by, agreed=usd(2000))) == (
        "2,000.00 USD is more than the 1,000.00 USD that anybody may give as credit alone at once."
    )


def test_a_balance_is_raised_within_the_limit_and_lowered_without():
    by, acme = limited_person({"adjusted entry USD": 10}), make_client()
    give_credit(acme, usd(50))
    assert refused(partial(adjust_balance, client=acme, seen=usd(50), balance=usd(61), by=by)) == (
        "11.00 USD is more than the 10.00 USD that you may raise a balance by at once."
    )
    adjust_balance(client=acme, seen=usd(50), balance=usd(0), by=by)


def test_transfers_are_limited():
    by, acme, globex = limited_person({"transferred client_day USD": 30}), make_client(), make_client("Globex")
    give_credit(acme, usd(50))
    transfer_credit(source=acme, target=globex, amount=usd(20), by=by)
    assert "10.00 USD is left" in refused(
        partial(transfer_credit, source=acme, target=globex, amount=usd(20), by=by)
    )  # fmt: skip


def paid(amount=100):
    acme = make_client()
    invoice = make_invoice(acme, usd(amount))
    return receive_payment(
        invoices=[invoice], amount=usd(amount), payment_method=make_payment_method(), by=None
    ).transaction


@pytest.mark.parametrize("to", ["method", "credit"])
def test_refunds_are_limited(to):
    by = limited_person({"refunded entry USD": 30, "given entry USD": 0})
    payment = paid()
    assert "more than the 30.00 USD that you may give back of payments at once" in refused(
        partial(refund_payment, payment=payment, amount=usd(31), to=to, by=by)
    )
    refund_payment(payment=payment, amount=usd(30), to=to, by=by)  # the money stands behind its credit


def test_reversing_a_payment_is_limited_like_a_refund():
    by = limited_person({"refunded entry USD": 30})
    assert "more than the 30.00 USD" in refused(partial(reverse_payment, payment=paid(), by=by))
    assert_invariants()


def test_write_offs_are_limited():
    by, invoice = limited_person({"written_off entry USD": 30}), make_invoice(make_client(), usd(40))
    assert "more than the 30.00 USD that you may write off" in refused(
        partial(write_off_invoice, invoice=invoice, by=by, reason="Insolvent")
    )
    write_off_invoice(invoice=invoice, by=by, reason="Insolvent", amount=usd(30))


def test_credit_notes_are_limited():
    by, invoice = limited_person({"credited entry USD": 30}), make_invoice(make_client(), usd(40))
    assert "more than the 30.00 USD that you may take back by credit notes" in refused(
        partial(issue_credit_note, invoice=invoice, by=by, reason="Wrong")
    )


def test_a_refund_within_a_credit_note_has_the_limit_of_refunds():
    by, payment = limited_person({"refunded entry USD": 30}), paid()
    assert "give back of payments" in refused(
        partial(issue_credit_note, invoice=payment.invoice, by=by, reason="Wrong")
    )


def test_reversing_a_removal_gives_credit_within_the_limit():
    by, acme = limited_person({"given entry USD": 30}), make_client()
    give_credit(acme, usd(50))
    remove_credit(client=acme, amount=usd(40), description="Mistake", by=by)
    removal = CreditEntry.objects.get(kind="remove")
    assert "more than the 30.00 USD that you may give as credit" in refused(
        partial(reverse_entry, entry=removal, by=by)
    )


def book_file(folder, by, amounts):
    """A file that gives each client its amount, booked by a command."""
    rows = "".join(f"{to.number},{amount},USD,Downtime\n" for to, amount in amounts.items())
    file = folder / "credit.csv"
    file.write_text(f"Client ID,Amount,Currency,Description\n{rows}")
    return run_command("grant_credit", str(file), "--no-input", "--as", by.username)


def test_a_file_of_credit_is_limited_whole_and_for_each_client(tmp_path):
    by, acme, globex = limited_person({"bulk entry USD": 100, "bulk client_day USD": 60}), make_client(), make_client()

    def book(one, other):
        return book_file(tmp_path, by, {acme: one, globex: other})

    assert "120.00 USD is more than the 100.00 USD that you may give in bulk at once." in book(60, 60).error
    assert (
        "61.00 USD is more than the 60.00 USD that you may give in bulk for one client in a day." in book(1, 61).error
    )
    assert "2 credits booked" in book(50, 50).printed[-1]
    assert "10.00 USD is left" in book(11, 1).error
    assert_invariants()


def test_a_merge_moves_what_a_file_gave_too(tmp_path):
    by, (acme, globex, initech) = limited_person({"bulk client_day USD": 60}), map(make_client, ("A", "B", "C"))
    book_file(tmp_path, by, {acme: 40})
    merge_clients(kept=globex, discarded=acme, by=None)
    merge_clients(kept=initech, discarded=globex, by=None)
    assert "40.00 USD was used today, 20.00 USD is left" in book_file(tmp_path, by, {initech: 21}).error
    assert book_file(tmp_path, by, {initech: 20}).error == ""


def test_a_merge_moves_what_was_used_and_its_undo_gives_it_back():
    by, acme, globex = limited_person({"given client_day USD": 100}), make_client(), make_client("Globex")
    giving(acme, usd(100), by)()
    merge = merge_clients(kept=globex, discarded=acme, by=None)
    assert "100.00 USD was used today" in refused(giving(globex, usd(1), by))
    undo_merge(merge=merge, by=None)
    giving(globex, usd(100), by)()


def test_a_deletion_gives_nothing_back():
    by, acme = limited_person({"given person_day USD": 100}), make_client()
    giving(acme, usd(100), by)()
    delete_client(client=acme, by=None)
    assert "100.00 USD was used today" in refused(giving(make_client(), usd(1), by))


@pytest.mark.parametrize(
    "row",
    [
        "NULL, NULL, 'given', 'entry', 'USD', 1",
        "NULL, %s, 'nothing', 'entry', 'USD', 1",
        "NULL, %s, 'given', 'year', 'USD', 1",
        "NULL, %s, 'given', 'entry', 'USD', -1",
        "NULL, %s, 'given', 'entry', 'USD', 0.001",
    ],
)
def test_the_database_refuses_a_limit_that_is_none(row):
    person = make_staff()
    columns = "(role_id, person_id, kind, scope, currency, amount)"
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO clients_limit {columns} VALUES ({row})", [person.pk] * row.count("%s"))


def test_above_a_limit_is_a_refusal_like_any_other():
    by = limited_person({"given entry USD": 1})
    with pytest.raises(BusinessError, match="once somebody else approves it"):
        giving(make_client(), usd(2), by)()
