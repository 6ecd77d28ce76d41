"""The popup Merge Client Accounts, its proof, and undoing."""

import pytest
from django.urls import reverse

from billing_admin.staff.groups import BILLING, VIEWER
from clients.models import Client, ClientMerge, Contact
from clients.services.merge.merge_clients import merge_clients
from clients.services.merge.undo import undo_merge
from credits.services.apply import apply_credit
from tests.clients.holders import make_holder
from tests.factories import give_credit, make_client, make_invoice, make_staff, person_with, usd
from tests.invariants import assert_invariants
from tests.pages import fill, get_page, parse, queries_of, values_of
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db

IN_DIALOG = {"HX-Request": "true", "HX-Target": "dialog-body"}


@pytest.fixture
def billing(client):
    """A browser in which somebody of Billing is signed in."""
    client.force_login(make_staff(BILLING, username="robin"))
    return client


def url_of(acme, other=None, keep=None):
    url = reverse("clients:merge", args=[acme.number])
    if other is None:
        return url
    return f"{url}?other={other.number}" + (f"&keep={keep.number}" if keep else "")


def cells(page, table):
    return [[cell.text for cell in row.all("td, th")] for row in page.all(f"{table} tbody tr")]


def messages_of(response) -> list[str]:
    return [str(message) for message in response.wsgi_request._messages]


# ── Finding the other ──


def test_the_summary_leads_there(billing):
    acme = make_client()
    links = get_page(billing, reverse("clients:summary", args=[acme.number])).one("#actions").links()
    assert links["Merge Client Accounts"] == url_of(acme)


def test_the_other_client_is_found_by_name_and_number_and_never_this_one(billing):
    acme, globex = make_client("Acme Ltd"), make_client("Globex Ltd", email="globex@example.com")
    for search in ("ltd", "globex@example.com", str(globex.number), f"Globex Ltd – No. {globex.number}"):
        page = get_page(billing, url_of(acme), data={"other": search}, headers=IN_DIALOG)
        assert page.one("#merge [name=other]")["value"] == str(globex.number)
    page = get_page(billing, url_of(acme), data={"other": "acme"}, status=422)
    assert page.one("#id_other_error").text == "No other client matches “acme”."


def test_several_that_match_are_offered(billing):
    acme = make_client("Acme Ltd")
    globex, initech = make_client("Globex Ltd", email=""), make_client("Initech Ltd", email="")
    page = get_page(billing, url_of(acme), data={"other": "ltd"}, status=422)
    assert page.texts("fieldset.offered label") == [
        f"Globex Ltd No. {globex.number}", f"Initech Ltd No. {initech.number}",
    ]  # fmt: skip
    chosen = fill(billing, page, "#merge-with", {"other_choice": f"Globex Ltd – No. {globex.number}"})
    assert parse(chosen).one("#merge [name=other]")["value"] == str(globex.number)


def test_while_typing_the_others_are_listed_and_never_this_one(billing):
    acme, globex = make_client("Acme Ltd"), make_client("Globex Ltd", email="globex@example.com")
    field = get_page(billing, url_of(acme)).one("#id_other")
    lines = get_page(billing, f"{field['hx-get']}&q=ltd").all("[role=option]")
    assert [line["data-value"] for line in lines] == [f"Globex Ltd – No. {globex.number}"]
    assert lines[0].text == f"Globex Ltd No. {globex.number}, globex@example.com"
    recent = get_page(billing, f"{field['hx-get']}&recent={globex.pk},{acme.pk}")
    assert [line["data-value"] for line in recent.all("[role=option]")] == [f"Globex Ltd – No. {globex.number}"]


def test_likely_duplicates_are_there_before_anything_is_typed(billing):
    acme = make_client("Acme Ltd", phone="+1 (503) 555-0142")
    twin = make_client("Acme", phone="0015035550142"[2:])
    page = get_page(billing, url_of(acme))
    assert cells(page, "#suggested") == [[str(twin.number), "Acme", "Same phone"]]


@pytest.mark.parametrize("other", ["987654", "9" * 30])
def test_a_number_that_nobody_has_is_told(billing, other):
    page = get_page(billing, url_of(make_client()), data={"other": other}, status=422)
    assert page.one("#id_other_error").text == f"There is no client {other[:20]}."


