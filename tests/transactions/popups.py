"""How a test opens and fills the popups of transactions, and the money that they are about."""

import json

from django.urls import reverse

from tests.credits.refused_amounts import REFUSED
from tests.factories import make_client, make_invoice, usd
from tests.pages import fill, get_page, parse
from transactions.models import PaymentMethod
from transactions.services.receive import receive_payment

IN_DIALOG = {"HX-Request": "true", "HX-Target": "dialog-body"}
FORM = ".popup form"
NOT_EMPTY = [case for case in REFUSED if str(case.values[0]).strip()]


def url(name, *args):
    return reverse(f"transactions:{name}", args=args)


def send(browser, address, **typed):
    """Open the popup in the dialog, change what is named, save; the answer."""
    return fill(browser, get_page(browser, address, headers=IN_DIALOG), FORM, typed, headers=IN_DIALOG)


def toast(answer):
    assert answer.status_code == 204, parse(answer).text
    return json.loads(answer.headers["HX-Trigger"])["toast"]


def error(answer, field):
    assert answer.status_code == 422
    return parse(answer).one(f"#id_{field}_error").text


def paid(amount="100", of=None, **details):
    invoice = make_invoice(of or make_client("Acme Ltd"), usd(100))
    card = PaymentMethod.objects.get(name="Card")
    return receive_payment(invoices=[invoice], amount=usd(amount), payment_method=card, by=None, **details).transaction


def unattached(amount="40"):
    card = PaymentMethod.objects.get(name="Card")
    return receive_payment(client=None, amount=usd(amount), payment_method=card, by=None, reference="T1").transaction
