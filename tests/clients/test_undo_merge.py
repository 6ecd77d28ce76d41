"""Undoing a merge: exactly what moved comes back, or a sentence says why not."""

import datetime
import json
from operator import itemgetter

import pytest
from django.db import connection

from clients.models import Activity, Client, ClientGroup, ClientMerge, ClientNote, Contact, MergedRows
from clients.services.merge.merge_clients import Choices, merge_clients
from clients.services.merge.undo import undo_merge
from clients.services.profile import edit_client
from credits.models import CreditAccount
from credits.selectors.balances import balances_of
from credits.services.apply import apply_credit
from credits.services.expire import expire_credit
from credits.services.release import release_credit
from credits.services.remove import remove_credit
from invoices.models import BillableItem, Invoice
from invoices.services.runs.generate import generate_invoices
from tests.clients.holders import TODAY, eur, make_holder
from tests.factories import give_credit, make_client, make_invoice, make_item, make_payment_method, make_staff, usd
from tests.invariants import assert_invariants
from tests.unchanged import all_rows, refused
from transactions.models import Transaction
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db


def merge(kept: Client, discarded: Client, **choices) -> ClientMerge:
    return merge_clients(kept=kept, discarded=discarded, by=None, choices=Choices(**choices))


def undo(merge: ClientMerge) -> Client:
    restored = undo_merge(merge=merge, by=None)
    connection.check_constraints()
    return restored


def everything_but_the_record(merge: ClientMerge) -> dict[str, list[str] | list[dict]]:
    """All rows of all tables, without the moment a profile was saved, the merge itself and the activity about it."""
    rows: dict[str, list] = dict(all_rows())
    for table in ("clients_client", "clients_clientmerge", "clients_activity"):
        rows[table] = sorted(map(json.loads, rows[table]), key=itemgetter("id"))
    rows["clients_client"] = [row | {"updated_at": None} for row in rows["clients_client"]]
    rows["clients_clientmerge"] = [row for row in rows["clients_clientmerge"] if row["id"] != merge.pk]
    rows["clients_activity"] = [row for row in rows["clients_activity"] if row["data"].get("merge") != merge.pk]
    for table in ("billing_admin_writtenrows", "clients_unsealed"):
        del rows[table]  # that they were written, also those that are left out here
    return rows


@pytest.mark.parametrize("choices", [{}, {"fields": frozenset(["email", "phone", "currency"])}])
def test_undoing_gives_back_every_row_as_it_was(choices):
    acme, globex = make_holder(), make_holder("Globex Inc", currency="EUR")
    Contact.objects.create(client=acme, first_name="Bo", email="bo@example.com", phone="1")
    theirs = Contact.objects.create(client=globex, first_name="Beau", email="bo@example.com", phone="2")
    if choices:
        choices["contacts"] = frozenset([theirs.pk])
    before = everything_but_the_record(ClientMerge(pk=0))
    done = merge(acme, globex, **choices)
    restored = undo(done)
    assert everything_but_the_record(done) == before
    assert (restored.pk, restored.number) == (globex.pk, globex.number)
    assert_invariants()


def test_the_restored_client_is_known_by_its_number_again():
    acme, globex = make_client(), make_client("Globex")
    undo(merge(acme, globex))
    assert Client.objects.numbered(globex.number).get() == globex


def test_what_belongs_to_the_restored_client_stands_nowhere_else():
    acme, globex = make_client(), make_client("Globex", phone="+49 30 1234")
    done = merge(acme, globex, fields=frozenset(["phone"]))
    acme.refresh_from_db()
    edit_client(client=acme, by=None, phone="555")
    undo(done)
    done.refresh_from_db()
    acme.refresh_from_db()
    assert (done.journal, done.discarded_snapshot, MergedRows.objects.count()) == ({}, {}, 0)
    assert acme.phone == "555"  # staff changed it since: that stays
    ours = Activity.objects.filter(client=acme)
    assert not [row for row in ours if "1234" in row.summary + str(row.data) or "Globex" in row.summary]
    assert not ClientNote.objects.exists()


def test_both_know_of_it_and_the_merge_says_who_undid_it():
    ann = make_staff(username="ann")
    acme, globex = make_client(), make_client("Globex")
    give_credit(globex, usd(1))
    done = merge(acme, globex)
    undo_merge(merge=done, by=ann)
    assert list(
        Activity.objects.filter(verb="client.merge_undone").order_by("pk").values_list("client", "summary")
    ) == [
        (acme.pk, f"Merge of client {globex.number} undone: 1 credit given back"),
        (globex.pk, f"Merge into client {acme.number} undone"),
    ]
    done.refresh_from_db()
    assert (done.undone_by_name, done.undone_at is not None) == ("ann", True)


