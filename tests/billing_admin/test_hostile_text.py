"""What people type is text on every page, whatever it looks like."""

import io
import json
import re
import zipfile

import pytest

from tests import hostile
from tests.every_url import addresses, make_rows
from tests.factories import make_staff
from tests.pages import get_page, parse

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_no_page_makes_an_element_or_attribute_of_what_was_typed(client):
    make_rows()
    staff = make_staff()
    client.force_login(staff)
    kept_out = hostile.fill(staff)
    staff.refresh_from_db()
    client.force_login(staff)  # what was signed in before is known by a hostile text now
    assert {column.partition(".")[2] for column in kept_out} == {
        "currency", "accounting_currency", "label", "number_prefix",  # a number of ours is printed in one way
    }, kept_out  # fmt: skip
    looked_at = 0
    for place, address in enumerate(addresses()):
        answer = client.get(address, headers={"HX-Request": "true", "HX-Target": "dialog-body"} if place % 2 else {})
        if re.match("/(files|acted)/[0-9]|/mail/events/$", address):  # for who asked for it alone, and for who knows it
            continue
        may_lack_something = {422} if address.endswith(".xml") else {404} if address.endswith("/look/") else set()
        if re.match("/(join|new-password|account/e-mail/confirm)/", address):  # without the token of a letter
            may_lack_something |= {410}
        if re.match("/account/(app|passkeys|recovery-codes)/", address):  # without a second factor
            may_lack_something |= {404}
        if re.match(r"/settings/imports/[0-9]+/(receipt|switch)", address):  # of one that is not booked yet
            may_lack_something |= {404}
        assert answer.status_code in {200, 302, 405} | may_lack_something, f"{address} answers {answer.status_code}"
        if answer.streaming:
            look_at_file(address, b"".join(answer.streaming_content))
        elif answer.status_code == 200 and hostile.is_html(answer):
            hostile.assert_harmless(parse(answer), address)
            looked_at += b"&lt;evil" in answer.content
    assert looked_at > 150


def look_at_file(address, content):
    if content.startswith((b"%PDF", b"<?xml")):
        return None  # what is in them tests/invoices/documents and tests/billing_admin/documents say
    if not content.startswith(b"PK"):
        return hostile.assert_runs_nothing(address, content.decode())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith(".csv"):
                hostile.assert_runs_nothing(name, archive.read(name).decode())
    return None


def test_htmx_runs_no_script_and_takes_no_part_out_of_another(client):
    client.force_login(make_staff())
    (meta,) = get_page(client, "/").node.xpath("//meta[@name='htmx-config']")
    config = json.loads(meta.get("content"))
    assert {name: config[name] for name in ("allowEval", "allowScriptTags", "allowNestedOobSwaps")} == {
        "allowEval": False, "allowScriptTags": False, "allowNestedOobSwaps": False,
    }  # fmt: skip
    assert config["selfRequestsOnly"] is True