def test_the_client_itself_is_told(billing):
    acme = make_client()
    page = get_page(billing, url_of(acme), data={"other": acme.number}, status=422)
    assert page.one("#id_other_error").text == f"{acme.number} is this client. Choose another one to merge it with."


# ── Side by side ──


def test_both_stand_side_by_side_with_what_moves_and_the_totals(billing):
    acme = make_client("Acme Ltd", email="a@example.com", phone="111")
    globex = make_client("Globex", email="a@example.com", phone="222", tax_exempt=True)
    give_credit(acme, usd(30))
    give_credit(globex, usd(20))
    make_invoice(globex, usd(50))
    page = get_page(billing, url_of(acme, globex), headers=IN_DIALOG)
    assert page.all("html") == []
    assert [row[0] for row in cells(page, "#side-by-side")] == [
        "Name", "Client since", "Company name", "Phone", "Tax exempt",
    ]  # fmt: skip
    assert cells(page, "#side-by-side")[3] == ["Phone", "Phone:111", "Phone:222"]
    assert cells(page, "#moving") == [
        ["Invoices", "0", "1", "1"], ["Invoice lines", "0", "1", "1"], ["Credits", "1", "1", "2"],
        ["Ledger entries", "1", "2", "3"], ["Activity entries", "2", "5", "7"],
    ]  # fmt: skip
    assert cells(page, "#totals") == [
        ["Credit balance", "30.00", "0.00", "30.00 USD"],
        ["Invoiced", "0.00", "50.00", "50.00 USD"],
        ["Due on invoices", "0.00", "30.00", "30.00 USD"],
    ]
    assert page.one(".form-actions button").text == f"Merge {globex.number} into {acme.number}"


def test_the_direction_is_a_link(billing):
    acme, globex = make_client(), make_client("Globex")
    page = get_page(billing, url_of(acme, globex))
    assert page.one("nav.segments").links() == {
        f"Merge to client {acme.number}": url_of(acme, globex),
        f"Merge to client {globex.number}": url_of(acme, globex, keep=globex),
    }
    assert page.one(".segments [aria-current]").text == f"Merge to client {acme.number}"
    turned = get_page(billing, url_of(acme, globex, keep=globex))
    assert turned.one(".segments [aria-current]").text == f"Merge to client {globex.number}"
    assert turned.one(".form-actions button").text == f"Merge {acme.number} into {globex.number}"


def test_currencies_that_differ_are_told(billing):
    acme, globex = make_client(), make_client("Globex", currency="EUR")
    page = get_page(billing, url_of(acme, globex))
    assert page.one("#conflicts").text == (
        "The two deal in EUR and USD. Every currency keeps a balance of its own; nothing is converted or added up."
    )


def test_merging_leads_to_the_proof(billing):
    acme, globex = make_client("Acme Ltd"), make_client("Globex")
    give_credit(acme, usd(30))
    give_credit(globex, usd(20))
    page = get_page(billing, url_of(acme, globex), headers=IN_DIALOG)
    answer = fill(billing, page, "#merge", {"company_name": "discarded"}, headers=IN_DIALOG)
    merge = ClientMerge.objects.get()
    proof_url = reverse("clients:merge_proof", args=[acme.number, merge.pk])
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, proof_url)
    assert messages_of(answer) == [f"Client {globex.number} merged into client {acme.number}: 1 credit."]
    acme.refresh_from_db()
    assert (acme.name, merge.merged_by_name) == ("Globex", "robin")
    proof = get_page(billing, proof_url)
    assert cells(proof, "#proof") == [["Credit balance", "30.00", "20.00", "50.00 USD", "50.00 USD"]]
    assert ["Credits", "1"] in [[row.one("dt").text, row.one("dd").text] for row in proof.all("#moved div")]
    assert_invariants()


def test_merging_to_the_other_keeps_the_other_and_works_without_javascript(billing):
    acme, globex = make_client(), make_client("Globex")
    answer = fill(billing, get_page(billing, url_of(acme, globex, keep=globex)), "#merge")
    assert answer.status_code == 302
    assert list(Client.objects.all()) == [globex]
    assert Client.objects.numbered(acme.number).get() == globex


