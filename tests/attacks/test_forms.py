"""Forms sent by another site, without their token, or with fields that they do not have."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Max
from django.test import Client as Browser

from billing_admin.staff.groups import OWNER, SUPPORT
from clients.models import Client
from tests.every_url import addresses, make_rows
from tests.factories import give_credit, make_client, make_staff, usd
from tests.pages import parse, values_of
from tests.rights.table import lines, places
from tests.unchanged import all_rows, nothing_changes, taken_back

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# Sent to by providers of mail, which have a secret instead.
NO_FORM = {"/mail/events/"}

# Tables of digests and ids, which differ each time.
DIGESTS = {"billing_admin_writtenrows", "clients_formkey", "clients_unsealed"}

# What a form must not be told: whose it is, what it comes to, how it stands, who did it.
_AMOUNT = "987654.32"
_STRANGERS = 987_654_321


def foreign_fields(other: Client, stranger: User) -> dict[str, Any]:
    """Every column of such a kind, with a value that is known again where it lands."""
    return {
        **dict.fromkeys(("balance", "remaining", "paid", "due", "opening_balance", "amount_paid"), _AMOUNT),
        **dict.fromkeys(("client", "client_id", "client_pk", "number", "to_client", "owner"), str(other.pk)),
        **dict.fromkeys(("actor", "actor_id", "by", "user_id", "created_by", "created_by_id"), str(stranger.pk)),
        **dict.fromkeys(("asked_by", "uploaded_by", "author", "author_id", "approved_by"), str(stranger.pk)),
        **dict.fromkeys(("actor_name", "created_by_name", "author_name"), "Mallory"),
        **dict.fromkeys(("id", "pk", "grant", "grant_id", "merge_id", "batch_id"), str(_STRANGERS)),
        **dict.fromkeys(("is_superuser", "is_staff", "is_active", "groups", "user_permissions"), "1"),
        "status": "paid", "state": "finished", "kind": "opening", "verb": "credit.added", "at": "2001-02-03",
        "created_at": "2001-02-03", "issued_on": "2001-02-03", "paid_on": "2001-02-03", "marks": "{}",
    }  # fmt: skip


def forms_of(browser: Browser, found: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every form of these pages once: where it is sent, and what a browser would send."""
    known = set()
    for address in found:
        answer: Any = browser.get(address)
        if answer.streaming or answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
            continue
        for form in parse(answer).all("form[method=post][action]"):
            shape = (re.sub(r"[0-9]+", "#", form["action"]), tuple(sorted(values_of(form))))
            if shape not in known and "/sign-out/" not in form["action"]:
                known.add(shape)
                yield form["action"], values_of(form)


def typed_in(sent: dict[str, Any]) -> dict[str, Any]:
    """The form with something typed where it is empty, so that more of them are taken."""
    usual = {
        "amount": "3.00", "reason": "A reason", "description": "A text", "note": "A note", "text": "A text",
        "name": "A name", "company_name": "A company", "line-0-description": "A line", "line-0-unit_price": "3.00",
        "email": "a.new.one@example.com", "day": "2026-11-28", "until": "2027-01-31", "rate": "1.5",
    }  # fmt: skip
    return {name: value or usual.get(name, "") for name, value in sent.items()}


def outcome(browser: Browser, action: str, sent: dict[str, Any]) -> tuple[int, dict[str, list[str]]]:
    """What is answered, and the rows that are there then and were not; taken back."""
    before, newest = all_rows(), Client.objects.aggregate(newest=Max("number"))["newest"]
    with taken_back():
        answer: Any = browser.post(action, sent)
        if answer.streaming:
            b"".join(answer.streaming_content)
        after = all_rows()
    new = {table: [told(row, newest) for row in {*after[table]} - {*before[table]}] for table in after.keys() - DIGESTS}
    return answer.status_code, {table: sorted(rows) for table, rows in new.items() if rows}


