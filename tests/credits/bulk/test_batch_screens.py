"""Bulk credit in the browser: upload, preview, book, take back."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from billing_admin.models import Job
from billing_admin.staff.groups import BILLING, VIEWER
from credits.models import CreditBatch, CreditGrant
from credits.selectors.balances import balances_of
from credits.services.bulk.book import book_credit_batch
from tests.factories import make_client, make_invoice, make_staff, usd
from tests.invariants import assert_invariants
from tests.jobs import do_jobs
from tests.pages import fill, get_page, parse, queries_of
from tests.unchanged import nothing_changes, refused

pytestmark = pytest.mark.django_db

HEADER = "Client ID,Amount,Currency,Description,Category,Expires,Priority,Reference"
UPLOAD = reverse("credits:upload")


@pytest.fixture
def billing(client):
    client.force_login(make_staff(BILLING, username="robin"))
    return client


def upload(browser, *rows, header=HEADER, name="downtime.csv"):
    content = "".join(f"{line}\n" for line in (header, *rows)).encode()
    return browser.post(UPLOAD, {"file": SimpleUploadedFile(name, content)})


def preview(browser, *rows):
    answer = upload(browser, *rows)
    assert answer.status_code == 302
    return get_page(browser, answer.headers["Location"])


def book(browser, page, **more):
    """The page as it is when a worker has done what it asked for."""
    answer = fill(browser, page, "form[method=post].panel", more)
    return answer if answer.status_code == 422 else done(browser, answer)


def done(browser, answer):
    assert (answer.status_code, do_jobs()) == (302, 1)
    return browser.get(answer.headers["Location"])


def test_the_preview_has_a_result_for_each_row_and_books_nothing(billing):
    acme = make_client("Acme Ltd")
    page = preview(
        billing, f"{acme.number},12.50,USD,Downtime,,,,", "999999999,5,USD,Downtime,,,,", "x,5,USD,Downtime,,,,"
    )
    rows = [[cell.text for cell in row.all("td")] for row in page.all("tbody tr")]
    assert rows == [
        ["2", "Will be added", "Acme Ltd", "Downtime", "Promotional", "–", "12.50 USD"],
        ["3", "Bad There is no client 999999999.", "999999999", "Downtime", "Promotional", "–", "5.00 USD"],
        ["4", "Bad Client ID “x” is not a number. Use digits only.", "–", "–", "–", "–", "–"],
    ]
    assert "1 credit, 12.50 USD in all, will be added to 1 client. 2 rows are bad." in page.one(".panel-body p").text
    assert CreditGrant.objects.count() == 0
    assert [row.text for row in get_page(billing, page.response.request["PATH_INFO"], data={"show": "bad"}).all(
        "tbody td.num")][::2] == ["3", "4"]  # fmt: skip


def test_booking_shows_the_batch_with_what_each_client_got(billing):
    acme, globex = make_client("Acme Ltd"), make_client("Globex")
    page = preview(billing, f"{acme.number},12.50,USD,Downtime,,,,", f"{globex.number},5,USD,Downtime,,,,")
    assert page.one(".form-actions .btn-primary").text == "Add 17.50 USD of credit"
    booked = parse(book(billing, page))
    assert booked.one(".toast-good").text == "2 credits of 17.50 USD added from downtime.csv."
    assert booked.texts(".balance dd") == ["17.50 USD", "17.50 USD"]
    assert [row.all("td")[0].text for row in booked.all("tbody tr")] == ["Acme Ltd", "Globex"]
    batch = CreditBatch.objects.get()
    assert (batch.created_by_name, batch.grant_count, batch.totals) == ("robin", 2, {"USD": "17.500"})
    listed = get_page(billing, reverse("credits:batches"))
    assert listed.links()["downtime.csv"] == reverse("credits:batch", args=[batch.pk])
    assert_invariants()


def test_bad_rows_are_left_out_only_when_one_says_so(billing):
    acme = make_client()
    page = preview(billing, f"{acme.number},5,USD,Downtime,,,,", "999999999,5,USD,Downtime,,,,")
    with nothing_changes():
        answer = book(billing, page)
    assert answer.status_code == 422
    assert parse(answer).texts(".field-error") == [
        "1 row is bad. Nothing was booked. Tick “Leave out the bad row”, or mend the file and upload it again."
    ]
    assert book(billing, page, skip_bad="on").status_code == 200
    assert balances_of(acme) == [usd(5)]


def test_the_same_file_is_given_again_only_when_one_says_so(billing):
    acme = make_client()
    row = f"{acme.number},5,USD,Downtime,,,,"
    book(billing, preview(billing, row))
    page = preview(billing, row)
    assert page.one(".alert-attention").text.startswith("This very file was booked on ")
    with nothing_changes():
        assert book(billing, page).status_code == 422
    assert book(billing, page, again="on").status_code == 200
    assert balances_of(acme) == [usd(10)]


def test_booking_twice_books_once_and_says_so(billing):
    acme = make_client()
    page = preview(billing, f"{acme.number},5,USD,Downtime,,,,")
    book(billing, page)
    again = parse(book(billing, page))
    assert again.one(".toast-attention").text == ("1 credit of 5.00 USD were booked before; nothing more was booked.")
    assert balances_of(acme) == [usd(5)]


def test_while_it_waits_the_page_says_so_and_books_nothing_twice(billing):
    acme = make_client()
    page = preview(billing, f"{acme.number},5,USD,Downtime,,,,")
    answers = [fill(billing, page, "form[method=post].panel") for _ in range(2)]
    assert len({answer.headers["Location"] for answer in answers}) == 1
    address = answers[0].headers["Location"]
    waiting = get_page(billing, address)
    assert waiting.one("#job p").text == "Waiting for its turn. Look again"
    assert (waiting.one("#job")["hx-get"], waiting.one("#job")["hx-trigger"]) == (address, "load delay:400ms")
    assert waiting.all("form.panel") == []
    part = {"HX-Request": "true", "HX-Target": "job"}
    assert parse(billing.get(address, headers=part)).all("h1") == []
    assert parse(billing.post(address.split("?")[0] + "discard/", follow=True)).one(".toast").text == (
        "This file is being booked already; nothing was discarded."
    )
    Job.objects.update(asked_at=timezone.now() - timedelta(minutes=1))
    assert (
        get_page(billing, address.split("?")[0]).one("#job p").text.startswith("This waits, because nothing is there")
    )
    assert do_jobs() == 1
    assert billing.get(address, headers=part).headers["HX-Redirect"] == address
    assert get_page(billing, address).one(".toast-good").text == "1 credit of 5.00 USD added from downtime.csv."
    assert balances_of(acme) == [usd(5)]


def test_what_a_worker_refuses_is_said_on_the_preview(billing):
    acme = make_client()
    page = preview(billing, f"{acme.number},5,USD,Downtime,,,,")
    answer = fill(billing, page, "form[method=post].panel")
    CreditBatch.objects.get().rows.update(client_number=999999999)
    refused_page = parse(done(billing, answer))
    assert refused_page.one("#job").text == (
        "1 row of downtime.csv went bad since you looked at it. Nothing was booked; look at the rows again."
    )
    assert refused_page.all("form.panel")
    assert CreditGrant.objects.count() == 0


def test_a_row_that_went_bad_since_is_not_left_out_silently(billing):
    acme = make_client()
    preview(billing, f"{acme.number},5,USD,Downtime,,,,")
    batch = CreditBatch.objects.get()
    batch.rows.update(client_number=999999999)
    with refused("1 row of downtime.csv went bad since you looked at it. Nothing was booked; look at the rows again."):
        book_credit_batch(batch_id=batch.pk, by=None, skip_bad=True)


def test_a_preview_can_be_discarded(billing):
    acme = make_client()
    page = preview(billing, f"{acme.number},5,USD,Downtime,,,,")
    address = page.one("button[formaction]")["formaction"]
    answer = billing.post(address, follow=True)
    assert parse(answer).one(".toast").text == "The preview was discarded; nothing was booked."
    assert CreditBatch.objects.count() == 0
    assert billing.get(page.response.request["PATH_INFO"]).status_code == 404
    assert parse(billing.post(address, follow=True)).one(".toast").text == "This preview is no longer kept."


def test_previews_of_the_day_before_go(billing, time_machine):
    acme = make_client()
    time_machine.move_to("2099-01-01 12:00", tick=False)
    billing.force_login(make_staff(BILLING))
    preview(billing, f"{acme.number},5,USD,Downtime,,,,")
    time_machine.move_to("2099-01-02 13:00", tick=False)
    billing.force_login(make_staff(BILLING))
    preview(billing, f"{acme.number},6,USD,Downtime,,,,")
    assert [batch.rows.get().amount for batch in CreditBatch.objects.all()] == [6]


def test_a_batch_is_taken_back_as_far_as_it_is_unspent(billing):
    acme, globex = make_client(), make_client()
    book(billing, preview(billing, f"{acme.number},5,USD,Downtime,,,,", f"{globex.number},8,USD,Downtime,,,,"))
    make_invoice(acme, usd(2))
    url = reverse("credits:reverse_batch", args=[CreditBatch.objects.get().pk])
    page = get_page(billing, url)
    assert "11.00 USD is left of what downtime.csv gave" in page.one(".popup-body p").text
    assert "2.00 USD was used, removed or has expired and stays so." in page.one(".popup-body p").text
    shown = parse(done(billing, fill(billing, page, ".popup form", {"reason": "Wrong file"})))
    assert shown.one(".toast-good").text == (
        "11.00 USD of 2 credits taken back. 2.00 USD had been used, removed or expired before and stays so."
    )
    assert shown.texts(".balance dd") == ["13.00 USD", "Nothing"]
    again = get_page(billing, url)
    assert again.one(".popup .alert").text.startswith("Nothing is left of what downtime.csv gave")
    assert_invariants()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b"Client ID,Amount\n1,5\n", "“Currency” is missing."),
        (b"Client ID;Amount;Currency;Description\n1;5;USD;Downtime\n", "separated by “;”"),
        (b"PK\x03\x04", "is a workbook or an archive"),
        (b"\xff\xfe1", "is UTF-16"),
        (f"{HEADER}\n".encode(), "has a header and no rows"),
        (b"\xe9\n", "is not UTF-8"),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(billing, content, said):
    with nothing_changes():
        answer = billing.post(UPLOAD, {"file": SimpleUploadedFile("credit.csv", content)})
    assert answer.status_code == 422
    assert said in parse(answer).one("#id_file_error").text


def test_no_file_and_one_too_large_are_refused(billing):
    assert parse(billing.post(UPLOAD)).texts("#id_file_error") == ["Choose a file."]
    large = SimpleUploadedFile("credit.csv", b"1" * 20_100_000)
    assert parse(billing.post(UPLOAD, {"file": large})).texts("#id_file_error") == [
        "The file has 20,100,000 bytes; 20,000,000 are the most."
    ]


def test_a_viewer_sees_batches_and_gives_none(client, billing):
    acme = make_client()
    page = preview(billing, f"{acme.number},5,USD,Downtime,,,,")
    address = page.response.request["PATH_INFO"]
    client.force_login(make_staff(VIEWER))
    get_page(client, UPLOAD, status=403)
    get_page(client, address, status=403)
    assert client.post(address).status_code == 403
    assert "Add Bulk Credit" not in get_page(client, reverse("credits:batches")).links()


def test_pages_cost_the_same_queries_with_one_row_and_with_fifty(billing):
    clients = [make_client() for _ in range(12)]
    few = preview(billing, *[f"{each.number},5,USD,Downtime,,,," for each in clients[:1]])
    many = preview(billing, *[f"{each.number},6,USD,Downtime,,,," for each in clients])
    address = [page.response.request["PATH_INFO"] for page in (few, many)]
    assert queries_of(billing, address[0]) == queries_of(billing, address[1])
    book(billing, few)
    listed = queries_of(billing, reverse("credits:batches"))
    book(billing, many)
    assert queries_of(billing, reverse("credits:batches")) == listed
    assert queries_of(billing, address[0]) == queries_of(billing, address[1])
    assert json.dumps(CreditBatch.objects.latest("created_at").totals) == '{"USD": "72.000"}'
