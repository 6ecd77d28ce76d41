"""Whatever was typed into any form about a client is in no table once it is deleted, by whichever way it went."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from billing_admin.staff.groups import MANAGER
from clients.models import ApprovalRequest, Client
from clients.services.approvals.requests import refuse_request
from clients.services.delete.delete_client import delete_client
from clients.services.merge.merge_clients import merge_clients
from clients.services.merge.undo import undo_merge
from tests.dumped import lines_with
from tests.every_url import addresses, make_rows
from tests.factories import make_client, make_staff
from tests.limits import limited_person
from tests.pages import parse, values_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

WORD = "zqx"
# Not typed about the client: these go on to another one, or away.
ELSEWHERE = re.compile(r"/(delete|merge|sign-out)/|/merges/")
TYPED = "input:not([type]), input[type=text], input[type=email], input[type=tel], input[type=url], textarea"


class Typist:
    """Somebody who types a word of its own into each field of each form."""

    def __init__(self, browser) -> None:
        self.browser, self.saved = browser, 0
        self.words: list[str] = []

    def type_into(self, address: str) -> None:
        fields = [
            (form["action"], field["name"], field.attributes.get("type", ""))
            for form in self.forms(address)
            for field in form.all(TYPED)
            if "name" in field.attributes and "disabled" not in field.attributes
        ]
        for action, name, kind in fields:
            self.send(address, action, name, kind)

    def forms(self, address: str) -> list[Any]:
        answer = self.browser.get(address)
        if answer.streaming or answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
            return []
        found = parse(answer).all("form[method=post][action]")
        return [form for form in found if not ELSEWHERE.search(form["action"])]

    def send(self, address: str, action: str, name: str, kind: str) -> None:
        for form in self.forms(address):  # anew: each has a key of its own
            if form["action"] == action and name in (sent := values_of(form)):
                word = f"{WORD}{len(self.words):03}"
                self.words.append(word)
                usual = {"amount": "1.00", "description": "x", "reason": "x", "text": "x", "first_name": "x"}
                sent = {key: value or usual.get(key, "") for key, value in sent.items()}
                sent[name] = f"{word}@{word}.example" if "email" in name or kind == "email" else f"Of {word} here"
                if form.all("input[type=file]"):
                    sent["file"] = SimpleUploadedFile(f"{word}.pdf", f"%PDF-1.7 {word}".encode())
                self.saved += self.browser.post(action, sent).status_code in (200, 204, 302)
                return


@pytest.fixture
def typist(client, settings):
    settings.RATES = dict.fromkeys(settings.RATES, 0)
    make_rows()
    client.force_login(make_staff())
    return Typist(client)


def type_about(typist: Typist, acme: Client) -> None:
    for address in sorted(addresses()):
        if address.startswith(f"/clients/{acme.number}/") and not ELSEWHERE.search(address):
            typist.type_into(address)
    for invoice in acme.invoices.all():
        for part in (
            "notes/",
            "edit/",
            "send/",
            "payment-announced/",
            "disputed/",
            "payments/record/",
            "credit-note/",
            "write-off/",
            "cancel/",
        ):
            typist.type_into(f"/invoices/{invoice.pk}/{part}")
    typist.browser.post(
        f"/clients/{acme.number}/files/",
        {"file": SimpleUploadedFile(f"{WORD}-of-a-file.pdf", f"%PDF-1.7 {WORD}".encode())},
    )


def left() -> list[str]:
    """The beginning of each line of a dump that has one of the words."""
    return [line[:400] for line in lines_with(WORD)]


@pytest.mark.long  # its sisters are in tests/clients/test_leaving_no_trace.py
@pytest.mark.parametrize("way", ["deleted", "merged and deleted", "merged, undone and deleted"])
def test_no_word_that_was_typed_about_a_client_stays(typist, way):
    acme = Client.objects.order_by("pk")[0]
    type_about(typist, acme)
    assert typist.saved > 60
    asking = limited_person({"given entry USD": 1}, MANAGER)
    typist.browser.force_login(asking)
    typist.type_into(f"/clients/{acme.number}/credits/manage/")
    for request in ApprovalRequest.objects.filter(client=acme)[:1]:
        refuse_request(request_id=request.pk, reason=f"{WORD} is refused", by=make_staff())
    assert len(left()) > 20
    acme = Client.objects.get(pk=acme.pk)
    if way == "merged and deleted":
        kept = make_client("Kept Ltd")
        merge_clients(kept=kept, discarded=acme, by=None)
        acme = kept
    elif way == "merged, undone and deleted":
        acme = undo_merge(merge=merge_clients(kept=make_client("Kept Ltd"), discarded=acme, by=None), by=None)
    delete_client(client=Client.objects.get(pk=acme.pk), by=None, with_transactions=True)
    assert left() == []
