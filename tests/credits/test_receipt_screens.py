"""Receipt, on the page of a credit and on its transaction."""

import pytest
from django.urls import reverse

from billing_admin.documents import press
from clients.models import Activity, IssuedDocument
from tests.factories import give_credit, make_client, make_payment_method, make_staff, person_with, usd
from tests.pages import get_page, parse
from tests.unchanged import nothing_changes
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db

MAY = ("view_credit", "view_transaction")


@pytest.fixture
def acme():
    return make_client("Acme Ltd")


@pytest.fixture
def payment(acme):
    return receive_payment(client=acme, amount=usd(60), payment_method=make_payment_method(), by=None).transaction


@pytest.fixture
def pages(acme, payment):
    """Where the button stands."""
    return [
        reverse("credits:grant", args=[acme.number, payment.credit_grants.get().pk]),
        reverse("transactions:detail", args=[payment.pk]),
    ]


def receipt_url(payment):
    return reverse("credits:receipt", args=[payment.client.number, payment.credit_grants.get().pk])


def test_both_pages_save_the_same_file(client, pages, payment):
    client.force_login(person_with(*MAY))
    files = []
    for url in pages:
        form = get_page(client, url).one("form[data-download]")
        assert form.text == "Receipt"
        answer = client.post(form["action"])
        assert answer["Content-Disposition"] == f'attachment; filename="receipt-{payment.pk}.pdf"'
        files.append(b"".join(answer.streaming_content))
    assert files[0] == files[1]
    assert files[0].startswith(b"%PDF")
    saved = [each.summary for each in Activity.objects.filter(verb="receipt.exported")]
    assert saved == [f"Receipt {payment.pk} exported"] * 2


@pytest.mark.parametrize("lacking", MAY)
def test_it_needs_the_permissions_to_see_both(client, pages, payment, lacking):
    client.force_login(person_with(*(set(MAY) - {lacking})))
    with nothing_changes():
        assert client.post(receipt_url(payment)).status_code == 403
    seen = [get_page(client, url) for url in pages if client.get(url).status_code == 200]
    assert len(seen) == 1
    assert seen[0].all("form[data-download]") == []


def test_credit_that_was_given_has_none(client, acme):
    given = give_credit(acme, usd(5))
    client.force_login(make_staff())
    page = get_page(client, reverse("credits:grant", args=[acme.number, given.pk]))
    assert page.all("form[data-download]") == []
    with nothing_changes():
        assert client.post(reverse("credits:receipt", args=[acme.number, given.pk])).status_code == 404


def test_what_cannot_be_drawn_is_said_on_the_page_of_the_credit(client, pages, payment, monkeypatch):
    client.force_login(make_staff())
    monkeypatch.setattr(press, "_SECONDS", 0.001)
    answer = client.post(receipt_url(payment), follow=True)
    assert answer.redirect_chain == [(pages[0], 302)]
    assert "The document could not be made" in parse(answer).one("#toasts").text
    assert not IssuedDocument.objects.exists()
