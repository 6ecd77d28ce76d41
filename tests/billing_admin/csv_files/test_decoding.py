"""Text out of the bytes of other systems' files."""

import pytest

from billing_admin.csv_files.decoding import decode, mend_cell
from billing_admin.errors import BusinessError

TEXT = "Name;Betrag\r\nMüller “& Söhne”;10 €\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_the_encoding_is_told_by_looking(encoding):
    assert decode(TEXT.encode(encoding)).text == TEXT


def test_bytes_that_cp1252_lacks_are_latin_1():
    decoded = decode(b"M\xfcller\x81")
    assert (decoded.text, decoded.encoding) == ("Müller\x81", "latin-1")


def test_a_mark_decides_over_the_encoding_that_was_given():
    assert decode(TEXT.encode("utf-8-sig"), "cp1252").text == TEXT


def test_lines_of_another_encoding_are_named():
    decoded = decode("Müller\nMüller\n".encode() + "Jürgen\n".encode("cp1252"))
    assert (decoded.text, decoded.lines_mended) == ("Müller\nMüller\nJürgen\n", (3,))


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"\xff\xfea", b"a\0b", b"\xff\xfe\x00\xd8"])
def test_what_is_no_text_is_refused(content):
    with pytest.raises(BusinessError):
        decode(content)


@pytest.mark.parametrize("encoding", ["ascii", "no-such", "hex", "\0"])
def test_an_encoding_that_does_not_fit_is_refused(encoding):
    with pytest.raises(BusinessError):
        decode("é".encode(), encoding)


@pytest.mark.parametrize(("garbled", "meant"), [
    ("MÃ¼ller", "Müller"), ("MÃƒÂ¼ller", "Müller"), ("SÃ£o Paulo", "São Paulo"), ("Smith &amp; Sons", "Smith & Sons"),
    ("O&#039;Brien", "O'Brien"), ("A &amp;amp; B", "A & B"), ("A &amp;amp;amp; B", "A &amp; B"),
])  # fmt: skip
def test_a_garbled_cell_is_mended(garbled, meant):
    assert mend_cell(garbled) == meant


@pytest.mark.parametrize(
    "text", ["Müller", "“quoted” ﬁ", "R&D &copy x", "AT&T", "&#0;", "Ã", "山田", "CAFÉ", "é" * 20_000]
)
def test_a_good_cell_stays_as_it_is(text):
    assert mend_cell(text) == text
