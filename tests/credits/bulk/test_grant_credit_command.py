"""`manage.py grant_credit` and `reverse_credit_batch`."""

import builtins
import re

import pytest
from djmoney.money import Money

from billing_admin.staff.groups import VIEWER
from clients.models import Activity, ClientDeletion, ClientNumberAlias
from credits.models import CreditAccount, CreditBatch, CreditBatchRow, CreditEntry, CreditGrant
from credits.selectors.balances import balances_of
from tests.commands import run_command
from tests.credits.refused_amounts import REFUSED
from tests.factories import give_credit, make_client, make_invoice, make_staff, usd
from tests.invariants import assert_invariants
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def answers(monkeypatch):
    """What the person at the terminal types."""

    def types(text):
        asked = []

        def answer(prompt):
            asked.append(prompt)
            return text

        monkeypatch.setattr(builtins, "input", answer)
        return asked

    return types


def batch_of(ran):
    return re.search(r"batch ([0-9a-f-]{36})\.", ran.printed[-1])[1]


def test_each_row_is_a_grant_of_its_client(credit_file):
    acme, globex = make_client(), make_client("Globex", currency="JPY")
    file = credit_file(
        f"{acme.number},12.50,USD,Downtime of 3 May,Paid,2099-12-31,10,DT-1",
        f"{globex.number},500,JPY,Downtime of 3 May,,,,",
        f"{acme.number},1,USD,Goodwill,,,,",
    )
    ran = run_command("grant_credit", file, "--no-input")
    assert (ran.error, ran.named) == ("", [])
    assert ran.printed[0] == "downtime.csv gives 3 credits of 500 JPY, 13.50 USD to 2 clients."
    assert ran.printed[1].startswith("3 credits booked, as batch ")
    first, second, third = CreditGrant.objects.order_by("id")
    assert (first.client, first.amount, first.remaining) == (acme, usd("12.50"), usd("12.50"))
    assert (first.category, str(first.expires_on), first.priority) == ("paid", "2099-12-31", 10)
    assert (second.client, second.amount, second.category) == (globex, Money(500, "JPY"), "promotional")
    assert (second.expires_on, second.priority, second.listed, third.amount) == (None, 50, True, usd(1))
    assert balances_of(acme) == [usd("13.50")]
    assert {str(entry.batch) for entry in CreditEntry.objects.all()} == {batch_of(ran)}
    assert CreditBatchRow.objects.count() == 0
    assert_invariants()


def test_every_client_and_the_system_have_it_in_their_activity(credit_file):
    acme, robin = make_client(), make_staff(username="robin")
    ran = run_command("grant_credit", credit_file(f"{acme.number},5,USD,Downtime,,,,"), "--no-input", "--as", "robin")
    of_client, of_all = Activity.objects.order_by("-id")[:2][::-1]
    assert (of_client.client, of_client.words) == (acme, "Credit of 5.00 USD added: Downtime")
    assert of_client.data["batch"] == batch_of(ran)
    assert (of_all.client, of_all.words) == (None, "1 credit of 5.00 USD added from a file: downtime.csv")
    assert {of_client.actor, of_all.actor} == {robin}


def test_a_bad_row_books_nothing_and_every_one_is_named(credit_file):
    acme, merged = make_client(), make_client()
    ClientNumberAlias.objects.create(number=900000001, client=merged)
    ClientDeletion.objects.create(number=900000002, counts={}, totals={}, deleted_by_name="Anna")
    file = credit_file(
        f"{acme.number},5,USD,Downtime,,,,R1",
        "900000003,5,USD,Downtime,,,,",
        "900000002,5,USD,Downtime,,,,",
        "900000001,5,USD,Downtime,,,,",
        f"{acme.number},-5,USD,Downtime,,,,",
        f"{acme.number},0,USD,Downtime,,,,",
        f"{acme.number},5,XXX,Downtime,,,,",
        f"{acme.number},5,USD,,,,,",
        f"{acme.number},5,USD,Downtime,gift,,,",
        f"{acme.number},5,USD,Downtime,,2020-01-01,,",
        f"{acme.number},5,USD,Downtime,,,1001,",
        f"{acme.number},5,USD,Downtime,,,,R1",
        "x,5,USD,Downtime,,,,",
    )
    with nothing_changes():
        ran = run_command("grant_credit", file, "--no-input")
    assert [re.sub(r"on \d.*\.", "on DAY.", line) for line in ran.named] == [
        "Line 3: There is no client 900000003.",
        "Line 4: Client 900000002 was deleted on DAY.",
        "Line 6: Amount: The amount must not be negative.",
        "Line 7: Amount: Credit must be above zero.",
        "Line 8: Currency “XXX” is not a currency in use. Give an ISO code such as USD.",
        "Line 9: Description is empty.",
        "Line 10: Category “gift” is none of: Promotional, Paid.",
        "Line 11: Expires 2020-01-01 is past: this credit would have expired already.",
        "Line 12: Priority “1001” is not a priority. Give a whole number from 0 to 1000.",
        "Line 13: Reference “R1” is on line 2 already.",
        "Line 14: Client ID “x” is not a number. Use digits only.",
    ]
    assert ran.error == (
        "11 of 13 rows are bad. Nothing was booked. Mend them and give the file again, or leave them out with "
        "--skip-bad."
    )
    assert CreditBatch.objects.count() == 0
    assert run_command("grant_credit", file, "--no-input", "--skip-bad").error == ""
    assert (balances_of(acme), balances_of(merged)) == ([usd(5)], [usd(5)])