def test_what_was_done_to_either_alone_since_stays():
    acme, globex = make_client(), make_client("Globex")
    give_credit(globex, usd(20), "Theirs", expires_on=datetime.date(2099, 1, 1))
    done = merge(acme, globex)
    give_credit(acme, usd(5), "Ours since")
    give_credit(acme, eur(7), "Ours since")
    expire_credit(as_of=datetime.date(2099, 6, 1), by=None)
    undo(done)
    assert balances_of(acme) == [usd(5), eur(7)]
    assert balances_of(globex) == [usd(0)]
    assert [entry.kind for entry in globex.credit_entries.order_by("pk")] == ["grant", "expire"]
    assert_invariants()


def test_an_account_that_the_merge_opened_and_nobody_used_goes_again():
    acme, globex = make_client(), make_client("Globex")
    give_credit(globex, usd(20))
    done = merge(acme, globex)
    undo(done)
    assert list(CreditAccount.objects.values_list("client", flat=True)) == [globex.pk]


def test_credit_used_on_its_own_invoices_since_goes_back_with_them():
    acme, globex = make_client(), make_client("Globex")
    unpaid = make_invoice(globex, usd(15))
    give_credit(globex, usd(20))
    done = merge(acme, globex)
    unpaid.refresh_from_db()
    apply_credit(invoice=unpaid, by=None)
    undo(done)
    unpaid.refresh_from_db()
    assert (unpaid.client, unpaid.due, balances_of(globex)) == (globex, usd(0), [usd(5)])
    assert_invariants()


def test_a_group_that_is_gone_is_left_empty():
    group = ClientGroup.objects.create(name="Resellers")
    acme, globex = make_client(), make_client("Globex", group=group)
    done = merge(acme, globex)
    group.delete()
    assert undo(done).group is None


# ── Order ──


def test_a_chain_is_undone_from_its_end():
    first, second, third = make_client("A"), make_client("B"), make_client("C")
    give_credit(first, usd(1))
    give_credit(second, usd(2))
    one = merge(second, first)
    two = merge(third, second)
    one.refresh_from_db()
    with refused(
        f"Client {second.number} was merged into client {third.number} later, on "
        f"{two.merged_at:%-d %b %Y}. Undo that merge first, on its Summary under Merges or with undo_merge "
        f"{second.number}."
    ):
        undo_merge(merge=one, by=None)
    undo(two)
    assert (balances_of(second), balances_of(third)) == ([usd(3)], [usd(0)])
    assert Client.objects.numbered(first.number).get() == second
    one.refresh_from_db()
    undo(one)
    assert [balances_of(each) for each in (first, second, third)] == [[usd(1)], [usd(2)], [usd(0)]]
    assert_invariants()


def test_of_two_merges_into_one_client_the_latest_is_undone_first():
    acme, globex, initech = make_client(), make_client("Globex"), make_client("Initech")
    one, two = merge(acme, globex), merge(acme, initech)
    with refused(
        f"Client {initech.number} was merged into client {acme.number} later, on {two.merged_at:%-d %b %Y}. "
        f"Undo that merge first, on its Summary under Merges or with undo_merge {initech.number}."
    ):
        undo_merge(merge=one, by=None)
    undo(two)
    assert undo(one) == globex


def test_a_merge_is_undone_once():
    acme, globex = make_client(), make_client("Globex")
    done = merge(acme, globex)
    undo(done)
    done.refresh_from_db()
    with refused(
        f"The merge of client {globex.number} was undone on {done.undone_at:%-d %b %Y} by System; nothing was done."
    ):
        undo_merge(merge=done, by=None)


def test_a_merge_that_moved_on_with_another_is_looked_up_again():
    first, second, third = make_client("A"), make_client("B"), make_client("C")
    stale = merge(second, first)
    merge(third, second)
    with refused("This client was deleted or merged meanwhile; nothing was done. Look it up again."):
        undo_merge(merge=stale, by=None)


# ── What stands in the way ──


def merged_with_credit_and_invoice():
    """Acme has 10 of credit and an unpaid 100; Globex, merged into it, has 20 and an unpaid 200."""
    acme, globex = make_client(), make_client("Globex")
    ours, theirs = make_invoice(acme, usd(100)), make_invoice(globex, usd(200))
    give_credit(acme, usd(10), "Ours")
    give_credit(globex, usd(20), "Theirs")
    done = merge(acme, globex)
    return acme, globex, Invoice.objects.get(pk=ours.pk), Invoice.objects.get(pk=theirs.pk), done


def refused_because(merge: ClientMerge, number: int, *reasons: str):
    return refused(f"The merge of client {number} can no longer be undone. {' '.join(reasons)}")


def test_refused_when_credit_that_moved_pays_an_invoice_of_the_kept_client():
    acme, globex, ours, _, done = merged_with_credit_and_invoice()
    apply_credit(invoice=ours, by=None)
    with refused_because(
        done,
        globex.number,
        f"20.00 USD of credit “Theirs”, which the merge moved, has been used for {ours.label} of client {acme.number} "
        "since.",
    ):
        undo_merge(merge=done, by=None)


def test_refused_also_when_that_credit_was_released_again():
    acme, globex, ours, _, done = merged_with_credit_and_invoice()
    apply_credit(invoice=ours, by=None)
    release_credit(invoice=ours, by=None)
    with refused_because(
        done,
        globex.number,
        f"20.00 USD of credit “Theirs”, which the merge moved, has been used for {ours.label} of client {acme.number} "
        "since.",
    ):
        undo_merge(merge=done, by=None)


