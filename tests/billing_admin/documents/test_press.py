"""The press draws what it is given, the same each time, and ends with a sentence where it cannot."""

import io
import itertools
import os
import re
import signal
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from billing_admin.documents import NotDrawn, Press, Sheet, draw

from .papers import ON, invoice_data, invoice_paper, invoice_sheet, line, paper, tags_of, texts_of


def test_what_was_typed_is_shown_as_it_was_typed(press):
    typed = "*Ltd* _a_ #panic() $x$ <b> @b = c // \\ `d`"
    read = '#read("/etc/passwd")'
    drawn = press.draw(invoice_sheet(buyer={"name": typed, "address": "#pagebreak()"}, notes=[typed, read], mark="#x"))
    (page,) = texts_of(drawn.content)
    assert page.count(typed) == 2
    assert read in page
    assert "#pagebreak()" in page
    assert drawn.left_out == ""


def test_the_same_sheet_gives_the_same_bytes(press):
    sheet = Sheet("invoice.typ", invoice_paper(), ON, invoice=invoice_data())
    assert press.draw(sheet).content == draw(sheet).content


def test_a_document_can_be_archived_and_read_aloud(press):
    with pikepdf.open(_file(press, "invoice.typ", invoice_paper())) as document:
        root = document.Root
        assert root.MarkInfo.Marked
        assert str(root.Lang) == "en-GB"
        assert root.ViewerPreferences.DisplayDocTitle
        assert len(root.OutputIntents) == 1
        assert document.docinfo["/Title"] == "Invoice INV-000123"
        assert str(document.docinfo["/CreationDate"]).startswith("D:20261129")
        tags = tags_of(document)
        assert tags.count("/H1") == 1
        assert (tags.count("/TH"), tags.count("/TD")) == (5, 10)
        with document.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"], metadata["pdfuaid:part"]) == (
                "3",
                "B",
                "1",
            )


def test_the_xml_is_in_the_document_and_said_to_be(press):
    with pikepdf.open(_file(press, "invoice.typ", invoice_paper(), invoice=invoice_data())) as document:
        (attached,) = document.Root.AF
        assert str(attached.AFRelationship) == "/Alternative"
        assert str(attached.F) == "factur-x.xml"
        xml = attached.EF.F.read_bytes()
        assert xml == press.xml(invoice_data(), "cii")
        assert b"<ram:TotalPrepaidAmount>40.00</ram:TotalPrepaidAmount>" in xml
        assert b"<ram:DuePayableAmount>20.00</ram:DuePayableAmount>" in xml
        packet = document.Root.Metadata.read_bytes().decode()
        assert "<fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>" in packet
        assert "<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>" in packet
        with document.open_metadata() as metadata:  # marks, title and language are as Typst wrote them
            assert (metadata["pdfaid:part"], metadata["pdfuaid:part"]) == ("3", "1")
            assert metadata["dc:title"] == "Invoice INV-000123"
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "en-GB"


def test_one_invoice_is_written_in_both_syntaxes(press):
    assert b"CrossIndustryInvoice" in press.xml(invoice_data(), "cii")
    ubl = press.xml(invoice_data(), "ubl")
    assert b'<cbc:PrepaidAmount currencyID="EUR">40.00</cbc:PrepaidAmount>' in ubl


def test_control_characters_do_not_reach_the_xml(press):
    data = invoice_data()
    data["BG-25"][0]["BT-153"] = "Ser\x07ver\ufffe"
    assert b"<ram:Name>Server</ram:Name>" in press.xml(data, "cii")


@pytest.mark.parametrize(("kind", "size"), [("a4", (595, 842)), ("us-letter", (612, 792))])
def test_paper_is_of_the_size_that_is_asked_for(press, kind, size):
    document = pypdfium2.PdfDocument(press.draw(invoice_sheet(paper=kind)).content)
    assert tuple(round(each) for each in document[0].get_size()) == size


def test_totals_are_carried_over_the_pages(press):
    pages = texts_of(press.draw(invoice_sheet(100)).content)
    assert len(pages) == 3
    for this, following in itertools.pairwise(pages):
        last = max(n for n in range(1, 101) if f"Server {n} " in this)
        assert f"Carried forward {last}0.00" in this
        assert f"Brought forward {last}0.00" in following
        assert f"Server {last + 1} " in following
    assert "Brought forward" not in pages[0]
    assert "Carried forward" not in pages[-1]


def test_a_document_of_one_page_carries_nothing_over(press):
    (page,) = texts_of(press.draw(invoice_sheet(3)).content)
    assert "forward" not in page