@pytest.mark.parametrize(("typed", "currency", "said"), REFUSED)
def test_what_is_no_amount_is_refused(credit_file, typed, currency, said):
    acme = make_client()
    with nothing_changes():
        ran = run_command("grant_credit", credit_file(f'{acme.number},"{typed}",{currency},Downtime,,,,'), "--no-input")
    assert said in ran.named[0]
    assert ran.exit_code == 1


def test_a_balance_beyond_15_digits_is_refused_with_the_figure(credit_file):
    acme = make_client()
    give_credit(acme, usd("999999999999998.00"))
    with nothing_changes():
        ran = run_command("grant_credit", credit_file(*[f"{acme.number},1,USD,Downtime,,,,"] * 2), "--no-input")
    assert ran.named[0] == (
        "Line 2: The balance would be 1,000,000,000,000,000.00 USD, which has more than 15 digits before the decimal "
        "point."
    )


def test_it_asks_before_it_books(credit_file, answers):
    acme = make_client()
    file = credit_file(f"{acme.number},5,USD,Downtime,,,,")
    asked = answers("n")
    with nothing_changes():
        assert run_command("grant_credit", file).printed[-1] == "Nothing was booked."
    assert asked == ["Book it? [y/N] "]
    answers("y")
    assert "1 credit booked" in run_command("grant_credit", file).printed[-1]


def test_a_dry_run_books_nothing(credit_file):
    acme = make_client()
    with nothing_changes():
        ran = run_command("grant_credit", credit_file(f"{acme.number},5,USD,Downtime,,,,"), "--dry-run")
    assert ran.printed == ["downtime.csv gives 1 credit of 5.00 USD to 1 client.", "Nothing was booked."]


def test_the_same_file_again_is_refused_unless_it_is_meant(credit_file):
    acme = make_client()
    file = credit_file(f"{acme.number},5,USD,Downtime,,,,")
    run_command("grant_credit", file, "--no-input")
    with nothing_changes():
        ran = run_command("grant_credit", file, "--no-input")
    assert re.fullmatch(
        r"This very file was booked on \d+ \w+ \d{4} by System, as “downtime\.csv”\. Nothing was booked\. To give "
        r"its credit a second time, tick that on the page, or add --again\.",
        ran.error,
    )
    assert run_command("grant_credit", file, "--no-input", "--again").error == ""
    assert balances_of(acme) == [usd(10)]


def test_without_a_terminal_nothing_is_booked_and_the_flag_is_named(credit_file, monkeypatch):
    def nobody(question: str) -> str:
        raise EOFError

    monkeypatch.setattr(builtins, "input", nobody)
    file = credit_file(f"{make_client().number},5,USD,Downtime,,,,")
    with nothing_changes():
        ran = run_command("grant_credit", file)
    assert ran.error == "Nobody is there to agree. Nothing was booked; add --no-input."


def test_a_reference_gives_once_whatever_the_file(credit_file):
    acme = make_client()
    run_command("grant_credit", credit_file(f"{acme.number},5,USD,Downtime,,,,R1"), "--no-input")
    other = credit_file(f"{acme.number},5,USD,Downtime,,,,R1", f"{acme.number},7,USD,Downtime,,,,R2", name="second.csv")
    ran = run_command("grant_credit", other, "--no-input")
    assert ran.printed[0] == "1 row gave credit before and will not give it again."
    assert balances_of(acme) == [usd(12)]
    with nothing_changes():
        nothing = run_command("grant_credit", credit_file(f"{acme.number},5,USD,Downtime,,,,R1"), "--no-input")
    assert nothing.error == "Nothing of downtime.csv is left to book: 1 row has given credit before."
    with nothing_changes():
        clash = run_command("grant_credit", credit_file(f"{acme.number},6,USD,Downtime,,,,R1"), "--no-input")
    assert clash.named[0].startswith("Line 2: This Reference has given other credit, 5.00 USD (“Downtime”) to client ")


def test_who_may_not_give_credit_may_not_do_it_in_bulk(credit_file):
    make_staff(VIEWER, username="vera")
    with nothing_changes():
        ran = run_command("grant_credit", credit_file("1,5,USD,Downtime,,,,"), "--no-input", "--as", "vera")
    assert ran.error.startswith("vera may not do this")


def test_a_batch_is_taken_back_as_far_as_it_is_unspent(credit_file):
    acme, globex = make_client(), make_client("Globex")
    file = credit_file(f"{acme.number},5,USD,Downtime,,,,", f"{globex.number},8,USD,Downtime,,,,")
    batch = batch_of(run_command("grant_credit", file, "--no-input"))
    make_invoice(acme, usd(2))
    ran = run_command("reverse_credit_batch", batch, "--reason", "Wrong file")
    assert ran.printed == [
        "11.00 USD of 2 credits taken back.",
        "2.00 USD had been used, removed or expired before and stays so.",
    ]
    assert {account.balance for account in CreditAccount.objects.all()} == {usd(0)}
    back = CreditEntry.objects.filter(kind="reverse").order_by("id")
    assert [(entry.amount, entry.words, entry.reverses_id is None) for entry in back] == [
        (usd(-3), "Wrong file", True),
        (usd(-8), "Wrong file", False),
    ]
    with nothing_changes():
        again = run_command("reverse_credit_batch", batch)
    assert again.error == "Nothing is left of the 2 credits from downtime.csv; nothing was taken back."
    assert_invariants()


def test_an_unknown_batch_is_refused():
    ran = run_command("reverse_credit_batch", "6f1f34a6-9d56-4f4e-8d1c-0b8a5b1a2c3d")
    assert ran.error == "There is no batch 6f1f34a6-9d56-4f4e-8d1c-0b8a5b1a2c3d; nothing was taken back."
