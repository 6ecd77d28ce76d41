"""Answers to popups, with htmx and without it."""

import json

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import BaseStorage
from django.http import HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from billing_admin.web import http


class Name(forms.Form):
    name = forms.CharField()


class Messages(BaseStorage):
    def _get(self, *args, **kwargs):
        return [], True

    def _store(self, messages, response, *args, **kwargs):
        return []


def ask(headers=None, data=None, address="/credits/"):
    request = RequestFactory(headers=headers or {}).post(address, data or {})
    vars(request).update(htmx=HtmxDetails(request), _messages=Messages(request))
    return request


DIALOG = {"HX-Request": "true", "HX-Target": "dialog-body"}


@pytest.fixture
def popup_template(settings):
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    (
                        "django.template.loaders.locmem.Loader",
                        {
                            "popup.html": "{% extends popup_base %}{% block popup %}{{ form }}{% endblock %}",
                            "components/popup.html": "dialog {{ popup_title }} {% block popup %}{% endblock %}",
                            "components/popup_page.html": "page {{ close_url }} {% block popup %}{% endblock %}",
                        },
                    )
                ]
            },
        }
    ]
    return "popup.html"


def test_the_same_popup_is_a_fragment_for_the_dialog_and_a_page_otherwise(popup_template):
    fragment, page = (
        http.render_popup(request, popup_template, title="Add Credit", close_url="/clients/1/")
        for request in (ask(DIALOG), ask())
    )
    assert fragment.content.decode().strip() == "dialog Add Credit"
    assert page.content.decode().strip() == "page /clients/1/"
    assert fragment["Vary"] == page["Vary"] == "HX-Request, HX-Target"
    assert fragment.status_code == page.status_code == 200


def test_a_refused_form_is_422(popup_template):
    context = {"form": Name({"name": ""})}
    response = http.render_popup(ask(DIALOG), popup_template, context, title="Name", close_url="/")
    assert response.status_code == 422


def test_saved_in_the_dialog_closes_it_and_names_what_changed():
    response = http.dialog_saved(
        ask(DIALOG), message="Credit of 25.00 USD added.", events=["creditsChanged"], fallback_url="/clients/1/"
    )
    assert response.status_code == 204
    assert json.loads(response["HX-Trigger"]) == {
        "dialogClose": {},
        "creditsChanged": {},
        "toast": {"text": "Credit of 25.00 USD added.", "level": "good"},
    }


def test_saved_without_htmx_says_it_on_the_next_page():
    request = ask()
    response = http.dialog_saved(
        request, message="Credit added.", events=["creditsChanged"], fallback_url="/clients/1/"
    )
    assert (response.status_code, response["Location"]) == (302, "/clients/1/")
    assert "HX-Trigger" not in response
    assert [str(message) for message in get_messages(request)] == ["Credit added."]


def test_announce_lets_a_popup_that_stays_open_refresh_the_page_behind():
    response = http.announce(HttpResponse("new list"), "creditsChanged", message="Reversed.", level="quiet")
    assert json.loads(response["HX-Trigger"]) == {
        "creditsChanged": {},
        "toast": {"text": "Reversed.", "level": "quiet"},
    }


def test_leaving_for_another_page_works_from_the_dialog_and_without_it():
    from_dialog = http.leave_for(ask(DIALOG), "/clients/", message="Client 1 deleted.")
    plain = http.leave_for(ask(), "/clients/")
    assert (from_dialog.status_code, from_dialog["HX-Redirect"]) == (200, "/clients/")
    assert (plain.status_code, plain["Location"]) == (302, "/clients/")


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_next_url_leads_to_no_foreign_page(wanted):
    assert http.next_url(ask(data={"next": wanted}), "/home/") == "/home/"


def test_next_url_takes_a_page_of_ours():
    assert http.next_url(ask(data={"next": "/clients/1/?tab=x"}), "/home/") == "/clients/1/?tab=x"
