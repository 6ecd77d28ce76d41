"""merge_clients, undo_merge and delete_client as staff run them."""

import pytest

from billing_admin.staff.groups import BILLING, VIEWER
from clients.models import Activity, Client, ClientMerge
from clients.services.merge.merge_clients import merge_clients
from tests.clients.holders import make_holder
from tests.commands import run_command
from tests.factories import give_credit, make_client, make_staff, usd
from tests.unchanged import nothing_changes
from transactions.models import Transaction

pytestmark = pytest.mark.django_db


@pytest.fixture
def typed(monkeypatch):
    """What is typed when a command asks; the list of questions."""
    asked: list[str] = []

    def answer(text: str) -> list[str]:
        def answering(question: str) -> str:
            asked.append(question)
            return text

        monkeypatch.setattr("builtins.input", answering)
        return asked

    return answer


def test_merging_tells_what_moves_and_asks(typed):
    acme = make_client("Acme Ltd", email="acme@example.com")
    globex = make_client("Globex", email="acme@example.com", city="Bern")
    give_credit(acme, usd(30))
    give_credit(globex, usd(20))
    asked = typed(str(globex.number))
    ran = run_command("merge_clients", acme.number, globex.number, "--take", "city")
    assert ran.printed == [
        f"Kept: #{acme.number} Acme Ltd. Discarded: #{globex.number} Globex.",
        "  credits: 1 move to 1, which makes 2",
        "  ledger entries: 1 move to 1, which makes 2",
        "  activity entries: 2 move to 2, which makes 4",
        "  Credit balance: 30.00 USD and 20.00 USD, together 50.00 USD",
        "  Company name: “Acme Ltd” or “Globex”; “Acme Ltd” stays",
        "  City: “” or “Bern”; “Bern” stays",
        f"Client {globex.number} merged into client {acme.number}: 1 credit.",
        "The totals per currency are the same before and after.",
    ]
    assert asked == [f"Client {globex.number} goes into client {acme.number}. Type {globex.number} to go on: "]
    acme.refresh_from_db()
    assert (acme.city, ClientMerge.objects.count()) == ("Bern", 1)


def test_another_answer_merges_nothing(typed):
    acme, globex = make_client(), make_client("Globex")
    typed("y")
    with nothing_changes():
        ran = run_command("merge_clients", acme.number, globex.number)
    assert ran.error == f"“y” is not {globex.number}. Nothing was changed; type it, or add --no-input."
    assert ran.exit_code == 1


def test_a_dry_run_merges_nothing():
    acme, globex = make_holder(), make_holder("Globex Inc")
    with nothing_changes():
        ran = run_command("merge_clients", acme.number, globex.number, "--dry-run")
    assert ran.printed[-1] == "Nothing was changed: this was a dry run."
    assert "  invoices: 6 move to 6, which makes 12" in ran.printed


def test_a_client_is_not_merged_into_itself():
    acme = make_client()
    with nothing_changes():
        ran = run_command("merge_clients", acme.number, acme.number, "--no-input")
    assert ran.error == f"{acme.number} and {acme.number} are one client; nothing was merged."


def test_a_former_number_is_refused_with_the_present_one():
    acme, globex, initech = make_client("Acme Ltd"), make_client("Globex"), make_client("Initech")
    merge_clients(kept=acme, discarded=globex, by=None)
    commands = (
        ("merge_clients", globex.number, initech.number),
        ("merge_clients", initech.number, globex.number),
        ("merge_clients", globex.number, acme.number),
        ("delete_client", globex.number),
    )
    for command in commands:
        with nothing_changes():
            ran = run_command(*command, "--no-input")
        assert (ran.exit_code, ran.printed) == (1, [])
        assert ran.error == (
            f"Client {globex.number} was merged into client {acme.number}; nothing was changed. Name {acme.number} if "
            f"that one is meant with all that it has now, or undo the merge first with undo_merge {globex.number}."
        )


@pytest.mark.parametrize("number", [987654, 2**70])
def test_a_number_that_nobody_has_is_named(number):
    assert run_command("merge_clients", number, 1).error == f"There is no client {number}."
    assert run_command("delete_client", number).error == f"There is no client {number}."
    assert run_command("undo_merge", number).error == (
        f"No client {number} was merged into another; nothing was changed."
    )


