"""Statements that somebody made to do harm, or that are broken: refused in words, and soon."""

import re
import time

import pytest

from billing_admin.errors import BusinessError
from tests.factories import make_payment_method
from transactions.services.importing.read_file import read_file
from transactions.services.importing.readers.statements import STATEMENTS

pytestmark = pytest.mark.django_db

NAMESPACE = 'xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"'
OPEN = f"<Document {NAMESPACE}><BkToCstmrStmt><Stmt>"
CLOSE = "</Stmt></BkToCstmrStmt></Document>"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
ATTACKS: dict[str, tuple[str | bytes, str]] = {
    "billion laughs": (
        f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "ha">{LAUGHS}]>{OPEN}<Id>&l9;</Id>{CLOSE}',
        "The file has a document type",
    ),
    "external entity": (
        f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>{OPEN}<Id>&x;</Id>{CLOSE}',
        "The file has a document type",
    ),
    "document type from elsewhere": (
        f'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/d.dtd">{OPEN}{CLOSE}',
        "The file has a document type",
    ),
    "a million nested elements": (
        f"{OPEN}{'<a>' * 1_000_000}{'</a>' * 1_000_000}{CLOSE}",
        "The file is no XML that can be read",
    ),
    "a million elements in a booking": (
        f"{OPEN}<Ntry>{'<a/>' * 1_000_000}</Ntry>{CLOSE}",
        "more in one booking",
    ),
    "a million elements beside bookings": (
        f"{OPEN}{'<a/><b/>' * 500_000}{CLOSE}",
        "more in one booking",
    ),
    "a million transactions in a booking": (
        f"{OPEN}<Ntry><NtryDtls>{'<TxDtls/>' * 1_000_000}</NtryDtls></Ntry>{CLOSE}",
        "more than 100,000 transactions",
    ),
    "a text without end": (f"{OPEN}<Id>{'x' * 20_000_000}</Id>{CLOSE}", "more in one booking"),
    "broken off": (f"{OPEN}<Ntry><Amt", "The file is no XML that can be read, or is broken off"),
    "a wrong encoding": (
        f'<?xml version="1.0" encoding="UTF-8"?>{OPEN}<Id>Müller</Id>{CLOSE}'.encode("latin-1"),
        "The file is no XML that can be read",
    ),
    "an encoding that there is not": (
        f'<?xml version="1.0" encoding="klingon"?>{OPEN}{CLOSE}',
        "The file is no XML that can be read",
    ),
    "UTF-16 that is none": (
        f'<?xml version="1.0" encoding="UTF-16"?>{OPEN}{CLOSE}',
        "The file is no XML that can be read",
    ),
    "other XML": ("<html><body>Not found</body></html>", "no bank statement in CAMT.053"),
    "a notice of a payment": (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.02"><a/></Document>',
        "no bank statement in CAMT.053 (camt.054.001.02)",
    ),
    "OFX that does not end": (f"OFXHEADER:100\n<OFX><STMTTRN>{'<A>' * 1_000_000}", "does not end"),
    "OFX without bookings": ("OFXHEADER:100\n<OFX>" + "<CURDEF>" * 500_000, "has no bookings"),
    "MT940 with nothing in it": (":20:X\n:25:Y\n" + ":86:?20?20?20\n" * 100_000, "has no bookings"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_harm_is_refused_in_words(attack):
    content, words = ATTACKS[attack]
    content = content if isinstance(content, bytes) else content.encode()
    began = time.monotonic()
    with pytest.raises(BusinessError, match=re.escape(words)):
        read_file("x", content, STATEMENTS["camt"].mapping())
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    "piece",
    [
        "<TRNTYPE>CREDIT<DTPOSTED>20261014<TRNAMT>1e999<FITID>1",
        "<TRNTYPE>CREDIT<DTPOSTED>99999999<TRNAMT>1.00<FITID>1",
        "<TRNTYPE>CREDIT<TRNAMT>1.00",
        "</A></B><TRNTYPE>CREDIT",
        "text<![CDATA[x]]>",
        "<A><B>",
        "",
    ],
)
def test_a_booking_in_ofx_that_is_none_is_one_bad_row(piece):
    content = f"OFXHEADER:100\n<OFX><CURDEF>USD<STMTTRN>{piece}</STMTTRN></OFX>".encode()
    mapping = STATEMENTS["ofx"].mapping()
    mapping.payment_method = make_payment_method()
    (row,) = read_file("x", content, mapping).rows
    assert type(row).__name__ == "BadRow"


@pytest.mark.parametrize(
    "booking",
    [
        "",
        "261014",
        "2613991014C1,00N",
        "2610141014C,N",
        "(?P<x>",
        "2610141014C1,005NTRF",
    ],
)
def test_a_booking_in_mt940_that_is_none_is_one_bad_row(booking):
    content = f":20:A\n:25:B\n:60F:C261001EUR0,\n:61:{booking}\n:86:text\n".encode()
    mapping = STATEMENTS["mt940"].mapping()
    mapping.payment_method = make_payment_method()
    (row,) = read_file("x", content, mapping).rows
    assert type(row).__name__ == "BadRow"
