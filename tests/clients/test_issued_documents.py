"""Documents as they were issued: kept once, unchanged, with whom they go, and who gets them."""

import hashlib

import pytest
from django.db import connection

from billing_admin.db.triggers import maintenance
from billing_admin.documents import Drawn, NotDrawn
from clients.models import IssuedDocument
from clients.models.client_queryset import ClientGone
from clients.services.delete.delete_client import delete_client
from clients.services.merge.merge_clients import merge_clients
from clients.services.merge.undo import undo_merge
from invoices.services.credit_notes import CreditLine, issue_credit_note
from invoices.services.issue import NewLine, draft_invoice
from tests.clients.holders import keep_document
from tests.clients.test_export import exported
from tests.factories import give_credit, make_client, make_invoice, usd
from tests.unchanged import nothing_changes, refused_by_database

pytestmark = pytest.mark.django_db


def keep(kind, subject, draw=lambda: (Drawn(b"%PDF", ""), False), **about):
    given = {"client_id": subject.client_id, "name": f"{subject}.pdf", **about}
    return IssuedDocument.objects.keep(kind=kind, subject_id=subject.pk, draw=draw, **given)


def never() -> tuple[Drawn, bool]:
    raise AssertionError("It was drawn again.")


def test_a_document_is_drawn_once_and_kept_with_its_digest():
    invoice = make_invoice(make_client(), usd(10))
    first = keep("invoice", invoice, lambda: (Drawn(b"%PDF-1.7", "𓀀"), True))
    again = keep("invoice", invoice, never)
    assert (again.pk, bytes(again.content), again.size) == (first.pk, b"%PDF-1.7", 8)
    assert again.sha256 == hashlib.sha256(b"%PDF-1.7").hexdigest()
    assert (again.name, again.left_out, again.is_e_invoice) == ("INV-000001.pdf", "𓀀", True)


def test_nothing_is_kept_where_drawing_fails():
    invoice = make_invoice(make_client(), usd(10))

    def fails() -> tuple[Drawn, bool]:
        raise NotDrawn("it took too long.")

    with nothing_changes(), pytest.raises(NotDrawn):
        keep("invoice", invoice, fails)
    assert keep("invoice", invoice).size == 4


@pytest.mark.parametrize("column", ["kind", "subject_id", "name", "left_out", "size", "sha256", "content", "made_at"])
def test_what_was_issued_stays(column):
    kept = keep_document(make_invoice(make_client(), usd(10)), b"%PDF")
    for doing in ("merge", "delete"):
        with refused_by_database("issued_stays"), maintenance(doing):
            IssuedDocument.objects.update(**{column: getattr(kept, column)})


def test_only_a_merge_moves_it_and_only_a_deletion_takes_it():
    kept = keep_document(make_invoice(make_client(), usd(10)), b"%PDF")
    with refused_by_database("stays_with_client"):
        IssuedDocument.objects.update(client=make_client())
    with refused_by_database("never_deleted"):
        IssuedDocument.objects.filter(pk=kept.pk).delete()
    with maintenance("delete"):
        IssuedDocument.objects.filter(pk=kept.pk).delete()


def test_it_is_of_the_client_of_what_it_documents():
    acme, globex = make_client(), make_client("Globex")
    invoice, grant = make_invoice(acme, usd(10)), give_credit(acme, usd(5))
    note = issue_credit_note(invoice=invoice, reason="Slow", by=None).note
    draft = draft_invoice(client=acme, lines=[NewLine("Hosting", usd(3))], by=None)
    for kind, subject in (("invoice", invoice), ("credit_note", note), ("receipt", grant)):
        with nothing_changes(), pytest.raises(ClientGone):
            keep(kind, subject, client_id=globex.pk)
        keep(kind, subject, name="x.pdf")
    with nothing_changes(), pytest.raises(ClientGone):
        keep("invoice", draft)


def test_a_merge_keeps_documents_byte_for_byte():
    acme, globex = make_client("Acme Ltd"), make_client("Globex")
    kept = keep_document(make_invoice(globex, usd(10)), b"%PDF to Globex")
    merge = merge_clients(kept=acme, discarded=globex, by=None)
    kept.refresh_from_db()
    assert (kept.client, bytes(kept.content)) == (acme, b"%PDF to Globex")
    assert merge.counts["issued_documents"] == 1
    restored = undo_merge(merge=merge, by=None)
    kept.refresh_from_db()
    assert kept.client == restored


def test_undoing_a_merge_gives_back_what_was_drawn_since():
    acme, globex = make_client("Acme Ltd"), make_client("Globex")
    own, moved = make_invoice(acme, usd(10)), make_invoice(globex, usd(10), usd(5))
    grant = give_credit(globex, usd(5))
    merge = merge_clients(kept=acme, discarded=globex, by=None)
    for each in (own, moved, grant):
        each.refresh_from_db()
    note = issue_credit_note(invoice=moved, reason="Slow", by=None, lines=[CreditLine(moved.lines.all()[0].pk)]).note
    documents = [
        keep("invoice", own), keep("invoice", moved), keep("credit_note", note), keep("receipt", grant, name="x.pdf")
    ]  # fmt: skip
    restored = undo_merge(merge=merge, by=None)
    connection.check_constraints()
    assert [IssuedDocument.objects.get(pk=each.pk).client for each in documents] == [
        acme, restored, restored, restored,
    ]  # fmt: skip


def test_a_deletion_takes_the_documents_and_no_others():
    acme, globex = make_client("Acme Ltd"), make_client("Globex")
    for each in (acme, globex):
        keep_document(make_invoice(each, usd(10)), b"%PDF")
    deletion = delete_client(client=acme, by=None)
    assert deletion.counts["issued_documents"] == 1
    assert IssuedDocument.objects.get().client == globex


def test_the_export_has_each_as_a_file_by_its_name():
    acme = make_client("Acme Ltd")
    first, second = make_invoice(acme, usd(10)), make_invoice(acme, usd(5))
    keep_document(first, b"%PDF first")
    kept = keep("invoice", second, lambda: (Drawn(b"%PDF second", ""), False), name="INV-000001.pdf")
    archive = exported(acme)
    files = {name: archive.read(name) for name in archive.namelist() if name.startswith("documents/")}
    assert files == {
        "documents/INV-000001.pdf": b"%PDF first", f"documents/{kept.pk} INV-000001.pdf": b"%PDF second",
    }  # fmt: skip
    assert b"content" not in archive.read("issued_documents.csv").partition(b"\n")[0]