def test_contacts_that_clash_are_asked_about(billing):
    acme, globex = make_client(), make_client("Globex")
    Contact.objects.create(client=acme, first_name="Ann", email="ann@example.com")
    theirs = Contact.objects.create(client=globex, first_name="Anna", email="ann@example.com")
    page = get_page(billing, url_of(acme, globex))
    name = f"contact_{theirs.pk}"
    assert cells(page, "#clashes") == [
        ["Contact ann@example.com:Ann, ann@example.com", "Contact ann@example.com:Anna, ann@example.com"]
    ]
    assert values_of(page.one("#merge"))[name] == "kept"
    fill(billing, page, "#merge", {name: "discarded"})
    assert acme.contacts.get() == theirs


@pytest.mark.parametrize("choice", ["", "neither", None])
def test_a_choice_that_is_none_is_refused_and_nothing_is_merged(billing, choice):
    acme, globex = make_client(), make_client("Globex")
    page = get_page(billing, url_of(acme, globex))
    with nothing_changes():
        answer = fill(billing, page, "#merge", {"company_name": choice}, headers=IN_DIALOG)
    assert answer.status_code == 422


def test_a_pair_that_was_merged_meanwhile_is_told(billing):
    acme, globex = make_client(), make_client("Globex")
    page = get_page(billing, url_of(acme, globex), headers=IN_DIALOG)
    merge_clients(kept=acme, discarded=globex, by=None)
    with nothing_changes():
        answer = fill(billing, page, "#merge", headers=IN_DIALOG)
    assert answer.status_code == 422
    assert parse(answer).one("#id_other_error").text == (
        f"{globex.number} is this client. Choose another one to merge it with."
    )


@pytest.mark.parametrize("which", ["this", "other"])
@pytest.mark.parametrize("keeps", ["this", "other"])
def test_a_client_merged_meanwhile_does_not_take_the_third_along(billing, which, keeps):
    acme, globex, third = make_client("Acme Ltd"), make_client("Globex"), make_client("Initech")
    page = get_page(billing, url_of(acme, globex, keep=acme if keeps == "this" else globex), headers=IN_DIALOG)
    gone = acme if which == "this" else globex
    merge_clients(kept=third, discarded=gone, by=None)
    with nothing_changes():
        answer = fill(billing, page, "#merge", headers=IN_DIALOG)
    assert answer.status_code == 422
    said = parse(answer).one("[role=alert]").text
    assert f"Client {gone.number} was merged into client {third.number} meanwhile" in said


def test_choices_that_leave_no_name_are_told_in_the_popup(billing):
    acme, ann = make_client(), make_client("", first_name="Ann")
    page = get_page(billing, url_of(acme, ann), headers=IN_DIALOG)
    with nothing_changes():
        answer = fill(billing, page, "#merge", {"company_name": "discarded"}, headers=IN_DIALOG)
    assert answer.status_code == 422
    assert "would have neither a company name nor a person’s" in parse(answer).one("[role=alert]").text


def test_the_popup_costs_as_many_queries_for_many_rows(billing):
    def pair(rows):
        acme, globex = make_client(), make_client("Globex")
        for number in range(rows):
            give_credit(globex, usd(1))
            for each in (acme, globex):
                Contact.objects.create(client=each, first_name=each.name, email=f"{number}@example.com")
        return url_of(acme, globex)

    assert queries_of(billing, pair(1)) == queries_of(billing, pair(50))


@pytest.mark.parametrize("name", ["merge", "duplicates"])
def test_without_the_permission_it_is_forbidden(client, name):
    client.force_login(make_staff(VIEWER))
    acme = make_client()
    url = url_of(acme) if name == "merge" else reverse("clients:duplicates")
    assert (client.get(url).status_code, client.post(url).status_code) == (403, 403)
    links = get_page(client, reverse("clients:summary", args=[acme.number])).one("#actions").links()
    assert set(links) == {"Statement"}


# ── The proof and the way back ──


def proof_of(merge: ClientMerge) -> str:
    return reverse("clients:merge_proof", args=[merge.kept.number, merge.pk])


