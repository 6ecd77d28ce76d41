"""Saved views of lists: one's own or everybody's, the one that a list opens with, and the columns that one sees."""

import pytest
from django.http import QueryDict

from billing_admin.errors import BusinessError
from billing_admin.listing import saved_views
from billing_admin.listing.saved_views import query_of, save_view
from billing_admin.models import SavedView
from clients.models import Contact
from clients.services.delete.delete_client import delete_client
from clients.services.merge.merge_clients import merge_clients
from clients.services.notes import add_note
from tests.dumped import lines_with
from tests.factories import make_client, make_staff, person_with
from tests.pages import get_page, queries_of

pytestmark = pytest.mark.django_db

SAVE, VIEWS, COLUMNS = (f"/lists/clients/{name}/" for name in ("save", "views", "columns"))


@pytest.fixture
def ann(client):
    ann = make_staff(username="ann")
    client.force_login(ann)
    return ann


def keep(person, name="Closed ones", query=None, **options):
    return save_view(listing="clients", name=name, query=query or {"status": ["closed"]}, by=person, **options)


def in_menu(page):
    links = {link.text: link["href"] for link in page.all(".filters a.menu-item")}
    return {
        text: url for text, url in links.items() if text not in ("All clients", "Save View", "Your Views", "Columns")
    }


def test_what_is_filtered_and_its_order_are_saved_under_a_name(client, ann):
    make_client()
    address = "/clients/?status=closed&q=acme&sort=name&page=2&unknown=1"
    link = get_page(client, address).links()["Save View"]
    assert link == f"{SAVE}?status=closed&q=acme&sort=name&unknown=1"
    popup = get_page(client, link)
    assert "Status is Closed" in popup.one(".popup-body .quiet:not(.small)").text
    answer = client.post(link, {"name": "  Closed   ones ", "shared": "on"})
    assert answer.headers["Location"] == "/clients/?status=closed&q=acme&sort=name"
    view = SavedView.objects.get()
    assert (view.name, view.query, view.shared, view.owner) == (
        "Closed ones",
        {"status": ["closed"], "q": ["acme"], "sort": ["name"]},
        True,
        ann,
    )
    page = get_page(client, "/clients/")
    assert in_menu(page) == {"Closed ones": "?q=acme&sort=name&status=closed"}


def test_a_view_is_its_owners_alone_until_it_is_shared(client, ann):
    zoe = make_staff(username="zoe")
    keep(zoe, "Mine")
    keep(zoe, "Ours", shared=True)
    page = get_page(client, "/clients/")
    assert in_menu(page) == {"Ours by zoe": "?status=closed"}
    assert "Ours" not in get_page(client, VIEWS).text


def test_the_same_name_is_what_was_saved_last(ann):
    keep(ann)
    keep(ann, query={"status": ["active"]})
    assert SavedView.objects.get().query == {"status": ["active"]}


def test_a_list_opens_with_ones_view_and_says_so_in_the_address(client, ann):
    keep(ann, opens=True)
    assert client.get("/clients/").headers["Location"] == "/clients/?status=closed"
    assert get_page(client, "/clients/?view=all").texts(".chip") == []
    assert get_page(client, "/clients/?q=acme").texts(".chip") == ["Search contains “acme”"]
    client.post(VIEWS, {"open": "all"})
    assert client.get("/clients/").status_code == 200
    assert SavedView.objects.exclude(name="").count() == 1


def test_a_deleted_view_no_longer_opens_the_list(client, ann):
    view = keep(ann, opens=True)
    client.post(VIEWS, {"view": view.pk})
    assert client.get("/clients/").status_code == 200
    assert SavedView.objects.exclude(name="").count() == 0
    assert client.post(VIEWS, {"view": "²"}).status_code == 302


def test_nobody_deletes_the_view_of_somebody_else(client, ann):
    view = keep(make_staff(username="zoe"), shared=True)
    client.post(VIEWS, {"view": view.pk})
    assert SavedView.objects.filter(pk=view.pk).exists()
    with pytest.raises(BusinessError, match="somebody else"):
        saved_views.delete_view(view=view, by=ann)


@pytest.mark.parametrize(
    ("name", "query", "said"),
    [
        ("", {"q": ["x"]}, "Give the view a name."),
        ("x" * 61, {"q": ["x"]}, "61 characters"),
        ("All", {}, "there is nothing to save"),
        ("Long", {"q": ["x" * 2_001]}, "too long to be saved"),
    ],
)
def test_a_view_that_makes_no_sense_is_refused(ann, name, query, said):
    with pytest.raises(BusinessError, match=said):
        save_view(listing="clients", name=name, query=query, by=ann)
    assert SavedView.objects.count() == 0


def test_a_person_has_so_many_views_of_a_list(ann, monkeypatch):
    monkeypatch.setattr(saved_views, "MOST_VIEWS", 2)
    keep(ann, "One")
    keep(ann, "Two")
    keep(ann, "Two", shared=True)
    with pytest.raises(BusinessError, match="You have 2 views"):
        keep(ann, "Three")


