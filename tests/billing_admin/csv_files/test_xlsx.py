"""Spreadsheets: nothing in a cell is run, amounts are numbers, days are days."""

import datetime
import tracemalloc

import pytest

from billing_admin.csv_files.xlsx import xlsx_file
from tests.spreadsheets import read_sheet


class Answer:
    def __init__(self, file):
        self.streaming_content, self._resource_closers = [file.read()], [file.close]


def sheet(rows, amounts=None):
    width = len(rows[0])
    return read_sheet(Answer(xlsx_file("Sheet", ["Head"] * width, amounts or [False] * width, rows)))[1:]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "{=1}", "https://example.com", "mailto:a@example.com", "0049", "1e5"],
)
def test_words_stay_words_whatever_they_begin_with(text):
    assert sheet([[text]]) == [[text]]


def test_an_amount_is_a_number_while_a_spreadsheet_keeps_its_digits():
    rows = [["12.50"], ["-1000"], ["12345678901234.567"], ["=1"], [""]]
    assert sheet(rows, [True]) == [[12.5], [-1000.0], ["12345678901234.567"], ["=1"]]


def test_a_day_is_a_day_and_one_before_their_calendar_is_text():
    assert sheet([[datetime.date(2026, 11, 29), datetime.date(1899, 1, 1), 7, 10**18]]) == [
        [46355.0, "1899-01-01", 7.0, str(10**18)]
    ]


def test_a_text_beyond_a_cell_is_cut():
    assert len(sheet([["x" * 40_000]])[0][0]) == 32_767


def test_memory_does_not_grow_with_the_rows():
    def peak(count):
        tracemalloc.start()
        xlsx_file(
            "Sheet",
            ["Head"] * 5,
            [False] * 5,
            ([f"{number} {column}" for column in range(5)] for number in range(count)),
        ).close()
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)
    assert peak(4_000) < peak(500) + 1_000_000
