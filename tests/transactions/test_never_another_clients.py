"""Random payments of random clients: what is attached is what was meant, or it waits; never another client's.

Half the texts carry dates, phone numbers and other numbers as bait, and the invoices have such numbers that the bait
would find one if any rule about exact tokens were loosened. What no file could tell is left out: a payment of which all
that is said is another client's number and exactly what is due on it.
"""

import datetime
from dataclasses import dataclass

import pytest
from django.db import transaction as db_transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.models import Client, Contact
from invoices.models import Invoice
from invoices.services.issue import NewLine, draft_invoice
from tests.factories import make_client, usd
from tests.thoroughness import examples
from transactions.models import PaymentMethod, RememberedPayer
from transactions.services.importing.match import Match, Outcome, match_payments
from transactions.services.importing.rows import PaymentRow

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 11, 5)
PREFIXES = ("INV-", "2026-", "RE")
NUMBERS = (5, 11, 12, 26, 31, 2026)
AMOUNTS = (40, 75)
# Nobody here is called so, though contacts share a word with some, or are within others.
UNKNOWN = ("Somebody Else Ltd", "Somebody Else Ltd", "Keller", "Jo Smith", "Sam Ito Bau GmbH")
BAIT = (
    "executed 2026-11-05 thanks", "2026/10/31", "Inv 05.11.2026", "Re 5 Nov 2026", "INV 20261105", "inv 12:30",
    "INV 26 10 2026", "RE 5. 11. 2026", "inv 11 mars", "Re 12. Oktober", "INV +49 30 1112", "RE 31 de enero",
    "order 2026", "M-RE-000012-A", "XINV-5", "INV-12.50", "RE 11.2026", "INV-26-31", "E2E-INV-000031-20261105",
    "DE89 3704 0044 0532 0130 00", "12", "26/11", "RE 31.10.26", "Invoice 5", "Tel. 030 2026 12",
)  # fmt: skip

written = st.sampled_from(["{prefix}{number:06d}", "{prefix}{number}", "{prefix} {number:06d}", "{lower}{number:06d}"])


@dataclass
class Sent:
    """A payment as it was meant: of `client`, None for somebody unknown, for `invoice`; and its row."""

    client: Client | None
    invoice: Invoice | None
    is_right: bool
    row: PaymentRow


@pytest.fixture
def people() -> list[Client]:
    """Two of one name, a person, and contacts: one called as another client is, one of two clients, one of a single."""
    acme, globex, initech = make_client("Acme Ltd"), make_client("Globex GmbH"), make_client("Initech")
    maria = make_client("", first_name="Maria", last_name="Keller")
    twins = [make_client("Twin Ltd"), make_client("Twin Ltd")]
    for of, first, last in (
        (initech, "Maria", "Keller"), (acme, "Jo", "Brandt"), (globex, "Jo", "Brandt"), (twins[1], "Sam", "Ito"),
    ):  # fmt: skip
        Contact.objects.create(client=of, first_name=first, last_name=last, email="m@example.com")
    for number, each in enumerate((acme, globex, initech, maria, *twins)):
        RememberedPayer.objects.create(client=each, kind="account", value=f"ACCOUNT{number}", remembered_by_name="Ann")
    return [acme, globex, initech, maria, *twins]


def issue(to: Client, prefix: str, number: int, amount: int) -> Invoice:
    draft = draft_invoice(client=to, lines=[NewLine("Hosting", usd(amount))], by=None)
    Invoice.objects.filter(pk=draft.pk).update(
        status="unpaid", number_prefix=prefix, number=number, issued_on=DAY, due_on=DAY
    )
    return Invoice.objects.get(pk=draft.pk)


def draw_invoices(data: st.DataObject, people: list[Client]) -> list[Invoice]:
    numbered = st.tuples(st.sampled_from(PREFIXES), st.sampled_from(NUMBERS))
    numbers = data.draw(st.lists(numbered, min_size=5, max_size=9, unique=True), label="numbers")
    return [
        issue(data.draw(st.sampled_from(people)), prefix, number, data.draw(st.sampled_from(AMOUNTS)))
        for prefix, number in numbers
    ]


