"""What each action of staff may cost in statements, begin and commit among them."""

import pytest

from tests.benchmarks.actions import FLOOR, count_statements

pytestmark = pytest.mark.django_db


def test_no_action_makes_more_statements_than_it_needs():
    assert {cost.name: cost.statements for cost in count_statements()} == {
        FLOOR: 5,
        "bill a client, the service": 13,
        "issue a draft, the service": 11,
        "issue a draft": 14,
        "create an invoice and issue it": 20,
        "add credit": 18,
        "record a payment": 17,
        "merge two clients of ten rows": 40,
        "delete a client of ten rows": 68,
    }