def test_undoing_gives_back_and_says_what():
    acme, globex = make_client(), make_client("Globex")
    give_credit(globex, usd(20))
    merge_clients(kept=acme, discarded=globex, by=None)
    ran = run_command("undo_merge", globex.number)
    assert ran.printed == [f"Client {globex.number} is there again: 1 credit given back."]
    assert Client.objects.get(number=globex.number).name == "Globex"


def test_undoing_twice_is_refused_in_words():
    acme, globex = make_client(), make_client("Globex")
    merge_clients(kept=acme, discarded=globex, by=None)
    run_command("undo_merge", globex.number)
    assert run_command("undo_merge", globex.number).error.startswith(f"The merge of client {globex.number} was undone")


def test_deleting_tells_what_goes_and_stays_and_asks(typed):
    acme = make_holder()
    asked = typed(str(acme.number))
    ran = run_command("delete_client", acme.number)
    assert ran.printed == [
        f"#{acme.number} Acme Ltd goes, with:", "  invoices: 6", "  invoice lines: 6", "  credit notes: 1",
        "  credit note lines: 1", "  write-offs: 3", "  marks that stop reminders: 1", "  billable items: 1",
        "  credits: 5", "  ledger entries: 8", "  credit balances: 2", "  contacts: 1", "  notes: 2",
        "  files: 1", "  issued documents: 1", "  messages: 1", "  remembered payers: 1",
        "  errors of invoice runs: 1",
        "  requests for approval: 1",
        "  former numbers: 1", "  earlier merges: 1", "  decisions “not a duplicate”: 1",
        "  transactions: 3 stay (29.00 USD in, 0.30 USD in fees)",
        "  activity entries: 31 stay, with what is personal in them emptied",
        "  12.50 EUR, 6.00 USD of credit is left and goes with the client.",
        "  1 invoice is unpaid: 60.00 USD is still due and would be forgotten.",
        "  1 billable item would have been billed again.",
        f"Client {acme.number} deleted; 3 transactions kept.",
    ]  # fmt: skip
    assert asked == [f"There is no way back. Type {acme.number} to go on: "]
    assert run_command("delete_client", acme.number).error == f"Client {acme.number} was deleted."


def test_another_answer_or_a_dry_run_deletes_nothing(typed):
    acme = make_holder()
    typed("yes")
    with nothing_changes():
        said = f"“yes” is not {acme.number}. Nothing was changed; type it, or add --no-input."
        assert run_command("delete_client", acme.number).error == said
        ran = run_command("delete_client", acme.number, "--dry-run")
    assert ran.printed[-1] == "Nothing was changed: this was a dry run."


def test_without_a_terminal_nothing_is_deleted(monkeypatch):
    def nobody(question: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody)
    acme = make_client()
    with nothing_changes():
        said = f"“” is not {acme.number}. Nothing was changed; type it, or add --no-input."
        assert run_command("delete_client", acme.number).error == said


def test_transactions_go_too_when_asked_for():
    acme = make_holder()
    ran = run_command("delete_client", acme.number, "--with-transactions", "--no-input")
    assert "  transactions: 3" in ran.printed
    assert ran.printed[-1] == f"Client {acme.number} deleted; 3 transactions deleted too."
    assert not Transaction.objects.exists()


def test_each_needs_its_permission():
    acme, globex = make_client(), make_client("Globex")
    make_staff(VIEWER, username="viewer")
    make_staff(BILLING, username="billing")
    with nothing_changes():
        for command, *numbers in (["merge_clients", acme.number, globex.number], ["undo_merge", globex.number]):
            right = {"merge_clients": "merge_client", "undo_merge": "undo_merge"}[command]
            said = f"viewer may not do this: the permission clients.{right} is missing. Nothing was changed."
            assert run_command(command, *numbers, "--as", "viewer").error == said
        assert run_command("delete_client", acme.number, "--as", "billing").error == (
            "billing may not do this: the permission clients.delete_client is missing. Nothing was changed."
        )


def test_the_person_named_is_the_one_who_acted():
    make_staff(username="ann")
    acme, globex = make_client(), make_client("Globex")
    run_command("merge_clients", acme.number, globex.number, "--no-input", "--as", "ann")
    assert Activity.objects.get(verb="client.merged").actor_name == "ann"