def test_refused_when_an_invoice_that_moved_took_credit_of_the_kept_client():
    acme, globex, _, theirs, done = merged_with_credit_and_invoice()
    apply_credit(invoice=theirs, by=None)
    with refused_because(
        done,
        globex.number,
        f"10.00 USD of client {acme.number}’s credit “Ours” has been used for {theirs.label}, which the merge moved, "
        "since.",
    ):
        undo_merge(merge=done, by=None)


def test_refused_when_credit_was_taken_from_what_both_had():
    acme, globex, _, _, done = merged_with_credit_and_invoice()
    remove_credit(client=acme, amount=usd(25), description="Given in error", by=None)
    with refused_because(
        done,
        globex.number,
        "15.00 USD of credit “Theirs”, which the merge moved, has been taken since, from what both had together.",
    ):
        undo_merge(merge=done, by=None)


def test_refused_when_a_moved_invoice_was_paid_since():
    acme, globex, _, theirs, done = merged_with_credit_and_invoice()
    receive_payment(invoices=[theirs], amount=usd(50), payment_method=make_payment_method(), by=None)
    with refused_because(
        done,
        globex.number,
        f"A payment or refund of 50.00 USD for {theirs.label}, which the merge moved, was recorded since under the "
        f"number of client {acme.number}.",
    ):
        undo_merge(merge=done, by=None)


def test_refused_when_moved_money_settles_the_kept_clients_invoice():
    acme, globex = make_client(), make_client("Globex")
    overpaid = make_invoice(globex, usd(10))
    recorded = receive_payment(invoices=[overpaid], amount=usd(15), payment_method=make_payment_method(), by=None)
    assert recorded.credited == usd(5)
    done = merge(acme, globex)
    ours = make_invoice(acme, usd(100), credit_use="never")
    Transaction.objects.filter(part=2).update(invoice=ours)
    day = recorded.transaction.date
    with refused_because(
        done,
        globex.number,
        f"The transaction of 5.00 USD on {day:%-d %b %Y}, which the merge moved, settles {ours.label} of client "
        f"{acme.number} now.",
    ):
        undo_merge(merge=done, by=None)


def test_refused_when_a_transaction_that_moved_became_credit_since():
    acme, globex = make_client(), make_client("Globex")
    paid = receive_payment(
        invoices=[make_invoice(globex, usd(10))], amount=usd(10), payment_method=make_payment_method(), by=None
    )
    done = merge(acme, globex)
    give_credit(acme, usd(10), "Refund", transaction=paid.transaction)
    with refused_because(
        done,
        globex.number,
        f"A transaction that the merge moved has become 10.00 USD of credit (“Refund”) of client {acme.number} since.",
    ):
        undo_merge(merge=done, by=None)


def test_refused_when_an_item_that_moved_was_billed_with_the_kept_clients():
    acme, globex = make_client(), make_client("Globex")
    make_item(globex, usd(10), due=TODAY, cycle=BillableItem.Cycle.MONTHLY, description="Mail")
    done = merge(acme, globex)
    generate_invoices(as_of=TODAY, by=None)
    with refused_because(
        done,
        globex.number,
        f"“Mail”, which the merge moved, has been billed on INV-000001 of client {acme.number} since.",
    ):
        undo_merge(merge=done, by=None)


def test_refused_when_a_contact_that_moved_was_edited():
    acme, globex = make_client(), make_client("Globex")
    contact = Contact.objects.create(client=globex, first_name="Ann", email="ann@example.com")
    done = merge(acme, globex)
    Contact.objects.filter(pk=contact.pk).update(phone="555")
    with refused_because(
        done, globex.number, "The contact ann@example.com, which the merge moved, has been edited since."
    ):
        undo_merge(merge=done, by=None)


def test_refused_when_the_contact_that_gave_way_is_there_again():
    acme, globex = make_client(), make_client("Globex")
    Contact.objects.create(client=acme, first_name="Ann", email="ann@example.com")
    theirs = Contact.objects.create(client=globex, first_name="Anna", email="ann@example.com")
    done = merge(acme, globex, contacts=frozenset([theirs.pk]))
    Contact.objects.all().delete()
    Contact.objects.create(client=acme, first_name="Ann", email="Ann@example.com")
    with refused_because(
        done,
        globex.number,
        "A contact that the merge moved has been removed since. "
        f"Client {acme.number} has got the contact Ann@example.com again since, which gave way in the merge.",
    ):
        undo_merge(merge=done, by=None)


def test_refused_when_the_note_that_the_merge_wrote_was_edited():
    acme, globex = make_client(), make_client("Globex")
    done = merge(acme, globex)
    ClientNote.objects.update(text="Ask Globex about it")
    with refused_because(
        done, globex.number, "The note that the merge wrote (“Ask Globex about it”) has been edited since."
    ):
        undo_merge(merge=done, by=None)
