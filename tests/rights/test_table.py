"""docs/rights.md says of every URL and method who may, and that is what the views say and what is answered."""

import logging
from collections import Counter
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from billing_admin.rights import names
from billing_admin.staff.groups import GROUPS, SUPPORT, VIEWER
from tests.every_url import addresses, make_rows
from tests.factories import make_client, make_invoice, make_item, make_staff, usd
from tests.rights.table import (
    ALL,
    MAY,
    MAY_NOT,
    METHODS,
    OWN,
    ROLES,
    lines,
    marks_by_role,
    needed,
    places,
    url_of,
)
from tests.rights.walking import NOT_TAKEN, SIGNED_OUT, ask, mark_of, offered

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quiet():
    """Nobody reads what is logged of thousands of refusals."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def every_place():
    make_rows()
    return list(places())


def test_every_url_has_its_lines_and_no_line_is_left_over(every_place):
    known = {place.url for place in every_place}
    counted = Counter(line.key for line in lines())
    assert {key for key, count in counted.items() if count > 1} == set()
    assert {url for url, _ in counted} == known
    assert {method for _, method in counted} == set(METHODS)
    assert {len(line.marks) for line in lines()} == {len(ROLES)}


def test_every_view_says_what_it_needs_and_the_table_says_the_same(every_place):
    assert [place.url for place in every_place if place.rights is None] == []
    by_url = {place.url: place.rights for place in every_place}
    written = {line.key: line.needs.partition(" + ")[0] for line in lines()}
    assert written == {(url, method): needed(by_url[url], method) for url, method in written}
    asked = {right for rights in by_url.values() for right in (*rights.to_see, *rights.to_send)}
    assert asked <= set(names())


def test_each_mark_follows_from_what_is_needed(every_place):
    by_url = {place.url: place.rights for place in every_place}
    for line in lines():
        rights, remark = by_url[line.url], line.needs.partition(" + ")[2]
        asked = {*rights.to_see, *(rights.to_send if line.method == "POST" else ())}
        for role, mark in zip(ROLES, line.marks, strict=True):
            if rights.said.startswith("what ") and remark in names():
                asked.add(remark)
            may = {"own": OWN, "open": ALL}.get(rights.said, MAY)
            lawful = {MAY_NOT} if not asked <= set(GROUPS[role]) else {may, MAY_NOT} if " or " in remark else {may}
            assert mark in lawful, f"{line} {role}"


def test_no_right_is_there_for_nothing(every_place):
    """Each is asked for by a view, or besides by what is sent, as the table says."""
    told = " ".join(line.needs for line in lines())
    assert [right for right in names() if right not in told] == []


def wrong_answers(browser, every_place, expected):
    """Where the answer is none that is `expected`, a function of the place and method."""
    found = []
    for place in every_place:
        for method in METHODS:
            mark = mark_of(ask(browser, place.address, method))
            if mark not in (lawful := expected(place, method)):
                found.append(f"{method} {place.url}: {mark} instead of {lawful}")
    return found


def as_written(role):
    written = marks_by_role()

    def expected(place, method):
        mark = written.get((place.url, method), {}).get(role)
        # Without a line the method is not taken, whichever of the two is looked at first.
        return {NOT_TAKEN, MAY_NOT} if mark is None else {MAY_NOT} if mark == MAY_NOT else {MAY}

    return expected


@pytest.mark.long  # its sisters: the marks follow from what is needed, and the walks of test_signing_in
@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_answered_as_the_table_says(client, every_place, role):
    client.force_login(make_staff(role))
    assert wrong_answers(client, every_place, as_written(role)) == []


@pytest.mark.long
def test_an_owner_is_told_which_methods_are_not_taken(client, every_place):
    client.force_login(make_staff())
    written = marks_by_role()
    for place in every_place:
        taken = [method for method in METHODS if (place.url, method) in written]
        for method in {*METHODS} - {*taken}:
            assert mark_of(ask(client, place.address, method)) == NOT_TAKEN, place
        for method in ("put", "delete", "patch"):
            if place.rights.said != "open":
                assert getattr(client, method)(place.address).status_code == 405, place


@pytest.mark.long
def test_who_is_in_no_role_or_signed_out_is_let_in_nowhere(client, every_place):
    def signed_out(place, method):
        if (
            place.url == "/sign-in/passkey/"
        ):  # without one it leads to the page that says so, which is that of signing in
            return {MAY, NOT_TAKEN, SIGNED_OUT}
        return {MAY, NOT_TAKEN} if place.rights.said == "open" else {SIGNED_OUT}

    assert wrong_answers(client, every_place, signed_out) == []
    nobody = make_staff()
    nobody.groups.clear()
    client.force_login(nobody)

    def in_no_role(place, method):
        return {MAY, NOT_TAKEN, MAY_NOT} if place.rights.said in ("open", "own") else {MAY_NOT, NOT_TAKEN}

    assert wrong_answers(client, every_place, in_no_role) == []


def offers_refused(browser, role, looked_at):
    """What is offered on these pages that the role is refused."""
    written = marks_by_role()
    found: dict[str, str] = {}
    for address in looked_at:
        if written.get((url_of(urlsplit(address).path), "GET"), {}).get(role, MAY_NOT) == MAY_NOT:
            continue
        for url, method in offered(ask(browser, address), address):
            if written[url, method][role] == MAY_NOT:
                found.setdefault(f"{method} {url}", address)
    return found


@pytest.mark.long  # its small sister is the next
@pytest.mark.parametrize("role", ROLES)
def test_nobody_is_offered_what_they_may_not_do(client, role):
    make_rows()
    client.force_login(make_staff(role))
    assert offers_refused(client, role, addresses()) == {}


@pytest.mark.parametrize("role", [VIEWER, SUPPORT])
def test_the_pages_of_a_client_offer_what_the_role_may_do(client, role):
    acme = make_client()
    invoice = make_invoice(acme, usd("10.00"))
    make_item(acme, usd("10.00"), due=timezone.localdate())
    client.force_login(make_staff(role))
    tabs = ["", "profile/", "invoices/", "credits/", "credits/manage/", "transactions/", "notes/", "files/", "mail/"]
    looked_at = [f"/clients/{acme.number}/{tab}" for tab in tabs]
    looked_at += ["/", "/clients/", "/reports/", "/settings/", "/settings/roles/", f"/invoices/{invoice.pk}/"]
    assert offers_refused(client, role, looked_at) == {}
