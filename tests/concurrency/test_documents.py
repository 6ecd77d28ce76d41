"""One document asked for by several at once, and while its client is merged."""

import time
from functools import partial

from billing_admin.documents import Drawn
from clients.models import IssuedDocument
from clients.services.merge.merge_clients import merge_clients
from clients.services.merge.undo import undo_merge
from invoices.models import Invoice
from invoices.services.documents import document_of
from tests.concurrency.racing import kinds, race
from tests.factories import make_client, make_invoice, usd

STORES = ["INSERT INTO clients_issueddocument"]


def slowly(invoice: Invoice) -> IssuedDocument:
    """Kept of what takes a while to draw."""

    def draw() -> tuple[Drawn, bool]:
        time.sleep(0.3)
        return Drawn(b"%PDF", ""), False

    return IssuedDocument.objects.keep(
        kind="invoice", subject_id=invoice.pk, client_id=invoice.client_id, name="x.pdf", draw=draw
    )


def test_two_at_once_get_the_same_file():
    invoice = make_invoice(make_client(), usd(10))
    outcomes = race(*[partial(document_of, invoice)] * 2, meet_before=STORES)
    assert kinds(outcomes) == {"done": 2}
    kept = IssuedDocument.objects.get()
    assert {(each.pk, bytes(each.content)) for each in outcomes} == {(kept.pk, bytes(kept.content))}


def test_control_without_the_key_both_draw(monkeypatch):
    monkeypatch.setattr("clients.models.issued_document.lock_key", lambda key: None)
    invoice = make_invoice(make_client(), usd(10))
    outcomes = race(*[partial(slowly, invoice)] * 2, meet_before=STORES)
    assert kinds(outcomes) == {"done": 1, "ClientGone": 1}


def test_a_client_that_is_merged_meanwhile_is_told_and_nothing_kept():
    acme, globex = make_client(), make_client("Globex")
    invoice = make_invoice(globex, usd(10))
    outcomes = race(partial(slowly, invoice), partial(merge_clients, kept=acme, discarded=globex, by=None))
    assert kinds(outcomes[1:]) == {"done": 1}
    gone = "This client was deleted or merged meanwhile;"
    assert str(outcomes[0]).startswith(gone) or isinstance(outcomes[0], IssuedDocument)
    assert all(each.client_id == acme.pk for each in IssuedDocument.objects.all())


def test_a_document_that_is_kept_while_a_merge_ends_is_not_left_behind():
    acme, globex = make_client(), make_client("Globex")
    invoice = make_invoice(globex, usd(10))
    merge = partial(merge_clients, kept=acme, discarded=globex, by=None)
    outcomes = race(
        partial(slowly, invoice), merge, meet_before=[*STORES, "INSERT INTO clients_activity"], in_turn=True
    )
    assert kinds(outcomes) == {"ClientGone": 1, "done": 1}
    assert not IssuedDocument.objects.exists()


def test_a_merge_that_is_undone_meanwhile_leaves_no_document_behind():
    acme, globex = make_client(), make_client("Globex")
    invoice = make_invoice(globex, usd(10))
    merge = merge_clients(kept=acme, discarded=globex, by=None)
    invoice.refresh_from_db()
    outcomes = race(partial(slowly, invoice), partial(undo_merge, merge=merge, by=None))
    assert kinds(outcomes[1:]) == {"done": 1}
    owner = Invoice.objects.get().client_id
    assert {each.client_id for each in IssuedDocument.objects.all()} <= {owner}
