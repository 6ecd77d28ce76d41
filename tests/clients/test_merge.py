"""Merging two clients: everything moves, nothing is lost, totals stay."""

from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from djmoney.money import Money

from clients.models import Activity, Client, ClientMerge, ClientNote, ClientNumberAlias, Contact, NotADuplicate
from clients.selectors.client_data import CLIENT_TABLES
from clients.selectors.merge import PROFILE_FIELDS, merge_preview
from clients.services.delete.delete_client import delete_client
from clients.services.merge.merge_clients import Choices, merge_clients
from clients.services.merge.undo import undo_merge
from credits.selectors.balances import balances_of
from credits.services.merge_rows import move_credit
from invoices.models import Invoice
from tests.clients.holders import eur, make_holder
from tests.clients.relations import counts_of
from tests.factories import give_credit, make_client, make_invoice, make_staff, usd
from tests.invariants import assert_invariants
from tests.pages import get_page
from tests.unchanged import refused
from transactions.models import Transaction

pytestmark = pytest.mark.django_db


def settle_constraints() -> None:
    """What a commit would check."""
    connection.check_constraints()


def merge(kept: Client, discarded: Client, **choices) -> ClientMerge:
    done = merge_clients(kept=kept, discarded=discarded, by=None, choices=Choices(**choices))
    settle_constraints()
    return done


def note_of(merge: ClientMerge) -> str:
    return ClientNote.objects.get(pk=merge.journal["note"]["id"]).text


def test_every_row_of_every_table_moves():
    acme, globex = make_holder(), make_holder("Globex Inc")
    ours, theirs = counts_of(acme), counts_of(globex)
    assert all(number for column, number in theirs.items() if "second_id" not in column)
    merge(acme, globex)
    assert set(counts_of(globex).values()) == {0}
    after = counts_of(acme)
    for column, number in ours.items():
        expected = number + theirs[column]
        expected += {
            "clients_activity.client_id": 2,  # that it was merged, written down on both
            "clients_clientmerge.kept_id": 1,
            "clients_clientnumberalias.client_id": 1,
            "clients_clientnote.client_id": 1,  # what was not taken over
            "clients_notaduplicate.first_id": -theirs[column],
            "credits_creditaccount.client_id": -theirs[column],  # one account for each currency
        }.get(column, 0)
        assert after[column] == expected, column
    assert not Client.objects.filter(pk=globex.pk).exists()
    assert_invariants()


def test_credit_of_both_is_one_balance():
    acme, globex = make_client(), make_client("Globex")
    give_credit(acme, usd(30))
    give_credit(globex, usd(20))
    merge(acme, globex)
    assert balances_of(acme) == [usd(50)]
    assert_invariants()


def test_dollars_merged_into_euros_keep_a_balance_in_each():
    acme, globex = make_client(currency="EUR"), make_client("Globex", currency="USD")
    give_credit(acme, eur(30))
    give_credit(globex, usd(20))
    make_invoice(globex, usd(8))
    done = merge(acme, globex)
    acme.refresh_from_db()
    assert balances_of(acme) == [eur(30), usd(12)]
    assert (acme.currency, done.totals["after"]["EUR"]["credit"], done.totals["after"]["USD"]["credit"]) == (
        "EUR", "30", "12",
    )  # fmt: skip
    assert_invariants()


def test_credit_that_came_with_the_merge_pays_the_next_invoice():
    acme, globex = make_client(), make_client("Globex")
    give_credit(globex, usd(20))
    merge(acme, globex)
    assert make_invoice(acme, usd(25)).due == usd(5)
    assert_invariants()


def test_the_totals_before_and_after_are_stored_and_the_same():
    acme, globex = make_holder(), make_holder("Globex Inc")
    totals = merge(acme, globex).totals
    assert totals["before"] == totals["after"]
    assert totals["kept"]["USD"] == totals["discarded"]["USD"] == {
        "credit": "6", "invoiced": "137", "due": "60", "written_off": "4", "paid_in": "29", "fees": "0.3",
        "paid_out": "0",
    }  # fmt: skip
    assert totals["after"]["USD"] == {
        "credit": "12", "invoiced": "274", "due": "120", "written_off": "8", "paid_in": "58", "fees": "0.6",
        "paid_out": "0",
    }  # fmt: skip
    assert totals["after"]["EUR"]["credit"] == "25"


