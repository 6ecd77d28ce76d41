"""What the database itself refuses, whoever writes: bulk SQL, the ORM, the shell, a forgotten code path."""

from collections.abc import Iterator
from copy import deepcopy
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError
from django.db import transaction as db_transaction
from django.db.models import F
from djmoney.money import Money

from billing_admin.db.triggers import maintenance
from clients.models import CreditUse
from credits.models import CreditAccount, CreditEntry, CreditGrant
from credits.services.apply import apply_credit
from invoices.models import Invoice
from invoices.services.issue import NewLine, draft_invoice
from tests.factories import give_credit, make_client, make_invoice, usd
from tests.invariants import assert_invariants
from tests.raw_sql import execute
from tests.unchanged import nothing_changes, refused_by_database

pytestmark = pytest.mark.django_db  # tells pytest-django that the module needs a database


@pytest.fixture(scope="module")
def written(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """Acme has 10 USD left of one grant and 50 of another, 40 on an invoice of 100, and some yen. Globex has 70 USD.

    Written once for the hundred attempts below, each of which is undone.
    """
    with django_db_blocker.unblock(), db_transaction.atomic():
        acme, globex = make_client(credit_use=CreditUse.NEVER), make_client("Globex", credit_use=CreditUse.NEVER)
        first, second = give_credit(acme, usd(50)), give_credit(acme, usd(50), "Goodwill")
        yen, other = give_credit(acme, Money(500, "JPY")), give_credit(globex, usd(70))
        invoice, globex_invoice = make_invoice(acme, usd(100)), make_invoice(globex, usd(100))
        apply_credit(invoice=invoice, amount=usd(40), by=None)
        yield SimpleNamespace(
            acme=acme, globex=globex, first=first, second=second, yen=yen, other=other,
            invoice=invoice, globex_invoice=globex_invoice,
            plain=make_invoice(acme, usd(20)), yen_invoice=make_invoice(acme, Money(900, "JPY")),
            draft=draft_invoice(client=acme, lines=[NewLine("Later", usd(10))], by=None),
            given=CreditEntry.objects.get(grant=first, kind="grant"),
            applied=CreditEntry.objects.get(kind="apply"),
            account=first.account, globex_account=other.account, yen_account=yen.account,
        )  # fmt: skip
        db_transaction.set_rollback(True)


@pytest.fixture
def books(written: SimpleNamespace, db: None) -> Iterator[SimpleNamespace]:
    yield deepcopy(written)
    assert_invariants()


def insert_entry(**values: str) -> str:
    """SQL of an entry that takes 1 USD off the first grant, except for `values`."""
    row = {
        "grant_id": "{first}", "account_id": "{account}", "client_id": "{acme}", "kind": "'remove'",
        "currency": "'USD'", "amount": "-1", "invoice_id": "NULL", "description": "''",
        "actor_name": "''", "at": "now()",
    } | values  # fmt: skip
    return f"INSERT INTO credits_creditentry ({', '.join(row)}) VALUES ({', '.join(row.values())})"


APPEND_ONLY = "The ledger is append-only; book another entry instead."
MOVES_BY_MERGE = "The ledger is append-only; only a merge re-points entries."
OF_ITS_GRANT, OF_ITS_INVOICE = "credit_entry_of_its_grant", "credit_entry_of_its_invoice"
GIVEN_ONCE = "What a grant gave never changes; book an entry instead."
GRANT_STAYS = "A grant moves only by a merge."
REMAINING = "What remains follows the ledger; insert a credit entry instead."
BALANCE = "A balance follows the ledger; insert a credit entry instead."

REFUSED = {
    # Entries are never changed or deleted.
    "entry amount": ("UPDATE credits_creditentry SET amount = amount * 2", APPEND_ONLY),
    "entry currency": ("UPDATE credits_creditentry SET currency = 'EUR'", APPEND_ONLY),
    "entry kind": ("UPDATE credits_creditentry SET kind = 'adjust' WHERE id = {given}", APPEND_ONLY),
    "entry grant": ("UPDATE credits_creditentry SET grant_id = {second} WHERE id = {given}", APPEND_ONLY),
    "entry invoice": ("UPDATE credits_creditentry SET invoice_id = {draft} WHERE id = {applied}", APPEND_ONLY),
    "entry reversal": ("UPDATE credits_creditentry SET reverses_id = {given} WHERE id = {applied}", APPEND_ONLY),
    "entry batch": ("UPDATE credits_creditentry SET batch = gen_random_uuid()", APPEND_ONLY),
    "entry words": ("UPDATE credits_creditentry SET description = 'Nothing to see here'", APPEND_ONLY),
    "entry actor": ("UPDATE credits_creditentry SET actor_name = 'Somebody else'", APPEND_ONLY),
    "entry time": ("UPDATE credits_creditentry SET at = at - interval '1 year'", APPEND_ONLY),
    "entry client": ("UPDATE credits_creditentry SET client_id = {globex} WHERE id = {given}", MOVES_BY_MERGE),
    "entry account": (
        "UPDATE credits_creditentry SET account_id = {globex_account} WHERE id = {given}", MOVES_BY_MERGE,
    ),
    "entry deleted": (
        "DELETE FROM credits_creditentry WHERE id = {given}",
        "The ledger is append-only; entries go only with their client.",
    ),
    # An entry is on a grant, account and invoice of its own client and currency.
    "another client's grant": (insert_entry(grant_id="{other}"), OF_ITS_GRANT),
    "another client's account": (insert_entry(account_id="{globex_account}"), OF_ITS_GRANT),
    "another client's name": (insert_entry(client_id="{globex}"), OF_ITS_GRANT),
    "another client's grant and account": (
        insert_entry(grant_id="{other}", account_id="{globex_account}"), OF_ITS_GRANT,
    ),
    "another client's invoice": (insert_entry(kind="'apply'", invoice_id="{globex_invoice}"), OF_ITS_INVOICE),
    "another currency's invoice": (insert_entry(kind="'apply'", invoice_id="{yen_invoice}"), OF_ITS_INVOICE),
    "another currency's grant": (insert_entry(grant_id="{yen}", account_id="{yen_account}"), OF_ITS_GRANT),
    "another currency's account": (insert_entry(account_id="{yen_account}"), OF_ITS_GRANT),
    "another currency": (insert_entry(currency="'EUR'"), OF_ITS_GRANT),
    # Its amount is one that the currency has, and fits.
    "entry of nothing": (insert_entry(kind="'adjust'", amount="0"), "credit_entry_moves_something"),
    "a tenth of a cent": (insert_entry(amount="-0.001"), "credit_entry_places"),
    "half a yen": (
        insert_entry(grant_id="{yen}", account_id="{yen_account}", currency="'JPY'", amount="-0.5"),
        "credit_entry_places",
    ),
    "unknown currency": (insert_entry(currency="'XXX'"), "credit_entry_places"),
    "dead currency": (insert_entry(currency="'DEM'"), "credit_entry_places"),
    "more than remains": (insert_entry(amount="-50.01"), "credit_grant_remaining"),
    "more than was given": (insert_entry(kind="'adjust'", amount="40.01"), "credit_grant_remaining"),
    "released beyond what was applied": (
        insert_entry(kind="'release'", amount="40.01", invoice_id="{invoice}"), "credit_grant_remaining",
    ),
    "released from an invoice without credit": (
        insert_entry(kind="'release'", amount="1", invoice_id="{plain}"), "invoice_settled_within_total",
    ),
    "applied beyond what is due": (
        insert_entry(kind="'apply'", amount="-50", invoice_id="{plain}", grant_id="{second}"),
        "invoice_paid_exactly_when_nothing_due",
    ),
    "applied to a draft": (
        insert_entry(kind="'apply'", invoice_id="{draft}"), "invoice_unsettled_unless_issued",
    ),
    "applied without an invoice": (insert_entry(kind="'apply'"), "credit_entry_invoice_settled"),
    "applied the wrong way": (
        insert_entry(kind="'apply'", amount="1", invoice_id="{invoice}"), "credit_entry_invoice_settled",
    ),
    "released the wrong way": (
        insert_entry(kind="'release'", amount="-1", invoice_id="{invoice}"), "credit_entry_invoice_settled",
    ),
    "removed from an invoice": (insert_entry(invoice_id="{invoice}"), "credit_entry_invoice_settled"),
    "given the wrong way": (insert_entry(kind="'grant'"), "credit_entry_kind_and_sign"),
    "removed the wrong way": (insert_entry(amount="1"), "credit_entry_kind_and_sign"),
    "expired the wrong way": (insert_entry(kind="'expire'", amount="1"), "credit_entry_kind_and_sign"),
    "unknown kind": (insert_entry(kind="'gift'"), "credit_entry_kind_and_sign"),
    "one entry reversed twice": (
        insert_entry(kind="'reverse'", reverses_id="{given}")
        + ", ({first}, {account}, {acme}, 'reverse', 'USD', -1, NULL, '', '', now(), {given})",
        "credit_entry_reversed_once",
    ),
    # A grant says what it gave; what remains follows the ledger.
    "remaining": ("UPDATE credits_creditgrant SET remaining = amount", REMAINING),
    "remaining by one cent": (
        "UPDATE credits_creditgrant SET remaining = remaining - 0.01 WHERE id = {other}", REMAINING,
    ),
    "grant amount": ("UPDATE credits_creditgrant SET amount = amount + 1", GIVEN_ONCE),
    "grant currency": ("UPDATE credits_creditgrant SET currency = 'EUR'", GIVEN_ONCE),
    "grant kind": ("UPDATE credits_creditgrant SET kind = 'refund'", GIVEN_ONCE),
    "grant category": ("UPDATE credits_creditgrant SET category = 'paid'", GIVEN_ONCE),
    "grant time": ("UPDATE credits_creditgrant SET created_at = now() - interval '1 day'", GIVEN_ONCE),
    "grant client": ("UPDATE credits_creditgrant SET client_id = {globex} WHERE id = {first}", GRANT_STAYS),
    "grant account": ("UPDATE credits_creditgrant SET account_id = {globex_account} WHERE id = {first}", GRANT_STAYS),
    "grant deleted": (
        "DELETE FROM credits_creditgrant WHERE id = {other}", "A grant is never deleted; take its rest back.",
    ),
    "grant without words": ("UPDATE credits_creditgrant SET description = ''", "credit_grant_says_why"),
    "grant priority": ("UPDATE credits_creditgrant SET priority = 1001", "credit_grant_priority"),
    # A balance follows the ledger.
    "balance": ("UPDATE credits_creditaccount SET balance = 1000000", BALANCE),
    "balance by one cent": ("UPDATE credits_creditaccount SET balance = balance + 0.01 WHERE id = {account}", BALANCE),
    "account currency": (
        "UPDATE credits_creditaccount SET currency = 'EUR' WHERE id = {account}",
        "The currency of a credit account never changes.",
    ),
    "account client": (
        "UPDATE credits_creditaccount SET client_id = {globex} WHERE id = {yen_account}",
        "A credit account moves only by a merge.",
    ),
    "second account of one currency": (
        "INSERT INTO credits_creditaccount (client_id, currency, balance) VALUES ({acme}, 'USD', 0)",
        "one_credit_account_per_currency",
    ),
    "account with a balance from nowhere": (
        "INSERT INTO credits_creditaccount (client_id, currency, balance) VALUES ({acme}, 'EUR', 5)", BALANCE,
    ),
    "account in an unknown currency": (
        "INSERT INTO credits_creditaccount (client_id, currency, balance) VALUES ({acme}, 'XXX', 0)",
        "credit_account_places",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("sql", "by"), REFUSED.values(), ids=REFUSED.keys())
def test_the_database_refuses(books, sql, by):
    with refused_by_database(by):
        execute(sql, books)


def test_a_balance_below_zero_is_refused(books):
    """The second net under what remains of each grant; taken apart from it here."""
    execute("SET CONSTRAINTS ALL IMMEDIATE", books)  # nothing may be pending when a table is altered
    execute("ALTER TABLE credits_creditgrant DROP CONSTRAINT credit_grant_remaining", books)
    with refused_by_database("credit_balance_not_negative"):
        execute(insert_entry(amount="-60.01"), books)


def insert_grant(**values: str) -> str:
    row = {
        "account_id": "{account}", "client_id": "{acme}", "kind": "'credit'", "category": "'promotional'",
        "description": "'Gift'", "currency": "'USD'", "amount": "5", "remaining": "0", "priority": "50",
        "listed": "true", "created_by_name": "''", "created_at": "now()",
    } | values  # fmt: skip
    return f"INSERT INTO credits_creditgrant ({', '.join(row)}) VALUES ({', '.join(row.values())})"


@pytest.mark.parametrize(
    ("values", "by"),
    [
        ({"remaining": "5"}, REMAINING),
        ({"amount": "0"}, "credit_grant_amount"),
        ({"amount": "-5"}, "credit_grant_amount"),
        ({"amount": "0.001"}, "credit_grant_places"),
        ({"currency": "'XXX'"}, "credit_grant_places"),
        ({"kind": "'gift'"}, "credit_grant_kind"),
        ({"category": "'free'"}, "credit_grant_category"),
        ({"description": "''"}, "credit_grant_says_why"),
    ],
    ids=str,
)
def test_the_database_refuses_a_grant_with(books, values, by):
    with refused_by_database(by):
        execute(insert_grant(**values), books)


def test_the_database_refuses_a_second_grant_with_one_key(books):
    execute(insert_grant(file_key="'row-1'"), books)
    with refused_by_database("credit_grant_file_key_once"):
        execute(insert_grant(file_key="'row-1'"), books)


def test_a_grant_without_its_entry_has_nothing_to_spend(books):
    """Inserting a grant gives nothing: only an entry does."""
    execute(insert_grant(amount="1000"), books)
    assert CreditAccount.objects.get(pk=books.account.pk).balance == usd(60)


# ── Through the ORM ──


def test_an_entry_is_not_saved_again_with_another_amount(books):
    books.given.amount = usd(5000)
    with refused_by_database(APPEND_ONLY):
        books.given.save()


def test_entries_are_not_bulk_updated(books):
    books.given.description, books.applied.description = "a", "b"
    with refused_by_database(APPEND_ONLY):
        CreditEntry.objects.bulk_update([books.given, books.applied], ["description"])


def test_entries_are_not_deleted(books):
    with refused_by_database("entries go only with their client"):
        CreditEntry.objects.all().delete()
    with refused_by_database("entries go only with their client"):
        books.applied.delete()


def test_a_balance_is_not_saved_or_updated(books):
    books.account.balance = usd(1)
    with refused_by_database(BALANCE):
        books.account.save()
    with refused_by_database(BALANCE):
        CreditAccount.objects.update(balance=F("balance") + 1)


def test_what_remains_is_not_saved_or_updated(books):
    books.first.remaining = usd(1)
    with refused_by_database(REMAINING):
        books.first.save()
    with refused_by_database(REMAINING):
        CreditGrant.objects.update(remaining=0)


def test_accounts_and_clients_with_a_ledger_are_not_deleted(books):
    for row in (books.account, books.acme):
        with nothing_changes(), pytest.raises(IntegrityError), db_transaction.atomic():
            row.delete()


def test_what_staff_may_edit_of_a_grant_is_not_frozen(books):
    books.first.description, books.first.priority = "Downtime in May", 1
    books.first.save(update_fields=["description", "priority"])
    assert CreditGrant.objects.get(pk=books.first.pk).description == "Downtime in May"


# ── Any entry moves balance, remaining and invoice along, however it is written ──


def test_entries_of_one_statement_move_each_sum_once(books):
    execute(
        insert_entry(kind="'apply'", invoice_id="{invoice}")
        + ", ({first}, {account}, {acme}, 'apply', 'USD', -2, {invoice}, '', '', now())"
        + ", ({second}, {account}, {acme}, 'apply', 'USD', -3, {invoice}, '', '', now())"
        + ", ({other}, {globex_account}, {globex}, 'remove', 'USD', -70, NULL, '', '', now())",
        books,
    )
    remaining = {grant.pk: grant.remaining for grant in CreditGrant.objects.filter(currency="USD")}
    assert remaining == {books.first.pk: usd(7), books.second.pk: usd(47), books.other.pk: usd(0)}
    assert CreditAccount.objects.get(pk=books.account.pk).balance == usd(54)
    assert CreditAccount.objects.get(pk=books.globex_account.pk).balance == usd(0)
    assert Invoice.objects.get(pk=books.invoice.pk).credit_applied == usd(46)


def test_settling_the_rest_pays_the_invoice_and_release_opens_it(books):
    execute(insert_entry(kind="'apply'", amount="-10", invoice_id="{invoice}"), books)
    execute(insert_entry(kind="'apply'", amount="-50", invoice_id="{invoice}", grant_id="{second}"), books)
    paid = Invoice.objects.get(pk=books.invoice.pk)
    assert (paid.status, paid.due, paid.paid_at is None) == ("paid", usd(0), False)
    execute(insert_entry(kind="'release'", amount="0.01", invoice_id="{invoice}"), books)
    opened = Invoice.objects.get(pk=books.invoice.pk)
    assert (opened.status, opened.due, opened.paid_at) == ("unpaid", usd("0.01"), None)


def test_entries_that_cancel_each_other_out_in_one_statement_move_nothing(books):
    execute(
        insert_entry(kind="'adjust'") + ", ({first}, {account}, {acme}, 'adjust', 'USD', 1, NULL, '', '', now())", books
    )
    assert CreditGrant.objects.get(pk=books.first.pk).remaining == usd(10)


# ── maintenance("merge") and maintenance("delete") ──


def merge_ledger(books: SimpleNamespace) -> None:
    """Re-point all of Globex's ledger and invoices to Acme, as a merge does."""
    execute(
        """
        UPDATE invoices_invoiceline SET client_id = {acme} WHERE client_id = {globex};
        UPDATE invoices_invoice SET client_id = {acme} WHERE client_id = {globex};
        UPDATE credits_creditgrant SET client_id = {acme}, account_id = {account} WHERE id = {other};
        UPDATE credits_creditentry SET client_id = {acme}, account_id = {account} WHERE grant_id = {other}
        """,
        books,
    )


def test_a_merge_moves_entries_and_the_balances_follow(books):
    with maintenance("merge"):
        merge_ledger(books)
    assert CreditAccount.objects.get(pk=books.account.pk).balance == usd(130)
    assert CreditAccount.objects.get(pk=books.globex_account.pk).balance == usd(0)
    assert CreditGrant.objects.get(pk=books.other.pk).client == books.acme


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE credits_creditentry SET amount = amount * 2 WHERE id = {given}",
        "UPDATE credits_creditentry SET description = 'x' WHERE id = {given}",
        "UPDATE credits_creditgrant SET remaining = 1",
        "UPDATE credits_creditgrant SET amount = amount + 1",
        "UPDATE credits_creditaccount SET balance = 0",
        "UPDATE credits_creditaccount SET currency = 'EUR'",
        "DELETE FROM credits_creditentry WHERE id = {given}",
        "UPDATE invoices_invoice SET total = 1, subtotal = 1 WHERE id = {invoice}",
        "DELETE FROM invoices_invoice WHERE id = {invoice}",
    ],
)
def test_a_merge_may_not_change_what_entries_grants_and_invoices_say(books, sql):
    with nothing_changes(), pytest.raises(IntegrityError), maintenance("merge"):
        execute(sql, books)