def test_the_summary_lists_merges_and_leads_to_their_proof(billing):
    acme, globex = make_client(), make_client("Globex")
    merge = merge_clients(kept=acme, discarded=globex, by=None)
    summary = reverse("clients:summary", args=[acme.number])
    assert get_page(billing, summary).one("#merges").links() == {f"Client {globex.number}": proof_of(merge)}
    undo_merge(merge=merge, by=None)
    assert "undone" in get_page(billing, summary).one("#merges li").text


def test_undoing_from_the_proof_leads_to_the_restored_client(billing):
    acme, globex = make_holder(), make_holder("Globex Inc")
    merge = merge_clients(kept=acme, discarded=globex, by=None)
    page = get_page(billing, proof_of(merge), headers=IN_DIALOG)
    answer = fill(billing, page, "#undo-merge", headers=IN_DIALOG)
    assert answer.headers["HX-Redirect"] == reverse("clients:summary", args=[globex.number])
    assert messages_of(answer) == [f"Merge undone: client {globex.number} is there again, with what it brought."]
    merge.refresh_from_db()
    assert merge.undone_by_name == "robin"
    again = get_page(billing, proof_of(merge))
    assert again.all("#undo-merge") == []
    assert "by robin" in again.one("main .popup-body").text
    assert_invariants()


def test_what_stands_in_the_way_is_told_before_and_when_it_is_tried(billing):
    acme, globex = make_client(), make_client("Globex")
    invoice = make_invoice(acme, usd(10))
    give_credit(globex, usd(4), "Theirs")
    merge = merge_clients(kept=acme, discarded=globex, by=None)
    before = get_page(billing, proof_of(merge), headers=IN_DIALOG)
    apply_credit(invoice=invoice, by=None)
    reason = (
        f"4.00 USD of credit “Theirs”, which the merge moved, has been used for {invoice.label} of client "
        f"{acme.number} since."
    )
    page = get_page(billing, proof_of(merge))
    assert (page.texts("#why-not li"), page.all("#undo-merge")) == ([reason], [])
    with nothing_changes():
        answer = fill(billing, before, "#undo-merge", headers=IN_DIALOG)
    assert answer.status_code == 422
    assert parse(answer).one("[role=alert]").text == (
        f"The merge of client {globex.number} can no longer be undone. {reason}"
    )


def test_a_viewer_sees_the_proof_and_cannot_undo(client):
    client.force_login(make_staff(VIEWER))
    merge = merge_clients(kept=make_client(), discarded=make_client("Globex"), by=None)
    assert get_page(client, proof_of(merge)).all("#undo-merge") == []
    with nothing_changes():
        assert client.post(proof_of(merge)).status_code == 403


@pytest.mark.parametrize(
    ("may", "totals"),
    [
        ("credits.view_credit", {"Credit balance"}),
        ("invoices.view_invoice", {"Invoiced", "Due on invoices", "Written off"}),
        ("transactions.view_transaction", {"Transactions in", "Fees"}),
        ("clients.merge_client", set()),
    ],
)
def test_the_proof_shows_only_totals_that_one_may_see(client, may, totals):
    merge = merge_clients(kept=make_holder("Acme"), discarded=make_holder("Globex"), by=None)
    client.force_login(person_with("view_client", may.partition(".")[2]))
    page = get_page(client, proof_of(merge))
    assert {row[0] for row in cells(page, "#proof")} == totals
    assert ("None that your account may see." in page.text) == (not totals)


def test_only_who_may_undo_reads_why_it_cannot_be(client):
    acme, globex = make_client(), make_client("Globex")
    merge = merge_clients(kept=acme, discarded=globex, by=None)
    merge_clients(kept=acme, discarded=make_client("Initech"), by=None)
    client.force_login(make_staff(VIEWER))
    assert get_page(client, proof_of(merge)).all("#why-not") == []


def test_a_merge_of_another_client_is_not_found(billing):
    merge = merge_clients(kept=make_client(), discarded=make_client("Globex"), by=None)
    other = make_client("Initech")
    get_page(billing, reverse("clients:merge_proof", args=[other.number, merge.pk]), status=404)
