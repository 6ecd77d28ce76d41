"""Each daily job by keyboard alone, from Home, with every key counted; docs/jobs-in-keys.md is made of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.factories import give_credit, make_client, make_invoice, usd

DOCUMENT = Path(__file__).resolve().parent.parent.parent / "docs" / "jobs-in-keys.md"


@dataclass
class Hands:
    """Somebody without a mouse. Values (a name, an amount) are typed anywhere, so their letters are not counted."""

    page: Page
    keys: int = 0
    letters: int = 0
    longest_tabs: int = 0
    _tabs: int = 0

    def press(self, *keys: str) -> None:
        """One key, or several held down at once (`Control+Enter`), each."""
        for key in keys:
            self.keys += 1
            self._tabs = self._tabs + 1 if key == "Tab" else 0
            self.longest_tabs = max(self.longest_tabs, self._tabs)
            self.page.keyboard.press(key)

    def say(self, words: str) -> None:
        """The words of an action; they may be cut short, but are counted whole."""
        self.letters += len(words)
        self.page.keyboard.type(words)

    def value(self, text: str) -> None:
        """What the job is about."""
        self._tabs = 0
        self.page.keyboard.type(text)

    def take(self, text: str, shown: str) -> None:
        """Find what the text names: the first line is taken."""
        self.value(text)
        expect(self.page.locator("[role=option][aria-selected=true]").first).to_contain_text(shown)
        self.press("Enter")

    def choose(self, text: str, shown: str) -> None:
        """The same in a form, which goes on once the client stands in its field."""
        field = self.page.locator("input:focus")
        name = field.get_attribute("id")
        self.take(text, shown)
        expect(self.page.locator(f"#{name}")).to_have_value(re.compile(" – No. "))

    def sees(self, heading: str) -> None:
        """Wait for the page or popup of this heading."""
        expect(self.page.get_by_role("heading", name=heading).first).to_be_visible()

    def tab_to(self, field: Locator) -> None:
        """Go on by Tab until it is there."""
        expect(field).to_be_visible()
        while not field.evaluate("element => element === document.activeElement") and self._tabs < 20:
            self.press("Tab")
        expect(field).to_be_focused()

    def types_in(self, label: str) -> None:
        """Wait for the focus in this field: nothing is typed before it is there."""
        expect(self.page.get_by_label(label).and_(self.page.locator(":focus"))).to_have_count(1)


def add_credit(hands: Hands) -> None:
    hands.press("/")
    hands.take("acme ltd", "Acme Ltd")
    hands.page.wait_for_url("**/clients/77/")
    hands.press("c")
    hands.types_in("Amount")
    hands.value("25")
    hands.press("Tab", "Tab")
    hands.value("Outage")
    hands.press("Enter")
    expect(hands.page.locator("#credits-list tbody tr")).to_contain_text(["Outage", "Downtime"])


def find_by_email(hands: Hands) -> None:
    hands.press("/")
    hands.take("billing@acme.example", "Acme Ltd")
    hands.page.wait_for_url("**/clients/77/")


def issue_invoice(hands: Hands) -> None:
    hands.press("/")
    hands.take("acme ltd", "Acme Ltd")
    hands.page.wait_for_url("**/clients/77/")
    hands.press("i")
    for line, (description, price) in enumerate([("Hosting", "10"), ("Domain", "5")]):
        if line:
            hands.press("Enter", "Enter")
        expect(hands.page.locator(f"#id_line-{line}-description")).to_be_focused()
        hands.value(description)
        hands.press("Enter", "Enter")
        hands.value(price)
    hands.press("Control+Enter")
    hands.sees("Issue this invoice?")
    hands.press("Control+Enter")
    hands.sees("Invoice INV-")


def record_payment(hands: Hands) -> None:
    hands.press("/")
    hands.take("INV-000001", "INV-000001")
    hands.sees("Invoice INV-000001")
    hands.press("p")
    hands.types_in("Amount")
    hands.press("Enter")
    expect(hands.page.locator(".page-facts .badge").first).to_have_text("Paid")


def merge(hands: Hands) -> None:
    hands.press("/")
    hands.say("merge ")
    hands.take("acme ltd", "Acme Ltd")
    hands.types_in("The other client")
    hands.choose("initech", "Initech")
    hands.press("Enter")
    expect(hands.page.locator("#side-by-side")).to_be_visible()
    hands.press("Control+Enter")
    expect(hands.page.locator("#proof")).to_be_visible()


def delete(hands: Hands) -> None:
    hands.press("/")
    hands.say("delete ")
    hands.take("umbrella", "Umbrella")
    hands.sees("Delete Umbrella?")
    hands.tab_to(hands.page.locator("#id_number"))  # what goes is read first
    hands.value("80")
    hands.press("Enter")
    hands.page.wait_for_url("**/clients/")


def transfer(hands: Hands) -> None:
    hands.press("/")
    hands.say("transfer ")
    hands.take("acme ltd", "Acme Ltd")
    hands.types_in("To client")
    hands.choose("globex", "Globex")
    hands.press("Tab")
    hands.value("5")
    hands.press("Enter")
    expect(hands.page.locator(".toast").last).to_contain_text("transferred")


@dataclass(frozen=True)
class Job:
    """How a job is done, and the steps that WHMCS's manual gives for it."""

    do: Callable[[Hands], None]
    in_whmcs: str


JOBS = {
    "Add credit to a named client": Job(
        add_credit,
        "7: View/Search Clients, search, the client, Manage Credits, Add Credit, Save Changes, Close Window",
    ),
    "Find a client by e-mail address": Job(find_by_email, "3: View/Search Clients, search, the client"),
    "Create and issue an invoice of two lines": Job(issue_invoice, "–"),
    "Record a payment": Job(record_payment, "–"),
    "Merge two clients": Job(merge, "4: the client, Merge Client Accounts, the other client and which is kept, submit"),
    "Delete a client": Job(delete, "4: Clients, the client, Delete Client, confirm"),
    "Transfer credit to another client": Job(transfer, "not there"),
}


def make_books() -> None:
    """What the jobs are done with."""
    acme = make_client("Acme Ltd", number=77, email="billing@acme.example")
    make_client("Globex", number=78, email="billing@globex.example")
    make_client("Initech", number=79, email="billing@initech.example")
    make_client("Umbrella", number=80, email="billing@umbrella.example")
    make_invoice(acme, usd(20))
    give_credit(acme, usd(30))


def do(page: Page, home: str, job: Callable[[Hands], None]) -> Hands:
    """Do the job from Home."""
    page.goto(home)
    hands = Hands(page)
    job(hands)
    return hands


_ABOVE = """\
# Daily jobs, in keys

From Home, by keyboard alone, as `tests/browser/test_jobs_in_keys.py` does them in a browser. A key is one press, or
several held down at once. What the job is about (a name, an amount, a reason) is typed anywhere and not counted; the
words of an action (“merge ”) are, as letters. Steps in WHMCS are those of its manual, most of them clicks.

| Job | Keys | Letters of the action | Most Tabs in a row | Steps in WHMCS, by its manual |
|---|---:|---:|---:|---|
"""


def document(counted: dict[str, Hands]) -> str:
    """The table as it stands in docs/."""
    return _ABOVE + "".join(
        f"| {name} | {hands.keys} | {hands.letters} | {hands.longest_tabs} | {JOBS[name].in_whmcs} |\n"
        for name, hands in counted.items()
    )