def test_a_merge_may_not_tear_an_entry_from_its_client(books):
    with refused_by_database(OF_ITS_GRANT), maintenance("merge"):
        execute("UPDATE credits_creditentry SET client_id = {acme} WHERE grant_id = {other}", books)


def test_a_deletion_removes_entries_and_leaves_sums_at_zero(books):
    with maintenance("delete"):
        execute("DELETE FROM credits_creditentry WHERE client_id = {acme}", books)
        assert set(CreditAccount.objects.filter(client=books.acme).values_list("balance", flat=True)) == {0}
        execute("DELETE FROM credits_creditgrant WHERE client_id = {acme}", books)
        execute("DELETE FROM credits_creditaccount WHERE client_id = {acme}", books)
    assert CreditAccount.objects.get().balance == usd(70)


def test_a_deletion_may_not_change_a_row(books):
    with nothing_changes(), pytest.raises(IntegrityError), maintenance("delete"):
        execute("UPDATE credits_creditentry SET amount = amount * 2", books)
    with nothing_changes(), pytest.raises(IntegrityError), maintenance("delete"):
        execute("UPDATE credits_creditgrant SET client_id = {globex} WHERE id = {first}", books)


@pytest.mark.parametrize("kind", ["merge", "delete"])
def test_what_is_allowed_ends_with_its_block(books, kind):
    with maintenance(kind):
        pass
    with refused_by_database("entries go only with their client"):
        execute("DELETE FROM credits_creditentry WHERE id = {given}", books)
    with refused_by_database(MOVES_BY_MERGE):
        execute("UPDATE credits_creditentry SET client_id = {globex} WHERE id = {given}", books)


@pytest.mark.parametrize("kind", ["merge", "delete"])
def test_maintenance_ends_with_an_error_and_its_work_is_undone(books, kind):
    def change_and_fail() -> None:
        execute("UPDATE clients_client SET company_name = 'Changed'", books)
        raise ZeroDivisionError

    with nothing_changes():
        with pytest.raises(ZeroDivisionError), maintenance(kind):
            change_and_fail()
        with refused_by_database("entries go only with their client"):
            execute("DELETE FROM credits_creditentry WHERE id = {given}", books)
        with refused_by_database(MOVES_BY_MERGE):
            execute("UPDATE credits_creditentry SET client_id = {globex} WHERE id = {given}", books)
