"""Clients are told of credit that is about to expire, once for each credit."""

import datetime

import pytest
from django.utils import timezone

from clients.models import MailMessage
from credits.services.announce_expiring import announce_expiring
from tests.factories import give_credit, make_client, usd
from tests.mail import switch_on

pytestmark = pytest.mark.django_db


def told() -> list[int]:
    return list(MailMessage.objects.order_by("pk").values_list("subject_id", flat=True))


def test_who_has_credit_that_expires_within_the_days_is_told_once():
    today = timezone.localdate()
    acme = make_client()
    soon = give_credit(acme, usd(5), expires_on=today + datetime.timedelta(days=7))
    give_credit(acme, usd(5), expires_on=today + datetime.timedelta(days=8))
    give_credit(acme, usd(5))
    assert announce_expiring(as_of=today, by=None) == 0
    switch_on("expiring")
    assert announce_expiring(as_of=today, by=None) == 1
    assert announce_expiring(as_of=today, by=None) == 0
    assert told() == [soon.pk]
