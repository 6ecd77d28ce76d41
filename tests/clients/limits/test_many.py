"""Many invoices at once: those above a limit are left out with the figures, and lead to where approval is asked for."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from billing_admin.staff.groups import MANAGER
from clients.approvals import approve_request
from clients.models import ApprovalRequest
from invoices.models import Invoice
from tests.asking import browser_of, send
from tests.factories import make_client, make_invoice, make_staff, usd
from tests.invariants import assert_invariants
from tests.limits import limit, limited_person
from tests.pages import Page, fill, get_page, parse

pytestmark = pytest.mark.django_db


def act_on(browser: Browser, action: str, *invoices: Invoice, **typed: str) -> Page:
    """What is answered to who does it to these invoices."""
    rows = "&".join(f"row={invoice.pk}" for invoice in invoices)
    popup = get_page(browser, f"{reverse('act_on_rows', args=['invoices', action])}?{rows}")
    return parse(fill(browser, popup, "form[novalidate]", typed))


@pytest.mark.parametrize(
    ("action", "done"), [("write-off", Invoice.Status.WRITTEN_OFF), ("cancel", Invoice.Status.CANCELLED)]
)
def test_what_is_above_a_limit_is_left_out_and_can_be_asked_for_alone(action, done):
    sam, acme = limited_person({"written_off entry USD": 30}), make_client()
    small, large = make_invoice(acme, usd(20)), make_invoice(acme, usd(40))
    typed = {"reason": "Insolvent"} if action == "write-off" else {}
    answer = act_on(browser_of(sam), action, small, large, **typed)
    (row,) = answer.all("#left-out li")
    assert "40.00 USD is more than the 30.00 USD that you may write off or cancel at once." in row.text
    url = row.one("a[data-dialog]")["href"]
    send(sam, url, f"form[action='{url}']", reason="Insolvent")
    asked = ApprovalRequest.objects.get()
    assert (asked.amount, asked.client) == (usd(40), acme)
    assert [each.status for each in Invoice.objects.order_by("pk")] == [done, Invoice.Status.UNPAID]
    limit(MANAGER, {"written_off entry USD": 40})
    approve_request(request_id=asked.pk, by=make_staff(MANAGER))
    assert [each.status for each in Invoice.objects.order_by("pk")] == [done, done]
    assert_invariants()
