"""Who lacks a right is refused with its name, and nothing is done."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory
from django.views.decorators.http import require_safe

from billing_admin.web.needs import Rights, looks_itself, needs, of_oneself, open_to_all
from tests.factories import make_client, person_with
from tests.pages import get_page, parse
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db

make = RequestFactory()


@needs("credits.view_credit", to_send="credits.add_credit")
def credit(request):
    return HttpResponse("seen")


def rights_of(view):
    return vars(view)["rights"]


def asked(view, request, person):
    request.user = person
    return view(request)


def test_what_is_seen_needs_less_than_what_is_sent():
    reader, giver = person_with("view_credit"), person_with("view_credit", "add_credit")
    for request in (make.get("/"), make.head("/"), make.options("/")):
        assert asked(credit, request, reader).status_code == 200
    for request in (make.post("/"), make.put("/"), make.patch("/"), make.delete("/")):
        assert asked(credit, request, giver).status_code == 200
        with pytest.raises(PermissionDenied, match="right “Give credit”"):
            asked(credit, request, reader)


def test_all_rights_that_are_missing_are_named():
    with pytest.raises(PermissionDenied, match="This needs the right “See credit”"):
        asked(credit, make.get("/"), person_with("add_credit"))
    with pytest.raises(PermissionDenied, match="needs the rights “See credit” and “Give credit”"):
        asked(credit, make.post("/"), person_with("view_client"))


def test_a_view_says_what_it_needs_through_other_decorators():
    both = Rights(("credits.view_credit",), ("credits.add_credit",))
    assert (rights_of(credit), rights_of(require_safe(credit))) == (both, both)
    own = of_oneself(needs(to_send="clients.save_lists")(HttpResponse))
    assert rights_of(own) == Rights((), ("clients.save_lists",), "own")
    assert rights_of(looks_itself("what the list needs")(lambda request: HttpResponse())) == Rights(
        said="what the list needs"
    )


def test_what_is_open_asks_nobody_to_sign_in():
    def view(request):
        return HttpResponse()

    opened = open_to_all(view)
    assert rights_of(opened) == Rights(said="open")
    assert vars(opened)["login_required"] is False


def test_the_page_of_a_refusal_names_the_right(client):
    acme = make_client()
    client.force_login(person_with("view_client", "view_credit"))
    page = parse(client.get(f"/clients/{acme.number}/delete/"))
    assert "This needs the right “Delete a client”. An owner can give it to you." in page.one("main").text
    with nothing_changes():
        page = parse(client.post(f"/clients/{acme.number}/credits/manage/", {"amount": "5"}))
    assert "This needs the right “Give credit”." in page.one("main").text
    assert get_page(client, f"/clients/{acme.number}/credits/manage/").one("h1")
