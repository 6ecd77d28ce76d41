"""Which numbers in a text are an invoice's or a client's: never those of dates, phones, accounts or longer codes."""

import pytest

from transactions.services.importing.numbers_in_text import bare_numbers, client_numbers_in, numbers_in

PREFIXES = ["INV-", "2026-", "RE", "INV-2026-", ""]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("INV-000012", "INV-12"),
        ("Re: inv 12.", "INV-12"),
        ("INV000012/March", "INV-12"),
        ("inv # 12 Maria", "INV-12"),
        ("INV-11 and INV-12", "INV-11 INV-12"),
        ("INV-11/INV-12", "INV-11 INV-12"),
        ("INV-2026-000011", "INV-2026-11"),
        ("INV 2026 000123", "INV-2026-123"),
        ("re12 thanks", "RE12"),
        ("2026-000011", "2026-11"),
        ("SVWZ+2026-000011", "2026-11"),
        ("paid on 05.11.2026 INV-7", "INV-7"),
        ("DE89 3704 0044 0532 0130 00 INV-000123", "INV-123"),
        ("+49 30 123456, INV-7", "INV-7"),
        # Not exactly as printed, where the prefix has no letters.
        ("2026-11", ""),
        ("2026/000011", ""),
        ("2026 000011", ""),
        ("12026-000011", ""),
        # Dates and times.
        ("SEPA CREDIT executed 2026-11-05 thanks", ""),
        ("2026/10/31", ""),
        ("Inv 05.11.2026", ""),
        ("Inv 5.11.26", ""),
        ("Inv 5. 11. 2026", ""),
        ("INV 20261105", ""),
        ("INV 05112026", ""),
        ("Re 5 Nov 2026", ""),
        ("Re 5. November", ""),
        ("Re Nov 5, 2026", ""),
        ("inv 12 März", ""),
        ("inv 12:30", ""),
        ("RE 11.2026", ""),
        ("Inv 2026/10", ""),
        # Phones, amounts, accounts, longer codes.
        ("RE +49 30 123456", ""),
        ("Tel. 030 123456", ""),
        ("inv: 030 1234567", ""),
        ("030/2026-000011", ""),
        ("(030) 2026-000011", ""),
        ("INV 1 000,00", ""),
        ("INV 1'000", ""),
        ("Re 40 EUR", ""),
        ("re 100 % ", ""),
        ("billing@inv-12.example", ""),
        ("RE000040 EUR", "RE40"),
        ("INV 40 EUR 12.00", "INV-40"),
        ("INV-000012 000013", "INV-12"),
        ("INV-12.50", ""),
        ("INV-12,50", ""),
        ("XINV-12", ""),
        ("INV-12A", ""),
        ("INV-12-A", ""),
        ("ORD-RE-000012", ""),
        ("E2E-INV-000123-20261105", ""),
        ("IN V-12", ""),
        ("INV ---- 12", ""),
        ("pay 12", ""),
        ("", ""),
    ],
)
def test_a_number_counts_only_as_an_exact_token(text, labels):
    found = [f"{prefix}{number}" for prefix, number, _ in numbers_in(text, PREFIXES)]
    assert found == labels.split()


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("12", [12]), ("12 000013", [12, 13]), ("INV-12 13", [13]), ("2026-10-31", []), ("12 x", []), ("", [])],
)
def test_bare_numbers_count_where_nothing_else_stands_in_the_column(text, numbers):
    assert bare_numbers(text, PREFIXES) == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Kundennr. 1042 INV-3", [1042]),
        ("Kunden-Nr.: 1042", [1042]),
        ("customer no 7, client #8", [7, 8]),
        ("Klant 7", [7]),
        ("cliente nº 7", [7]),
        ("1042", []),
        ("account 1042", []),
        ("client 05.11.2026", []),
        ("client 12-34", []),
        ("clients 12", []),
    ],
)
def test_a_client_number_counts_only_after_a_word_for_it(text, numbers):
    assert client_numbers_in(text) == numbers