def test_totals_that_differ_undo_everything(monkeypatch):
    """Money goes astray between the look before and the look after: as if a table had been forgotten."""
    acme, globex = make_holder(), make_holder("Globex Inc")
    monkeypatch.setattr("clients.services.merge.merge_rows.move_credit", partial(_forget_transactions, globex.number))
    with refused(
        "The figures do not agree, so nothing was merged: 6 transactions before, 3 after; Due on invoices of 120.00 "
        "USD before, 147.00 USD after; Transactions in of 58.00 USD before, 29.00 USD after; Fees of 0.60 USD before, "
        "0.30 USD after."
    ):
        merge_clients(kept=acme, discarded=globex, by=None)


def _forget_transactions(number: int, **between) -> list:
    Transaction.objects.filter(client_number=number).update(client=None, invoice=None)
    return move_credit(**between)


def test_issued_invoices_and_transactions_keep_the_name_that_they_bear():
    acme, globex = make_holder(), make_holder("Globex Inc")
    said = list(Invoice.objects.order_by("pk").values_list("pk", "bill_to_name", "bill_to_email", "number"))
    labels = list(Transaction.objects.order_by("pk").values_list("pk", "client_number", "client_name"))
    merge(acme, globex)
    assert list(Invoice.objects.order_by("pk").values_list("pk", "bill_to_name", "bill_to_email", "number")) == said
    assert list(Transaction.objects.order_by("pk").values_list("pk", "client_number", "client_name")) == labels
    assert {name for _, name, _, _ in said} == {"Acme Ltd", "Globex Inc", ""}


def test_paid_invoices_stay_paid_at_the_moment_that_they_were():
    acme, globex = make_holder(), make_holder("Globex Inc")
    before = list(Invoice.objects.order_by("pk").values_list("pk", "status", "paid_at", "balance_due"))
    merge(acme, globex)
    assert list(Invoice.objects.order_by("pk").values_list("pk", "status", "paid_at", "balance_due")) == before


# ── The number ──


def test_the_discarded_number_finds_the_kept_client_everywhere(client):
    client.force_login(make_staff())
    acme, globex = make_client(), make_client("Globex")
    merge(acme, globex)
    page = client.get(reverse("clients:summary", args=[globex.number]))
    assert (page.status_code, page["Location"]) == (301, reverse("clients:summary", args=[acme.number]))
    assert list(Client.objects.matching(str(globex.number))) == [acme]
    listed = get_page(client, reverse("clients:list") + f"?q={globex.number}")
    assert [link["href"] for link in listed.all("tbody .row-link")] == [reverse("clients:summary", args=[acme.number])]


def test_a_chain_of_merges_leads_every_number_to_the_last_client():
    first, second, third = make_client("A"), make_client("B"), make_client("C")
    give_credit(first, usd(1))
    give_credit(second, usd(2))
    merge(second, first)
    merge(third, second)
    assert [Client.objects.numbered(each.number).get() for each in (first, second, third)] == [third] * 3
    assert balances_of(third) == [usd(3)]
    assert set(ClientMerge.objects.values_list("kept", flat=True)) == {third.pk}
    assert_invariants()


def test_a_cycle_is_refused_because_its_other_end_is_gone():
    acme, globex = make_client(), make_client("Globex")
    merge(acme, globex)
    said = f"Client {globex.number} was merged into client {acme.number} already; nothing was done."
    with refused(said):
        merge_clients(kept=globex, discarded=acme, by=None)
    with refused(said):
        merge_clients(kept=acme, discarded=globex, by=None)


def test_a_client_is_not_merged_into_itself():
    acme = make_client()
    with refused(f"Client {acme.number} cannot be merged into itself; choose another client."):
        merge_clients(kept=acme, discarded=acme, by=None)


