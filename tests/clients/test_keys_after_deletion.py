"""Forms that are sent again after their client or draft is not what it was."""

import pytest

from billing_admin.errors import BusinessError
from clients.models import FormKey
from clients.services.delete.delete_client import delete_client
from invoices.models import Invoice
from invoices.services.issue import NewLine, bill_client, draft_invoice
from tests.factories import make_client, make_payment_method, make_staff, usd
from transactions.models import Transaction
from transactions.services.receive import receive_payment
from transactions.services.refund import refund_payment

pytestmark = pytest.mark.django_db


def test_a_refund_sent_again_after_the_deletion_counts_once():
    acme, olga = make_client(), make_staff()
    paid = receive_payment(client=acme, amount=usd(100), payment_method=make_payment_method(), by=olga).transaction
    for _ in range(2):
        key = FormKey(key="refund")
        refund_payment(payment=paid, amount=usd(40), to="method", by=olga, key=key)
        if not key.repeated:
            delete_client(client=acme, by=olga)
            paid.refresh_from_db()
    assert key.repeated
    assert Transaction.objects.filter(refund_of=paid).count() == 1
    assert "Acme" not in FormKey.objects.get().text


def test_an_old_form_does_not_issue_a_draft_that_was_changed():
    acme, olga = make_client(), make_staff()
    form = {"client": acme, "lines": [NewLine("Hosting", usd(10))], "by": olga}
    draft = draft_invoice(**form, key=FormKey(key="draft"))
    Invoice.objects.filter(pk=draft.pk).update(version=1)
    with pytest.raises(BusinessError, match="That draft was changed since: issue it from its own page"):
        bill_client(**form, key=FormKey(key="draft"))
    assert Invoice.objects.get().status == "draft"
