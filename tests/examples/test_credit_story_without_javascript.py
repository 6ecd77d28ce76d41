"""Credit from giving it to the invoices that it pays, by plain forms and links alone.

Three clients of CDNOW are billed for 1997 and 1998 up to June. Client 1 gets a credit that covers part of the next
invoice, client 2 one that covers all of it. In July they buy again, and the invoices are run again.
"""

import pytest

from billing_admin.staff.groups import OWNER
from clients.models import Client
from credits.selectors.balances import balances_of
from invoices.models import Invoice
from tests.examples import cdnow
from tests.factories import make_staff, usd
from tests.invariants import assert_invariants
from tests.pages import Page, fill, get_page, parse

pytestmark = pytest.mark.django_db


def follow(browser, page: Page, link: str) -> Page:
    """Click a link."""
    return get_page(browser, page.links()[link])


def figures(page: Page) -> dict[str, str]:
    """The large figures of an invoice's page."""
    return {part.one("dt").text: part.one("dd").text for part in page.all("#invoice .balance")}


def newest_invoice(browser, number: int) -> Page:
    """From the client's Summary by its Invoices tab to the newest invoice."""
    invoices = follow(browser, get_page(browser, f"/clients/{number}/"), "Invoices")
    return get_page(browser, invoices.all("tbody .row-link")[0]["href"])


def add_credit(browser, number: int, amount: str, description: str) -> Page:
    """From the client's Summary by Quick Links to Manage Credits; add credit; the page that answers."""
    popup = follow(browser, get_page(browser, f"/clients/{number}/"), "Manage Credits")
    return parse(fill(browser, popup, "#add-credit", {"amount": amount, "description": description}, follow=True))


def test_credit_is_given_in_a_form_and_pays_the_next_invoices(client, tmp_path):
    cdnow.import_first_purchases(tmp_path)
    said = cdnow.run_invoices("1998-07-01")
    assert "3 invoices, total 235.28, credit applied 0.00" in said
    make_staff(OWNER, username="maria")

    # Signing in leads to where one was going.
    sign_in = parse(client.get("/clients/1/", follow=True))
    summary = parse(
        fill(
            client,
            sign_in,
            "form[method=post]",
            {"username": "maria", "password": "correct horse battery"},
            follow=True,
        )
    )
    assert (summary.one("h1").text, summary.one("#balances dd").text) == ("Customer 0001", "0.00 USD")

    # Credit appears in the Credits List of the same page, and its balance changes there and on the Summary.
    answered = add_credit(client, 1, "25.00", "Damaged in the post")
    assert answered.one(".toast-good").text == "Credit of 25.00 USD added to Customer 0001."
    assert answered.texts("#credits-list tbody .num") == ["25.00 USD", "25.00"]
    assert answered.one(".popup .balance dd").text == "25.00 USD"
    assert get_page(client, "/clients/1/").one("#balances dd").text == "25.00 USD"
    add_credit(client, 2, "50.00", "Voucher")

    # What was invoiced before stays as it was.
    assert figures(newest_invoice(client, 1))["Due"] == "100.50 USD"

    cdnow.import_later_purchases(tmp_path)
    assert "3 invoices, total 115.00, credit applied 65.00, 1 paid at once" in cdnow.run_invoices("1998-08-01")

    # The first one's due fell by exactly the credit.
    first = newest_invoice(client, 1)
    assert figures(first) == {
        "Total": "60.00 USD", "Credit applied": "25.00 USD", "Paid": "0.00 USD", "Due": "35.00 USD",
    }  # fmt: skip
    assert first.texts(".badge")[0] in ("Unpaid", "Overdue")
    assert "Damaged in the post" in first.one("#settlement tbody tr").text

    # The second one is paid.
    second = newest_invoice(client, 2)
    assert figures(second) == {
        "Total": "40.00 USD", "Credit applied": "40.00 USD", "Paid": "0.00 USD", "Due": "0.00 USD",
    }  # fmt: skip
    assert second.texts(".badge")[0] == "Paid"
    assert "Voucher" in second.one("#settlement tbody tr").text

    # The one without credit pays in full, and its page says why.
    third = newest_invoice(client, 8)
    assert figures(third)["Due"] == "15.00 USD"
    assert "credit" in third.one("#settlement p.panel-body").text

    # From the ledger back to the invoice; and the rest is left.
    ledger = follow(client, follow(client, get_page(client, "/clients/2/"), "Credits"), "Ledger")
    (label,) = [link.text for link in ledger.all("#credits tbody td.code a")]
    assert follow(client, ledger, label).one("h1").text == f"Invoice {label}"
    assert [balances_of(Client.objects.get(number=number)) for number in (1, 2, 8)] == [
        [usd(0)], [usd(10)], [usd(0)],
    ]  # fmt: skip

    # Run again, nothing is billed twice.
    cdnow.run_invoices("1998-08-01")
    assert Invoice.objects.count() == 6
    assert_invariants()
