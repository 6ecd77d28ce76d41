"""How other systems' files separate and quote their values."""

import csv
import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_admin.csv_files.dialects import Dialect, Record, dialect_of, records
from billing_admin.csv_files.rows import BadRow

_TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
CELLS = [["Date", "Name", "Amount"], ["2021-02-03", "Müller, Jo; x", "12,50"], ["2021-02-04", "Bo Li", "1,00"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quotechar", ['"', "'"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separator_quote_and_line_end_are_told_by_looking(delimiter, quotechar, end):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quotechar=quotechar, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(
        CELLS
    )
    dialect = dialect_of(text.getvalue())
    assert dialect == Dialect(delimiter, quotechar, 1)
    assert [record.cells for record in records(text.getvalue(), dialect)] == CELLS


def test_a_file_that_quotes_nothing_keeps_its_quotes():
    text = 'Name;Size\n"Best" Hosting;4"\n"Top" Ltd;5"\n'
    assert [each.cells for each in records(text, dialect_of(text))][1] == ['"Best" Hosting', '4"']


def test_the_header_is_found_under_lines_of_another_kind():
    before = "Konto;DE12\nInhaber;Max\n\nVon 01.01.2021;;\n"
    text = before + "Datum;Name;Betrag\n01.02.2021;A;1,5\n02.02.2021;B;2,5\nSumme;4,0\n"
    dialect = dialect_of(text)
    assert dialect == Dialect(";", '"', 5)
    found = list(records(text, dialect))
    assert [(each.line, each.cells[0]) for each in found] == [
        (5, "Datum"),
        (6, "01.02.2021"),
        (7, "02.02.2021"),
        (8, "Summe"),
    ]


def test_decimal_commas_are_no_separators():
    assert dialect_of("Datum;Betrag\n1.1.21;12,50\n2.1.21;13,50\n").delimiter == ";"


def test_excels_hint_is_followed():
    assert dialect_of("sep=;\na;b,c\n1;2\n") == Dialect(";", '"', 2)


def test_a_record_over_several_lines_keeps_its_text():
    text = 'a,b\r\n1,"x\r\ny ""z"""\r\n\r\n2,w\r\n'
    assert list(records(text, dialect_of(text)))[1:] == [
        Record(2, ["1", 'x\r\ny "z"'], '1,"x\r\ny ""z"""'),
        Record(5, ["2", "w"], "2,w"),
    ]


def test_a_quote_never_closed_spoils_its_own_line_only():
    text = 'a,b\n"ok",1\n"open,2\nlast,3\n'
    found = list(records(text, Dialect(",", '"', 1)))
    assert isinstance(found[2], BadRow)
    assert found[2].line == 3
    assert found[3] == Record(4, ["last", "3"], "last,3")


def test_a_quote_closed_far_away_was_never_closed():
    text = 'a,b\n"open,1\n' + "x,2\n" * 30_000 + 'y",3\n'
    found = list(records(text, Dialect(",", '"', 1)))
    assert isinstance(found[1], BadRow)
    assert len(found) == 30_003


@pytest.mark.parametrize("text", ["", "\n\n", '"', "," * 1_000_000, '"' * 1_000_000, "x" * 1_000_000, " " * 1_000_000, '"x,\n' * 50_000, '"""a\n' * 50_000, "a,b\n" + "' " * 300_000])  # fmt: skip # noqa: E501
def test_hostile_text_takes_linear_time(text):
    started = time.process_time()
    list(records(text, dialect_of(text)))
    assert time.process_time() - started < 5


@given(
    st.lists(st.lists(_TEXTS, min_size=3, max_size=3), max_size=5),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(['"', "'"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)  # fmt: skip
def test_what_was_written_in_any_dialect_is_read_back(rows, delimiter, quotechar, end):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quotechar=quotechar, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(
        rows
    )
    found = list(records(text.getvalue(), Dialect(delimiter, quotechar, 1)))
    assert [each.cells for each in found] == [row for row in rows if any(cell and not cell.isspace() for cell in row)]
    at = 0
    for each in found:
        at = text.getvalue().index(each.raw, at) + len(each.raw)