@pytest.mark.parametrize("letter", ["x", "W", "ж", "!", "漢"])
def test_a_word_of_ten_thousand_letters_stays_on_its_paper(press, letter):
    content = press.draw(Sheet("invoice.typ", {**invoice_paper(), "lines": [line(letter * 10_000)]}, ON)).content
    document = pypdfium2.PdfDocument(content)
    found = 0
    for page in document:
        text = page.get_textpage()
        places = [text.get_charbox(n) for n in range(text.count_chars()) if text.get_text_range(n, 1) == letter]
        found += len(places)
        assert max((right for _, _, right, _ in places), default=0) < page.get_width() - 56
    assert found >= 10_000


@pytest.mark.slow
def test_two_thousand_lines_are_drawn(press):
    pages = texts_of(press.draw(invoice_sheet(2000)).content)
    assert len(pages) == 47
    assert "Server 2000 " in pages[-1] or "Server 2000 " in pages[-2]


def test_a_statement_has_a_table_for_each_account(press):
    table = {
        "heading": "Invoices and payments, EUR",
        "columns": ["Date", "Description", "Charged", "Settled", "Owed"],
        "rows": [
            {"cells": ["1 Nov 2026", "Invoice INV-000122", "60.00", "", "60.00"]},
            {"cells": ["30 Nov 2026", "Owed", "", "", "60.00 EUR"], "weight": "bold"},
        ],
    }
    credit = {**table, "heading": "Credit, EUR", "columns": ["Date", "Description", "Change"], "rows": []}
    content = _file(press, "statement.typ", paper(heading="Statement of account", tables=[table, credit]))
    (page,) = texts_of(content.getvalue())
    assert "1 Nov 2026 Invoice INV-000122 60.00 60.00 30 Nov 2026 Owed 60.00 EUR" in page
    with pikepdf.open(content) as document:
        assert tags_of(document).count("/H2") == 2


def test_a_receipt_says_what_came(press):
    totals = [{"label": "Amount received", "amount": "40.00 EUR", "weight": "bold"}]
    (page,) = texts_of(_file(press, "receipt.typ", paper(heading="Receipt", totals=totals)).getvalue())
    assert "Amount received 40.00 EUR" in page


def test_a_document_without_a_seller_is_drawn(press):
    sheet = invoice_sheet(seller={"name": "", "address": "", "footer": ""})
    (page,) = texts_of(press.draw(sheet).content)
    assert "Acme Ltd" in page
    assert "From" not in page


def test_a_picture_is_the_first_page(press):
    content = press.draw(invoice_sheet(60, picture=True)).content
    assert content.startswith(b"\x89PNG")


def test_a_failure_is_a_sentence_and_the_press_goes_on(press):
    with pytest.raises(NotDrawn, match=r"^The document could not be made: ") as refused:
        press.draw(invoice_sheet(accent="x" * 300))
    assert len(str(refused.value)) < 250
    assert press.draw(invoice_sheet()).content


def test_a_document_that_takes_too_long_is_stopped():
    with Press(seconds=0.3) as hasty:
        with pytest.raises(NotDrawn, match=r"took longer than 0\.3 seconds and was stopped"):
            hasty.draw(invoice_sheet(20_000))
        assert hasty._child is None
        hasty._seconds = None
        assert hasty.draw(invoice_sheet()).content


def test_a_process_that_dies_is_a_sentence_and_another_follows(press):
    press.draw(invoice_sheet())
    os.kill(press._child.pid, signal.SIGKILL)
    with pytest.raises(NotDrawn, match="ended too early"):
        press.draw(invoice_sheet())
    assert press.draw(invoice_sheet()).content


def test_a_document_that_wants_all_memory_gets_none(press):
    with pytest.raises(NotDrawn):
        press.picture_of("#set page(width: 9000mm, height: 9000mm)", {}, 3000)
    assert press.draw(invoice_sheet()).content


def test_the_process_ends_with_the_press():
    with Press() as press:
        press.draw(invoice_sheet())
        child = press._child
    assert child.returncode == -signal.SIGKILL


def _file(press, template, data, **more):
    return io.BytesIO(press.draw(Sheet(template, data, ON, **more)).content)


def test_the_process_that_draws_has_bounded_memory_and_no_secret(monkeypatch):
    monkeypatch.setenv("DJANGO_SECRET_KEY", "not for the press")
    with Press() as own:
        own.xml(invoice_data(), "ubl")
        process = Path(f"/proc/{own._child.pid}")
        told = (process / "environ").read_bytes().decode()
        limits = (process / "limits").read_text()
    assert {each.partition("=")[0] for each in told.split("\0") if each} == {"PATH", "LANG"}
    assert re.search(r"Max address space +1500000000 +1500000000", limits)
