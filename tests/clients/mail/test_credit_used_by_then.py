"""Mail about credit says what is so when it goes out."""

import pytest
from django.test import override_settings

from billing_admin.mail.mailer_url import read_mailer_url
from clients.models import MailMessage
from tests.factories import give_credit, make_client, make_invoice, usd
from tests.mail import send_all, switch_on

pytestmark = pytest.mark.django_db


def said(*, is_used: bool) -> str:
    switch_on("credit")
    acme = make_client(email="ann@example.com")
    give_credit(acme, usd(20), tell=True)
    if is_used:
        make_invoice(acme, usd(20), credit_use="always")
    with override_settings(MAILERS=read_mailer_url("").mailers):
        send_all()
    return MailMessage.objects.get(client=acme).body


def test_what_is_left_is_said_unless_nothing_is():
    assert "Your credit now: 20.00" in said(is_used=False)
    assert "Your credit now" not in said(is_used=True)