def test_a_client_that_is_gone_is_not_merged():
    acme, globex = make_client(), make_client("Globex")
    delete_client(client=globex, by=None)
    with refused("This client was deleted or merged meanwhile; nothing was done. Look it up again."):
        merge_clients(kept=acme, discarded=globex, by=None)


# ── Choices ──


def test_where_profiles_differ_what_gives_way_goes_into_a_note():
    acme = make_client("Acme Ltd", email="acme@example.com", phone="111")
    globex = make_client("Globex", email="globex@example.com", phone="222", city="Bern", tax_exempt=True)
    done = merge(acme, globex)
    acme.refresh_from_db()
    assert (acme.name, acme.email, acme.phone, acme.city, acme.tax_exempt) == (
        "Acme Ltd", "acme@example.com", "111", "", False,
    )  # fmt: skip
    assert note_of(done).splitlines()[1:] == [
        "Company name: Globex", "E-mail address: globex@example.com", "Phone: 222", "City: Bern",
    ]  # fmt: skip
    assert note_of(done).startswith(f"Not taken over when client {globex.number} was merged on ")


def test_chosen_fields_are_taken_and_what_they_replace_is_noted():
    acme = make_client("Acme Ltd", email="acme@example.com", phone="111")
    globex = make_client("Acme Ltd", email="globex@example.com", phone="222", city="Bern", currency="EUR")
    done = merge(acme, globex, fields=frozenset(["email", "city", "currency"]))
    acme.refresh_from_db()
    assert (acme.email, acme.phone, acme.city, acme.currency) == ("globex@example.com", "111", "Bern", "EUR")
    assert note_of(done).splitlines()[1:] == ["E-mail address: acme@example.com", "Phone: 222"]


def test_two_that_say_the_same_leave_no_note():
    acme = make_client("Acme Ltd", email="billing@example.com")
    globex = make_client("Acme Ltd", email="billing@example.com")
    assert merge(acme, globex).journal["note"] is None
    assert not ClientNote.objects.exists()


def test_choices_that_leave_no_name_are_refused():
    acme = make_client("Acme Ltd")
    ann = make_client("", first_name="Ann")
    with refused(
        f"With these choices client {acme.number} would have neither a company name nor a person’s. Keep one."
    ):
        merge_clients(kept=acme, discarded=ann, by=None, choices=Choices(fields=frozenset(["company_name"])))


@pytest.mark.parametrize("theirs", [False, True])
def test_of_two_contacts_with_one_address_the_chosen_one_stays(theirs):
    acme, globex = make_client("Acme", email=""), make_client("Acme", email="")
    ours = Contact.objects.create(client=acme, first_name="Ann", email="ann@example.com", phone="111")
    other = Contact.objects.create(client=globex, first_name="Anna", email="ANN@example.com", phone="222")
    Contact.objects.create(client=globex, email="bo@example.com")
    (clash,) = merge_preview(acme, globex).clashes
    assert (clash.kept, clash.discarded, clash.same) == (ours, other, False)
    done = merge(acme, globex, contacts=frozenset([other.pk] if theirs else []))
    kept = acme.contacts.order_by("pk").values_list("first_name", "email", "phone")
    assert list(kept) == [
        ("Anna", "ANN@example.com", "222") if theirs else ("Ann", "ann@example.com", "111"),
        ("", "bo@example.com", ""),
    ]
    gone = "Ann, ann@example.com, 111" if theirs else "Anna, ANN@example.com, 222"
    assert note_of(done).splitlines()[1:] == [f"Contact: {gone}"]


def test_a_contact_that_both_have_is_kept_once_without_a_question():
    acme, globex = make_client("Acme", email=""), make_client("Acme", email="")
    for each in (acme, globex):
        Contact.objects.create(client=each, first_name="Ann", email="ann@example.com")
    assert merge_preview(acme, globex).clashes[0].same
    assert merge(acme, globex).journal["note"] is None
    assert acme.contacts.count() == 1


def test_pinned_notes_of_both_stay_pinned():
    acme, globex = make_client(), make_client("Globex")
    for each in (acme, globex):
        ClientNote.objects.create(client=each, text=each.name, author_name="Ann", pinned=True)
    merge(acme, globex)
    assert set(acme.notes.filter(pinned=True).values_list("text", flat=True)) == {"Acme Ltd", "Globex"}


