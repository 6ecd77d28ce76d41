"""Asking for approval in tests, on the forms that offer it."""

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse

from billing_admin.errors import BusinessError
from clients.models import ApprovalRequest, Client
from tests.factories import make_client
from tests.pages import Element, parse, values_of
from tests.unchanged import nothing_changes


def browser_of(person: User) -> Browser:
    """Signed in as this person."""
    browser = Browser()
    browser.force_login(person)
    return browser


def fill(form: Element, **typed) -> dict[str, str]:
    """What a browser sends of a form; a tick that is there, with what it carries."""
    ticked = {name: form.one(f"[name={name}]")["value"] for name, value in typed.items() if value is True}
    return {**values_of(form), **typed, **ticked}


def send(person: User, url: str, selector: str, **typed):
    """Open a popup's page, fill its form and send it; asked for approval where it is offered."""
    browser = browser_of(person)
    page = parse(browser.get(url))
    answer = browser.post(url, fill(page.one(selector), **typed))
    if answer.status_code != 422:
        return answer
    offered = parse(answer).one(selector)
    assert offered.one("[name=ask_approval]")
    return browser.post(url, fill(offered, ask_approval=True, ask_reason="A good client"))


def ask_for_credit(person: User, amount: str = "250", to: Client | None = None) -> ApprovalRequest:
    acme = to or make_client()
    url = reverse("credits:manage", args=[acme.number])
    answer = send(person, url, "#add-credit", amount=amount, currency="USD", description="Goodwill")
    asked = ApprovalRequest.objects.latest("pk")
    assert answer.headers["Location"] == reverse("approval", args=[asked.pk])
    return asked


def refused(act) -> str:
    """What is refused with nothing changed, in words."""
    with nothing_changes(), pytest.raises(BusinessError) as error:
        act()
    return str(error.value)
