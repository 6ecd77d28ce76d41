"""What becomes of requests when clients are merged, given back and deleted."""

from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from billing_admin.staff.groups import BILLING, OWNER
from clients.approvals import approve_request
from clients.models import ApprovalRequest, Client
from clients.services.approvals.requests import refuse_request
from clients.services.delete.delete_client import delete_client
from clients.services.merge.merge_clients import merge_clients
from clients.services.merge.undo import undo_merge
from credits.selectors.balances import balances_of
from credits.services.bulk.preview import preview_credit_file
from tests.asking import ask_for_credit, refused, send
from tests.factories import give_credit, make_client, make_invoice, make_staff, usd
from tests.invariants import assert_invariants
from tests.limits import limit, switch_on

pytestmark = pytest.mark.django_db


def test_a_request_follows_a_merge_and_its_undo(sam, robin):
    acme, globex = make_client(), make_client("Globex")
    asked = ask_for_credit(sam, to=acme)
    merge = merge_clients(kept=globex, discarded=acme, by=None)
    asked.refresh_from_db()
    assert asked.client == globex
    undo_merge(merge=merge, by=None)
    asked.refresh_from_db()
    assert asked.client.number == acme.number
    merge_clients(kept=globex, discarded=Client.objects.get(number=acme.number), by=None)
    approve_request(request_id=asked.pk, by=robin)
    assert balances_of(globex) == [usd(250)]


def test_a_request_goes_with_a_deletion(sam, robin):
    asked = ask_for_credit(sam)
    delete_client(client=asked.client, by=None)
    assert "There is no such request" in refused(partial(approve_request, request_id=asked.pk, by=robin))


def test_a_transfer_to_a_deleted_client_is_refused(robin):
    limit(BILLING, {"transferred entry USD": 10})
    switch_on()
    by, acme, globex = make_staff(BILLING), make_client(), make_client("Globex")
    give_credit(acme, usd(50))
    url = reverse("credits:transfer", args=[acme.number])
    send(by, url, "form[action*=transfer]", to=str(globex.number), amount="40", currency="USD")
    delete_client(client=globex, by=None)
    asked = ApprovalRequest.objects.get()
    assert "no longer there" in refused(partial(approve_request, request_id=asked.pk, by=robin))


def test_a_request_about_what_an_undo_gives_back_goes_with_it(robin):
    """Also once it was decided: what was typed on it is the other client’s, and goes when that one is deleted."""
    limit(OWNER, {"written_off entry USD": 10})
    switch_on()
    by, acme, globex = make_staff(OWNER), make_client(), make_client("Globex")
    moved, stays = make_invoice(acme, usd(40)), make_invoice(globex, usd(40))
    merge = merge_clients(kept=globex, discarded=acme, by=None)
    asked = []
    for invoice in (moved, moved, stays):
        url = reverse("invoices:write_off", args=[invoice.pk])
        send(by, url, "form[action*=write]", amount="40", reason="Insolvent")
        asked.append(ApprovalRequest.objects.latest("pk"))
    refuse_request(request_id=asked[0].pk, by=robin, reason="No")
    assert {each.client for each in ApprovalRequest.objects.all()} == {globex}
    restored = undo_merge(merge=merge, by=None)
    clients = ApprovalRequest.objects.order_by("pk").values_list("client_id", flat=True)
    assert list(clients) == [restored.pk, restored.pk, globex.pk]
    approve_request(request_id=asked[1].pk, by=robin)
    assert_invariants()
    delete_client(client=restored, by=None)
    assert [each.pk for each in ApprovalRequest.objects.all()] == [asked[2].pk]


def test_the_name_of_a_file_that_names_a_deleted_client_goes(robin):
    limit(BILLING, {"bulk entry USD": 10})
    switch_on()
    by, initrode = make_staff(BILLING), make_client("Initrode Logistics")
    row = f"Client ID,Amount,Currency,Description\n{make_client().number},60,USD,Downtime\n"
    batch = preview_credit_file(path="For Initrode Logistics.csv", content=row.encode(), by=by)
    send(by, reverse("credits:batch", args=[batch.pk]), "form.panel")
    asked = ApprovalRequest.objects.get()
    assert asked.subject == "For Initrode Logistics.csv"
    with pytest.raises(IntegrityError, match="stays as it was asked"), transaction.atomic():
        ApprovalRequest.objects.update(subject="x.csv")
    delete_client(client=initrode, by=None)
    asked.refresh_from_db()
    assert asked.subject == "file.csv"
