"""Each list shows on a phone the figure that it is read for, without scrolling sideways."""

import pytest

from tests.browser.every_page import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("signed_in")]

# List → the headings of what it is read for.
READ_FOR = {
    "clients": ("Name", "Unpaid", "Credit"),
    "invoices": ("Number", "Client", "Due"),
    "invoices of a client": ("Number", "Status", "Due"),
    "credit notes": ("Number", "Total"),
    "transactions": ("Client", "In", "Out"),
    "transactions of a client": ("Description", "In", "Out"),
    "billable items": ("Description", "Price"),
    "billable items of a client": ("Description", "Price"),
    "who holds credit": ("Client", "Credit"),
    "ledger of all": ("Client", "Amount"),
    "credits list": ("Description", "Left"),
    "ledger": ("Kind", "Amount", "Balance"),
    "liability": ("Movement", "Total"),
    "duplicates": ("May be one client", "Why"),
    "reminders due": ("Invoice", "Client", "Due"),
    "runs": ("As of", "Invoices"),
}
UNSEEN = """(headings) => headings.filter((heading) => {
    const heads = [...document.querySelectorAll("thead th")].filter((each) => each.innerText.trim() === heading);
    const edge = (each) => each.closest(".table-wrap").getBoundingClientRect().right + 1;
    return !heads.some((each) => each.checkVisibility() && each.getBoundingClientRect().right <= edge(each));
})"""


def test_the_figures_that_lists_are_read_for_are_seen_on_a_phone(visit, acme, subtests):
    for name, headings in READ_FOR.items():
        with subtests.test(name):
            page = visit(PAGES[name](acme))
            page.set_viewport_size({"width": 390, "height": 900})
            assert page.evaluate(UNSEEN, list(headings)) == []
