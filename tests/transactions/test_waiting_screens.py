"""Whose money a payment that waits may be: on the preview, in the list, on its page and in its popup."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from billing_admin.staff.groups import VIEWER
from clients.models import Client
from tests.factories import make_client, make_invoice, make_staff, usd
from tests.pages import fill, get_page, parse, queries_of
from tests.transactions.popups import FORM, IN_DIALOG, toast, url
from transactions.models import PaymentMethod, Transaction

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> Client:
    acme = make_client("Acme Ltd")
    make_invoice(acme, usd(40))
    return acme


def wait(name: str, text: str = "", amount: int = 40) -> Transaction:
    return Transaction.objects.create(
        date=datetime.date(2026, 3, 1), payment_method=PaymentMethod.objects.get(name="Card"), currency="USD",
        amount_in=usd(amount), note=f"{name} · {text}", payer_name=name, created_by_name="Ann",
    )  # fmt: skip


def test_the_preview_shows_candidates_with_what_speaks_for_and_against(billing, acme):
    content = "Date,Amount,Currency,Method,Name,Description\n2026-03-01,41,USD,Card,Somebody,INV-1 thanks"
    file = SimpleUploadedFile("bank.csv", content.encode())
    page = parse(billing.post("/transactions/import/", {"file": file, "mapping": ""}, follow=True))
    cell = page.one("#rows tbody tr td.fill details")
    assert cell.texts("p") == [
        f"Acme Ltd {acme.number}",
        "For: INV-000001 is named in it.",
        "Against: 40.00 USD is due on INV-000001, not 41.00 USD.",
        "Against: No client is called Somebody.",
    ]


def test_the_list_offers_the_best_candidate_one_click_away(billing, acme):
    row = wait("Somebody", "INV-1")
    wait("Nobody")
    page = get_page(billing, "/transactions/?show=unattached")
    (link,) = page.all('#transactions a[href*="/attach/"]')
    assert (link.text, link["href"]) == (
        "Attach to Acme Ltd",
        f"{url('attach', row.pk)}?client={acme.number}&invoices=INV-000001",
    )
    popup = get_page(billing, link["href"], headers=IN_DIALOG)
    assert (popup.one("#id_client")["value"], popup.one("#id_invoices")["value"]) == (
        f"Acme Ltd – No. {acme.number}",
        "INV-000001",
    )
    answer = fill(billing, popup, FORM, {}, headers=IN_DIALOG)
    assert toast(answer)["text"] == "40.00 USD attached to Acme Ltd: 40.00 USD for INV-000001."


def test_page_and_popup_list_the_candidates(billing, acme):
    make_client("Globex")
    row = wait("Globex", "INV-1")
    for address in (url("detail", row.pk), url("attach", row.pk)):
        page = get_page(billing, address)
        assert page.texts("#candidates a") == ["Attach for INV-000001", "Attach to it"]
    assert [" ".join(each.texts("p")) for each in page.all("#candidates li")] == [
        (
            f"Acme Ltd {acme.number} For: INV-000001 is named in it. "
            "For: 40.00 USD is exactly what is due on INV-000001. Against: The payer has the name of Globex."
        ),
        (
            f"Globex {acme.number + 1} For: The payer has its name. Against: INV-000001 of Acme Ltd is named in it. "
            "Against: It owes no invoice of exactly 40.00 USD."
        ),
    ]
    attached = get_page(billing, f"{url('attach', row.pk)}?client={acme.number}")
    assert attached.texts("#candidates") == []


def test_who_may_not_attach_sees_no_candidates_in_the_list(client, acme):
    wait("Somebody", "INV-1")
    client.force_login(make_staff(VIEWER))
    assert get_page(client, "/transactions/").texts('#transactions a[href*="/attach/"]') == []


def test_the_list_costs_the_same_for_any_number_that_wait(billing):
    def queries(count):
        for number in range(count):
            make_client(f"Payer {number} of {count}")
            wait(f"Payer {number} of {count}")
        return queries_of(billing, "/transactions/")

    assert queries(1) == queries(20)


def test_a_payment_is_found_by_its_payer(billing):
    wait("Jörg Payer")
    wait("Somebody")
    page = get_page(billing, "/transactions/?q=jorg payer")
    assert page.texts("#transactions .table a.row-link") == ["1 Mar 2026"]


def test_deleting_a_client_shows_unattached_money_that_names_it(owner, acme):
    wait("Acme Ltd")
    wait("Globex")
    page = get_page(owner, reverse("clients:delete", args=[acme.number]))
    said = [sentence for sentence in page.texts("#warnings p") if "unattached" in sentence]
    assert said == [
        (
            "1 unattached payment of 40.00 USD may be of this client: attach what is. What was said of the payer is "
            "emptied, and nobody finds out any more."
        )
    ]
    assert "40.00 USD, 1 Mar 2026" in page.texts("#warnings a")