def test_each_sees_the_columns_that_they_chose(client, ann):
    make_client()
    heads = get_page(client, "/clients/").texts("thead th:not(.ticks)")
    assert heads == ["Number", "Name", "E-mail", "Status", "Unpaid", "Credit", "Since"]
    popup = get_page(client, COLUMNS)
    assert [box["value"] for box in popup.all("[name=columns][checked]")] == heads[1:]
    client.post(f"{COLUMNS}?status=active", {"columns": ["Name", "Credit"]})
    assert get_page(client, "/clients/").texts("thead th:not(.ticks)") == ["Number", "Name", "Credit"]
    client.force_login(make_staff())
    assert get_page(client, "/clients/").texts("thead th:not(.ticks)") == heads


def test_all_columns_ticked_or_none_are_the_columns_as_they_come(client, ann):
    for columns in (["Name", "E-mail", "Status", "Unpaid", "Credit", "Since"], []):
        client.post(COLUMNS, {"columns": columns})
    assert SavedView.objects.get().columns == ["Number"]
    make_client()
    assert get_page(client, "/clients/").texts("thead th:not(.ticks)") == ["Number"]


def test_views_need_the_permission_of_their_list(client):
    client.force_login(person_with("view_invoice"))
    for address in (SAVE, VIEWS, COLUMNS):
        assert client.get(address).status_code == 403
    assert client.get("/lists/invoices/views/").status_code == 200
    for unknown in ("nonsense", "ledger"):
        assert client.get(f"/lists/{unknown}/views/").status_code == 404


def test_a_view_that_names_a_deleted_client_goes_with_it(ann):
    acme = make_client("Acme Hosting", email="maria@acme.example", phone="+41 44 668 18 00")
    Contact.objects.create(client=acme, first_name="Ann", last_name="Other", email="ann@acme.example")
    keep(ann, "Acme Hosting owes")
    keep(ann, "By name", {"q": ["ACME hosting"]}, opens=True)
    keep(ann, "By e-mail", {"q": ["Maria@acme.example"]})
    keep(ann, "By contact", {"q": ["ann@acme.example"]})
    keep(ann, "By phone", {"q": ["+41 44 668 18 00"]}, shared=True)
    keep(ann, "By a part of its name", {"q": ["acm"]})
    keep(ann, "By a part of its address", {"q": ["maria@acm"]})
    keep(ann, "By phone, written otherwise", {"q": ["+41446681800"]})
    for number in range(4):
        make_client(f"Hosting {number}")
    keep(ann, "Stays", {"q": ["hosting"]})
    delete_client(client=acme, by=None)
    assert list(SavedView.objects.order_by("name").values_list("name", "query")) == [
        ("", {}),
        ("Stays", {"q": ["hosting"]}),
    ]
    assert list(lines_with("acme", "668 18 00")) == []


def test_a_view_that_names_whom_a_deleted_client_was_made_of_goes_too(ann):
    acme, globex = make_client("Acme"), make_client("Globex Hosting Ltd")
    other = make_client("Initech")
    note = add_note(client=other, text="Ask Globex Hosting Ltd first", by=None)
    keep(ann, "Formerly", {"q": ["Globex Hosting Ltd"]})
    merge_clients(kept=acme, discarded=globex, by=None)
    delete_client(client=acme, by=None)
    note.refresh_from_db()
    assert (SavedView.objects.count(), note.text) == (0, "Removed: it named a client that was deleted.")


def test_a_null_character_is_not_kept(client, ann):
    assert client.post("/lists/clients/save/?q=a%00b", {"name": "Odd"}).status_code == 302
    assert SavedView.objects.get().query == {"q": ["ab"]}


def test_a_list_reads_its_views_at_once(client, ann):
    make_client()
    queries_of(client, "/clients/")
    before = queries_of(client, "/clients/")
    for number in range(20):
        keep(make_staff(), f"View {number}", shared=True)
    assert queries_of(client, "/clients/") == before


def test_a_view_keeps_no_place(ann):
    kept = query_of(
        QueryDict("q=a&q=b&after=[1]&before=2&last=1&page=3&row=4&all=1&job=5&view=all&status=active&status=")
    )
    assert kept == {"q": ["a", "b"]}


def test_views_of_a_list_serve_one_clients_tab_too(client, ann):
    acme = make_client()
    save_view(listing="invoices", name="Latest unpaid", query={"status": ["unpaid"], "sort": ["-id"]}, by=ann)
    save_view(listing="invoices", name="Large", query={"currency": ["USD"], "total_from": ["500"]}, by=ann, opens=True)
    page = get_page(client, f"/clients/{acme.number}/invoices/")
    assert [(link.text, link["href"]) for link in page.all(".filters a.menu-item")] == [
        ("All invoices", "?"),
        ("Latest unpaid", "?sort=-id&status=unpaid"),
    ]
    assert get_page(client, f"/clients/{acme.number}/transactions/").all(".filters a.menu-item") == []
