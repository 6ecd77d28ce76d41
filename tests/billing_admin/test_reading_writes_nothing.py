"""Looking at a page changes nothing: no row of any table, whoever asks, by GET or HEAD.

But a document, which is drawn when somebody first looks at it, and kept from then on.
"""

import re

import pytest
from django.db import connection

from tests.every_url import addresses, make_rows
from tests.factories import make_staff
from tests.unchanged import NOTED, all_rows

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

_OWN = re.compile("/(files|acted)/[0-9]|/mail/events/$")
_KEEPING = re.compile("/invoices/(credit-notes/)?[0-9]+/document/")
# What an import has once it is booked; a message that waits has no look yet.
_LATER = re.compile("/settings/imports/[0-9]+/(receipt|switch)|/mail/[0-9]+/look/$")
_OF_LETTERS = re.compile("/(join|new-password|account/[a-z-]+)/")
# A file that somebody brought is written down each time that it is saved.
_SAVED = re.compile("/clients/[0-9]+/files/[0-9]+/$|/mail/mailbox/[0-9]+/file/$")
_WRITTEN = ("clients_activity", "clients_unsealed", "billing_admin_writtenrows")
_KEPT = "clients_issueddocument"


def counts():
    """Table → how many rows, of every table but those of sessions and counts."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table not in NOTED:
                cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
                found[table] = cursor.fetchone()[0]
    return found


def test_no_page_writes_when_it_is_looked_at(client):
    make_rows()
    client.force_login(make_staff())
    client.get("/activity/")  # which is written down, once an hour
    before, rows = counts(), all_rows()
    answers = {}
    for place, address in enumerate(addresses()):
        answer = client.head(address) if place % 3 == 2 else client.get(address)
        answers[address] = answer.status_code
        if answer.streaming:
            list(answer.streaming_content)
        now = counts()
        if _SAVED.match(address):
            before |= {table: now[table] for table in _WRITTEN}
        if _KEEPING.match(address):
            before[_KEPT] = now[_KEPT]
        assert now == before, address
    now, kept = all_rows(), rows.pop(_KEPT)
    assert set(kept) < set(now.pop(_KEPT))
    for table in _WRITTEN:
        assert set(rows.pop(table)) < set(now.pop(table))
    assert now == rows
    of_others = [code for address, code in answers.items() if _OWN.match(address)]
    assert set(of_others) == {404}  # for who asked for it alone, or knows its secret
    assert {code for address, code in answers.items() if address.endswith(".xml")} <= {200, 422}
    letters = {code for address, code in answers.items() if _OF_LETTERS.match(address)}
    assert letters <= {200, 302, 404, 405, 410}  # without the token of a letter, or a second factor
    others = {
        address: code for address, code in answers.items() if not (_OWN.match(address) or _OF_LETTERS.match(address))
    }
    assert {code for address, code in others.items() if _LATER.match(address)} == {200, 404}
    rest = {code for address, code in others.items() if not (_LATER.match(address) or address.endswith(".xml"))}
    assert rest <= {200, 302, 405}