def draw_payment(data: st.DataObject, line: int, invoices: list[Invoice], people: list[Client]) -> Sent:
    """A payment of somebody unknown, or of a client; the number may be mistyped or left out, others may pay for it."""
    invoice = data.draw(st.none() | st.none() | st.sampled_from(invoices), label="meant")
    bait = data.draw(
        st.lists(st.sampled_from(BAIT), max_size=2) if data.draw(st.booleans()) else st.just([]), label="bait"
    )
    method = PaymentMethod.objects.get(name="Card")

    def row(amount: object, *, name: str = "", column: str = "", said: str = "", account: str = "") -> PaymentRow:
        text = " ".join(data.draw(st.permutations([*bait, said])))
        money = usd(str(amount))
        return PaymentRow(line, DAY, money, usd(0), method, "", column, name, text, f"k{line}", account=account)

    if invoice is None:
        like = data.draw(st.sampled_from(invoices), label="like")
        amount, kind = like.due.amount, data.draw(st.sampled_from(["nobody", "bare", "contact"]), label="kind")
        if kind == "contact":  # of another than the one who owes that, perhaps with a number that is not his
            contact = data.draw(st.sampled_from(list(Contact.objects.exclude(client=like.client).order_by("pk"))))
            name = f"{contact.first_name} {contact.last_name}"
            return Sent(
                contact.client, None, False, row(amount, name=name, said=data.draw(st.sampled_from(["", like.label])))
            )
        name = data.draw(st.sampled_from(["", *UNKNOWN]))
        if kind == "bare":  # what a stranger calls his order
            return Sent(None, None, False, row(amount if name else amount - 1, name=name, column=str(like.number)))
        return Sent(None, None, False, row(amount, name=name))
    client = invoice.client
    due, account = invoice.due.amount, f"ACCOUNT{people.index(client)}"
    number = data.draw(st.sampled_from(["right", "right", "mistyped", "missing"]), label="number")
    own = [client.name, client.name.upper(), " ".join(reversed(client.name.split())) or client.name]
    own += 3 * [f"{each.first_name} {each.last_name}" for each in Contact.objects.filter(client=client)]
    names = {
        "own": own,
        "none": [""],
        "unknown": list(UNKNOWN),
        "other's": [each.name for each in people if each != client],
    }
    # Others are named only where the number says whose it is; who is meant could not be known from anything else.
    said_name = data.draw(st.sampled_from([*names] if number == "right" else ["own", "none", "unknown"]), label="name")
    name = data.draw(st.sampled_from(names[said_name]))
    if said_name != "own" and number == "right" and data.draw(st.booleans(), label="another's account"):
        account = data.draw(st.sampled_from([f"ACCOUNT{place}" for place in range(len(people))]))
    elif not data.draw(st.booleans(), label="account"):
        account = ""
    amount = data.draw(st.sampled_from([due, due, due + 449, due - 1]), label="amount")
    prefix, digits = invoice.number_prefix, invoice.number
    place = data.draw(st.sampled_from(["column", "text"]), label="place")
    form = data.draw(written if place == "text" else written | st.just("{number}"))
    if prefix == "2026-" and form != "{number}":
        form = "{prefix}{number:06d}"  # not read otherwise, and then a name alone would say whose it is
    is_bare = form == "{number}"
    if number == "mistyped":
        digits = data.draw(st.sampled_from([each for each in (*NUMBERS, 99) if each != digits]))
        may_be = [each for each in invoices if each.number == digits and (is_bare or each.number_prefix == prefix)]
        in_part = place == "column" and not name  # what is printed there takes less than is due, too
        hit = any(
            each.client != client and (each.due.amount == amount or (in_part and amount < each.due.amount))
            for each in may_be
        )
        # What a stranger calls 5 is no number of ours; of all else it would be said that it is the other's.
        if hit and said_name != "own" and not (is_bare and said_name == "unknown"):
            amount = due + 1000
    said = form.format(prefix=prefix, lower=prefix.lower(), number=digits) if number != "missing" else ""
    known = f"client no {client.number}" if data.draw(st.booleans(), label="client number") else ""
    column, said = (said, known) if place == "column" else ("", f"{said} {known}".strip())
    return Sent(client, invoice, number == "right", row(amount, name=name, column=column, said=said, account=account))


def check(sent: Sent, match: Match) -> None:
    assert match.outcome in (Outcome.PAYS, Outcome.UNATTACHED), match.note
    if match.outcome == Outcome.PAYS:
        assert sent.client is not None, match.note
        assert {bill.client_id for bill in match.invoices} == {sent.client.pk}, match.note
        if sent.is_right:
            assert [bill.pk for bill in match.invoices] == [sent.invoice.pk], match.note
    assert all(candidate.speaks_for for candidate in match.candidates)


def try_payments(people: list[Client], data: st.DataObject) -> None:
    with db_transaction.atomic():
        invoices = draw_invoices(data, people)
        sent = [draw_payment(data, line, invoices, people) for line in range(2, 22)]
        rows = [each.row for each in sent]
        # Each in a file of its own, and all in one, where a row may find its invoice paid by an earlier one.
        alone = [match for row in rows for match in match_payments([row], accept_similar=True)]
        for each, match in zip([*sent, *sent], [*alone, *match_payments(rows, accept_similar=True)], strict=True):
            check(each, match)
        db_transaction.set_rollback(True)


QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=examples(20), deadline=None, suppress_health_check=QUIET, derandomize=True)
@given(data=st.data())
def test_no_payment_is_ever_attached_to_another_client(people, data):
    try_payments(people, data)
