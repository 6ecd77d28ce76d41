"""A part of a page that takes too long, on a connection of its own transaction: the other parts are there."""

from django.db import connection

from billing_admin.db import limits
from billing_admin.home import selectors
from tests.factories import give_credit, make_client, make_staff, usd
from tests.pages import get_page


def test_a_statement_that_takes_too_long_is_that_parts_alone(client, monkeypatch):
    client.force_login(make_staff())
    give_credit(make_client(), usd("5.00"))

    def sleep(*_):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(5)")

    monkeypatch.setattr(limits, "SECONDS_FOR_A_STATEMENT", 0.5)
    monkeypatch.setattr(selectors, "outstanding", sleep)
    page = get_page(client, "/")
    assert page.one("#outstanding .panel-failed").text.startswith("This took longer than a page may take")
    assert page.texts("#credit-held td") == ["1", "5.00"]
