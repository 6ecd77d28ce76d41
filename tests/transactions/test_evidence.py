"""What a payment of a file tells of who paid what, and what becomes of it: to the sentence."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.models import Client, Contact
from clients.services.close import close_client
from clients.services.delete.delete_client import delete_client
from clients.services.merge.merge_clients import merge_clients
from clients.services.merge.undo import undo_merge
from invoices.models import Invoice
from invoices.services.issue import NewLine, draft_invoice
from tests.factories import make_client, make_invoice, usd
from tests.invariants import assert_invariants
from transactions.models import PaymentBatch, PaymentMethod, RememberedPayer, Transaction
from transactions.services.attach import attach_money
from transactions.services.importing.book import import_payments
from transactions.services.importing.match import Match, Outcome, match_payments
from transactions.services.importing.read import OWN_FORMAT
from transactions.services.importing.rows import PaymentRow
from transactions.services.importing.waiting import candidates_of_waiting

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 11, 5)


def issue(to: Client, prefix: str, number: int, amount: int) -> Invoice:
    draft = draft_invoice(client=to, lines=[NewLine("Hosting", usd(amount))], by=None)
    Invoice.objects.filter(pk=draft.pk).update(
        status="unpaid", number_prefix=prefix, number=number, issued_on=DAY, due_on=DAY
    )
    return Invoice.objects.get(pk=draft.pk)


def match(amount: object, name: str = "", text: str = "", column: str = "", account: str = "") -> Match:
    method = PaymentMethod.objects.get(name="Card")
    row = PaymentRow(2, DAY, usd(str(amount)), usd(0), method, "", column, name, text, "k", account=account)
    (found,) = match_payments([row], accept_similar=True)
    return found


def booked(*lines: str) -> list[Transaction]:
    header = "Date,Amount,Currency,Method,Invoice,Name,Description"
    content = "\n".join([header, *lines]).encode()
    import_payments(name="bank.csv", content=content, mapping=OWN_FORMAT, by=None)
    return list(Transaction.objects.order_by("pk"))


@pytest.mark.parametrize(
    ("prefix", "number", "text"),
    [
        ("2026-", 11, "SEPA CREDIT executed 2026-11-05 thanks"),
        ("2026-", 10, "2026/10/31"),
        ("INV-", 5, "Inv 05.11.2026"),
    ],
)
def test_a_date_in_a_text_is_no_invoice_number(prefix, number, text):
    acme = make_client("Acme Ltd")
    issue(acme, prefix, number, 10)
    (row,) = booked(f"2026-11-05,499.00,USD,Card,,Somebody Else Ltd,{text}")
    assert (row.client_number, row.payer_name) == (None, "Somebody Else Ltd")
    assert Invoice.objects.get().due == usd(10)
    assert candidates_of_waiting([row]) == {row.pk: []}


def test_what_books_by_itself_and_what_waits():
    acme, globex = make_client("Acme Ltd"), make_client("Globex")
    make_invoice(acme, usd(40))
    make_invoice(globex, usd(30))
    said = {
        "exact number and amount": match(40, text="INV-1"),
        "unknown name, exact amount": match(40, "Somebody", "INV-1"),
        "its name, any amount": match(45, "LTD. ACME", "INV-1"),
        "its client number, any amount": match(15, "", f"INV-1 client {acme.number}"),
        "in full in the column": match(15, column="INV-000001"),
        "in short in the column, exact amount": match(40, column="1"),
        "name and exact amount": match(40, "acme, ltd"),
        # What waits.
        "in short in the column": match(15, column="INV-1"),
        "more than is due in the column": match(41, column="INV-000001"),
        "in the column, unknown name": match(15, "Somebody", column="INV-000001"),
        "without its prefix, unknown name": match(40, "Somebody", column="1"),
        "unknown name, other amount": match(41, "Somebody", "INV-1"),
        "another's name": match(40, "Globex", "INV-1"),
        "another's number": match(40, "Acme Ltd", "INV-1 INV-2"),
        "another's client number": match(40, "Acme Ltd", f"INV-1 client {globex.number}"),
        "name alone": match(41, "Acme Ltd"),
        "client number alone": match(40, "", f"client {acme.number}"),
    }
    pays = {what: found.note for what, found in said.items() if found.outcome == Outcome.PAYS}
    waits = {what: found.note for what, found in said.items() if found.outcome == Outcome.UNATTACHED}
    assert pays == {
        "exact number and amount": "INV-000001 of Acme Ltd",
        "unknown name, exact amount": "INV-000001 of Acme Ltd",
        "its name, any amount": "INV-000001 of Acme Ltd; 5.00 USD becomes credit",
        "its client number, any amount": "INV-000001 of Acme Ltd",
        "in full in the column": "INV-000001 of Acme Ltd",
        "in short in the column, exact amount": "INV-000001 of Acme Ltd",
        "name and exact amount": "INV-000001 of Acme Ltd, by name and amount",
    }
    alone = "40.00 USD is due on INV-000001 of Acme Ltd, and nothing else says whose payment it is."
    unknown = "40.00 USD is due on INV-000001 of Acme Ltd, and no client is called Somebody."
    two = "It speaks for Acme Ltd and for Globex."
    assert waits == {
        "in short in the column": alone,
        "more than is due in the column": alone,
        "in the column, unknown name": unknown,
        "without its prefix, unknown name": unknown,
        "unknown name, other amount": unknown,
        "another's name": two,
        "another's number": "INV-000001, INV-000002 belong to several clients.",
        "another's client number": two,
        "name alone": "No invoice number is in it, and Acme Ltd owes no invoice of 41.00 USD.",
        "client number alone": "No invoice number is in it; only its client number speaks for Acme Ltd.",
    }


def test_each_candidate_says_what_speaks_for_and_against_it():
    acme, globex = make_client("Acme Ltd"), make_client("Globex")
    make_invoice(acme, usd(10))
    make_invoice(globex, usd(499))
    second, first = match(499, "Globex", "INV-1").candidates
    assert (first.client.name, first.invoices, first.speaks_for, first.speaks_against) == (
        "Acme Ltd",
        ["INV-000001"],
        ["INV-000001 is named in it."],
        ["The payer has the name of Globex.", "10.00 USD is due on INV-000001, not 499.00 USD."],
    )
    assert (second.client.name, second.speaks_for) == (
        "Globex",
        ["The payer has its name.", "It owes exactly 499.00 USD on INV-000002."],
    )
    assert second.speaks_against == ["INV-000001 of Acme Ltd is named in it."]


def test_all_who_bear_a_name_are_counted():
    acme = make_client("Acme Ltd")
    make_invoice(acme, usd(40))
    assert match(40, "Acme Ltd").outcome == Outcome.PAYS
    other = make_client("Initech")
    contact = Contact.objects.create(client=other, first_name="Acme", last_name="Ltd", email="a@example.com")
    assert match(40, "Acme Ltd").note == "Several clients are called Acme Ltd."
    contact.delete()
    close_client(client=make_client("ACME, LTD."), by=None, reason="")
    assert match(40, "Acme Ltd").note == "Several clients are called Acme Ltd."


@pytest.mark.parametrize(("client", "payer"), [("1&1", "1"), ("C++", "C#"), ("***", "---")])
def test_a_name_without_a_word_is_nobodys(client, payer):
    issue(make_client(client), "INV-", 7, 40)
    assert match(40, name=payer).outcome == "unattached"


def test_a_name_that_a_merge_took_away_leads_to_the_kept_client():
    acme, former = make_client("Acme Ltd"), make_client("", first_name="Zoë", last_name="Ångström")
    make_invoice(acme, usd(40))
    merge = merge_clients(kept=acme, discarded=former, by=None)
    assert match(40, "Angstrom, Zoe").note == "INV-000001 of Acme Ltd, by name and amount"
    assert match(15, "", f"INV-1 client {former.number}").outcome == Outcome.PAYS
    undo_merge(merge=merge, by=None)
    assert match(40, "Angstrom, Zoe").outcome == Outcome.UNATTACHED


def test_a_bare_number_of_two_series_waits():
    acme = make_client("Acme Ltd")
    issue(acme, "INV-", 7, 40)
    issue(acme, "RE", 7, 30)
    assert match(40, column="7").note == "“7” may be INV-000007 or RE000007."
    assert match(40, column="INV-7").outcome == Outcome.PAYS


# ── What the file said is kept, and whom staff chose ──


def test_what_a_file_said_of_the_payer_is_kept_on_every_way_to_book_it():
    acme = make_client("Acme Ltd")
    make_invoice(acme, usd(40))
    make_invoice(acme, usd(40))
    rows = booked(
        "2026-03-01,40.00,USD,Card,INV-1,Acme Ltd,",
        "2026-03-01,50.00,USD,Card,INV-2,Acme Ltd,",
        "2026-03-01,7.00,USD,Card,,Somebody,hello",
    )
    batch = PaymentBatch.objects.get()
    assert [(row.amount_in, row.payer_name, row.batch) for row in rows] == [
        (usd(40), "Acme Ltd", batch),
        (usd(40), "Acme Ltd", batch),
        (usd(10), "", batch),
        (usd(7), "Somebody", batch),
    ]
    assert (batch.name, batch.counts, batch.totals) == ("bank.csv", {"pays": 2, "unattached": 1}, {"USD": "97.00"})


def wait(name: str = "Jo Payer", account: str = "", amount: int = 40) -> Transaction:
    return Transaction.objects.create(
        date=DAY, payment_method=PaymentMethod.objects.get(name="Card"), currency="USD", amount_in=usd(amount),
        note=f"{name} · thanks", payer_name=name, payer_account=account, created_by_name="Ann",
    )  # fmt: skip


def best(row: Transaction) -> list[tuple[str, list[str]]]:
    return [(each.client.name, each.speaks_for) for each in candidates_of_waiting([row])[row.pk]]


def test_whom_staff_chose_for_a_payer_is_offered_and_never_enough():
    acme, globex = make_client("Acme Ltd", credit_use="never"), make_client("Globex")
    attach_money(transaction=wait(account="DE12 3456"), client=acme, by=None)
    kept = RememberedPayer.objects.order_by("kind").values_list("kind", "value", "client")
    assert list(kept) == [("account", "DE123456", acme.pk), ("name", "JO PAYER", acme.pk)]
    make_invoice(acme, usd(40))
    assert best(wait("payer, jo", "DE123456")) == [
        (
            "Acme Ltd",
            [
                "Staff attached money of this payer to it before.",
                "Staff attached money from this account to it before.",
                "It owes exactly 40.00 USD on INV-000001.",
            ],
        )
    ]
    assert match(40, "Jo Payer", account="DE12 3456").outcome == Outcome.UNATTACHED
    # It speaks against another, and another choice replaces it.
    make_invoice(globex, usd(30))
    assert match(30, "", "INV-2", account="DE12 3456").note == "It speaks for Globex and for Acme Ltd."
    attach_money(transaction=wait(account="DE12 3456"), client=globex, by=None)
    assert set(RememberedPayer.objects.values_list("client", flat=True)) == {globex.pk}


def test_a_merge_moves_what_is_remembered_and_its_undo_gives_it_back():
    acme, globex = make_client("Acme Ltd"), make_client("Globex")
    attach_money(transaction=wait(), client=globex, by=None)
    merge = merge_clients(kept=acme, discarded=globex, by=None)
    assert RememberedPayer.objects.get().client_id == acme.pk
    restored = undo_merge(merge=merge, by=None)
    assert RememberedPayer.objects.get().client_id == restored.pk


def test_a_deletion_clears_what_unattached_money_says_of_the_client():
    acme, globex = make_client("Acme"), make_client("Globex Ltd")
    attach_money(transaction=wait("Jo Payer", "DE1"), client=acme, by=None)
    named, by_account, other = wait("ACME"), wait("Jo Payer", "DE1"), wait("Globex Ltd", "DE2")
    own = Transaction.objects.get(client=acme)
    delete_client(client=acme, by=None)
    rows = Transaction.objects.in_bulk()
    cleared = ("", "", "")
    for row in (named, by_account, own):
        kept = rows[row.pk]
        assert (kept.payer_name, kept.payer_account, kept.note) == cleared
    assert (rows[other.pk].payer_name, rows[other.pk].note) == ("Globex Ltd", "Globex Ltd · thanks")
    assert not RememberedPayer.objects.exists()
    assert globex.pk
    assert_invariants()


@pytest.mark.parametrize("column", ["payer_name", "payer_account", "payer_reference"])
def test_nobody_changes_what_a_file_said_of_a_payer(column):
    row = wait()
    with pytest.raises(Exception, match="What a file said of a payer stays as it was"):
        Transaction.objects.filter(pk=row.pk).update(**{column: "Somebody Else"})


def test_candidates_of_a_page_cost_the_same_for_any_number_of_rows():
    for number in range(10):
        make_invoice(make_client(f"Payer {number}"), usd(40))

    def queries(count: int) -> int:
        rows = [wait(f"Payer {number}") for number in range(count)]
        with CaptureQueriesContext(connection) as captured:
            assert all(candidates_of_waiting(rows).values())
        return len(captured)

    assert queries(1) == queries(10)