def test_what_was_decided_about_duplicates_of_the_discarded_client_goes():
    acme, globex, initech = make_client(), make_client("Globex"), make_client("Initech")
    NotADuplicate.objects.create(first=acme, second=globex, decided_by_name="Ann")
    NotADuplicate.objects.create(first=globex, second=initech, decided_by_name="Ann")
    NotADuplicate.objects.create(first=acme, second=initech, decided_by_name="Ann")
    merge(acme, globex)
    assert list(NotADuplicate.objects.values_list("first", "second")) == [(acme.pk, initech.pk)]


# ── What is written down, and how ──


def test_both_know_of_it_by_number_alone():
    ann = make_staff(username="ann")
    acme, globex = make_holder(), make_holder("Globex Inc")
    done = merge_clients(kept=acme, discarded=globex, by=ann)
    ours, theirs = Activity.objects.filter(
        verb__in=["client.merged", "client.merged_away"], data__merge=done.pk
    ).order_by("-pk")
    assert ours.summary == (
        f"Client {globex.number} merged into this client: 6 invoices, 1 billable item, 3 transactions, 5 credits, "
        "1 contact, 2 notes, 1 file"
    )
    assert theirs.summary == f"Merged into client {acme.number}"
    assert {ours.client, theirs.client} == {acme}
    assert {ours.actor_name, theirs.actor_name} == {"ann"}
    assert (done.merged_by, done.merged_by_name, done.kept, done.discarded_number) == (ann, "ann", acme, globex.number)


def statements_of_a_merge(rows: int) -> tuple[int, int]:
    acme, globex = make_client(), make_client("Globex")
    for number in range(rows):
        make_invoice(globex, usd(1))
        give_credit(globex, Money(5, "USD"))
        give_credit(globex, eur(5))
        Contact.objects.create(client=globex, email=f"c{number}@example.com")
        Contact.objects.create(client=acme, email=f"c{number}@example.com")
        ClientNote.objects.create(client=globex, text="Called", author_name="Ann")
    with CaptureQueriesContext(connection) as queries:
        done = merge_clients(kept=acme, discarded=globex, by=None)
    with CaptureQueriesContext(connection) as more:
        undo_merge(merge=done, by=None)
    return len(queries), len(more)


def test_as_many_statements_for_thirty_rows_as_for_one():
    assert statements_of_a_merge(1) == statements_of_a_merge(30)


def test_every_profile_field_is_decided_on():
    others = {"id", "number", "created_at", "updated_at", "custom"}  # of the last each field by itself
    assert {field.name for field in Client._meta.concrete_fields if not field.generated} - others == set(PROFILE_FIELDS)


def test_the_preview_says_what_moves_and_where_the_two_differ():
    acme, globex = make_holder(), make_holder("Globex Inc", city="Bern")
    preview = merge_preview(acme, globex)
    assert ("invoices", 6, 6, 12) in preview.moving
    assert [(part.label, part.kept, part.discarded) for part in preview.differences] == [
        ("Company name", "Acme Ltd", "Globex Inc"),
        ("E-mail address", acme.email, globex.email),
        ("Phone", "+1 555 acme", "+1 555 globex"),
        ("City", "", "Bern"),
    ]
    credit = [
        (line.currency, line.kept, line.discarded, line.together) for line in preview.together if line.name == "credit"
    ]
    assert credit == [("EUR", 12.5, 12.5, 25), ("USD", 6, 6, 12)]
    assert preview.conflicts == [
        "The two deal in EUR and USD. Every currency keeps a balance of its own; nothing is converted or added up."
    ]


def test_the_kinds_of_rows_are_named_once_each():
    for each in ("name", "db_table"):
        assert len({getattr(table, each) for table in CLIENT_TABLES}) == len(CLIENT_TABLES)


def test_former_numbers_are_never_given_again():
    acme, globex = make_client(), make_client("Globex")
    merge(acme, globex)
    assert ClientNumberAlias.objects.get().number == globex.number
    assert make_client("New").number > globex.number