def told(row: str, newest: int) -> str:
    """A row without what differs each time: its own id and those of rows that were new with it, moments and digests.

    A client beyond the `newest` is a new one.
    """
    kept = ("client_id", "actor_id", "uploaded_by_id", "asked_by_id", "created_by_id", "author_id")
    left = {
        name: "new" if name in ("client_id", "number") and isinstance(value, int) and value > newest else value
        for name, value in json.loads(row).items()
        if name in kept
        or not (
            re.search(r"(^id|_ids?|_pk|_at|^at|key|digest|data|arguments|content|secret|salt|personal|source)$", name)
        )
    }
    return json.dumps(left, sort_keys=True)


def compare(browser: Browser, found: list[str], person: User) -> int:
    """Send each form as it is and with the foreign fields; how many of them saved something."""
    other, stranger = Client.objects.order_by("pk").last(), make_staff(username="mallory")
    foreign = foreign_fields(other, stranger)
    saved = 0
    for action, form in list(forms_of(browser, found)):
        sent = typed_in(form)
        strange = {name: value for name, value in foreign.items() if name not in sent}
        plain, attacked = outcome(browser, action, sent), outcome(browser, action, {**sent, **strange})
        assert plain == attacked, (action, strange)
        written = json.dumps(attacked[1])
        assert _AMOUNT not in written, action
        assert "Mallory" not in written, action
        assert f'"actor_id\\": {stranger.pk}' not in written, action
        saved += bool(plain[1])
    return saved


@pytest.fixture
def quick(settings):
    """Whoever sends every form there is would save too many files."""
    settings.RATES = dict.fromkeys(settings.RATES, 0)


def test_fields_that_a_form_does_not_have_change_nothing(client, quick):
    """The forms where there is something to gain: credit, a profile, a contact, a note, money."""
    acme = make_client()
    give_credit(acme, usd(50))
    person = make_staff()
    client.force_login(person)
    pages = ("credits/manage/", "credits/remove/", "profile/", "contacts/add/", "notes/add/", "close/")
    saved = compare(client, [f"/clients/{acme.number}/{page}" for page in pages], person)
    assert saved >= 5


@pytest.mark.long  # its sister above
@pytest.mark.parametrize("role", [OWNER, SUPPORT])
def test_fields_that_no_form_of_a_client_has_change_nothing(client, quick, role):
    make_rows()
    person = make_staff(role)
    client.force_login(person)
    number = Client.objects.order_by("pk")[0].number
    own = [each for each in sorted(addresses()) if each.startswith(f"/clients/{number}/")]
    assert compare(client, own, person) > (10 if role == OWNER else 5)


@pytest.mark.long  # its sister above
def test_fields_that_no_form_of_any_page_has_change_nothing(client, quick):
    make_rows()
    person = make_staff(OWNER)
    client.force_login(person)
    assert compare(client, sorted(addresses()), person) > 30


def test_no_form_is_taken_without_its_token_or_from_another_site(quick):
    make_rows()
    strict = Browser(enforce_csrf_checks=True)
    strict.force_login(make_staff(OWNER))
    strict.get("/clients/add/")
    token = strict.cookies[settings.CSRF_COOKIE_NAME].value
    taken = {line.url for line in lines() if line.method == "POST"} - NO_FORM
    found = {place.url: place.address for place in places() if place.url in taken}
    assert set(found) == taken
    attacks: list[dict[str, Any]] = [
        {},
        {"headers": {"HX-Request": "true", "HX-Target": "dialog-body"}},
        {"headers": {"X-CSRFToken": "a" * 32}},
        {"headers": {"X-CSRFToken": token, "Origin": "https://evil.example"}},
        {"headers": {"X-CSRFToken": token, "Origin": "null"}},
    ]
    some = dict(list(found.items())[::9])
    with nothing_changes():
        for place, attack in enumerate(attacks):
            sent_to = found if place == 0 else some
            answers = {url: strict.post(address, {}, **attack).status_code for url, address in sent_to.items()}
            assert answers == dict.fromkeys(sent_to, 403), attack
