"""manage.py make_data"""

import pytest
from django.utils import timezone

from clients.models import Client
from credits.models import CreditAccount, CreditGrant
from invoices.models import BillableItem
from invoices.services.generating import generate_invoices
from tests.commands import Ran, run_command
from tests.factories import make_client
from tests.invariants import assert_invariants
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db


def test_it_makes_clients_with_items_and_credit_that_a_run_bills():
    assert run_command("make_data", "--clients", "200").printed[-1] == (
        "200 clients made up, with an item each that is due today."
    )
    assert (Client.objects.count(), BillableItem.objects.count()) == (200, 200)
    assert Client.objects.values("currency").distinct().count() == 3
    assert CreditAccount.objects.count() == 60
    assert CreditGrant.objects.count() > 60
    assert_invariants()
    run = generate_invoices(as_of=timezone.localdate(), by=None)
    assert run.invoice_count > 190
    assert run.errors.count() == 0
    assert_invariants()


def test_a_database_with_clients_is_left_alone_unless_it_is_meant():
    make_client()
    with nothing_changes():
        assert run_command("make_data", "--clients", "5") == Ran(
            [],
            [],
            (
                "This database has clients already, and made-up ones could not be told from them. Nothing was made. "
                "If that is meant, add --force."
            ),
            1,
        )
        assert (
            run_command("make_data", "--clients", "0").error == "--clients is a number from 1 to 10,000,000; 0 is not."
        )
    assert run_command("make_data", "--clients", "5", "--force").exit_code == 0
    assert Client.objects.count() == 6
