"""Forms rendered by Django through our templates."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from lxml.html import fromstring

from billing_admin.web.form_renderer import FormRenderer
from billing_admin.web.widgets import DRAWN


class CreditForm(forms.Form):
    amount = forms.CharField()
    description = forms.CharField(required=False, help_text="Shown on the Credits List.")
    listed = forms.BooleanField(required=False)
    category = forms.ChoiceField(choices=[("paid", "Paid")], widget=forms.RadioSelect)
    key = forms.CharField(widget=forms.HiddenInput)


def test_a_field_ties_its_help_and_error_to_the_control():
    html = str(CreditForm({"description": "x"})["amount"].as_field_group())
    assert fromstring(html).get("class").split() == ["field", "field-invalid"]
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_amount_error"' in html
    assert 'id="id_amount_error"' in html


def test_what_need_not_be_filled_in_says_so():
    form = CreditForm()
    assert '<span class="optional">optional</span>' in form["description"].as_field_group()
    assert "optional</span>" not in form["amount"].as_field_group()
    assert "optional</span>" not in form["listed"].as_field_group()
    assert 'id="id_description_helptext"' in form["description"].as_field_group()


def test_several_errors_are_summed_up_on_top_with_links_to_their_fields():
    html = str(CreditForm({}))
    assert "data-error-summary" in html
    assert '<a href="#id_amount">Amount</a>' in html
    assert "data-error-summary" not in str(CreditForm({"category": "paid", "key": "k"}))


def test_hidden_fields_are_part_of_the_form():
    assert '<input type="hidden" name="key" id="id_key">' in str(CreditForm())


_GROUPED = [("", "None <of> these"), ("Euro & co", [("EUR", "Euro"), ("CHF", mark_safe("<b>Franc</b>"))]), (1, 1)]
_ATTRS = {"class": 'a "b"', "required": True, "disabled": False, "maxlength": 3, "title": mark_safe("&amp;")}


@pytest.mark.parametrize("value", [None, "", '<b> & "c"', "EUR", 1, ["EUR", "1"], mark_safe("&amp;")])
@pytest.mark.parametrize(
    "widget",
    [
        forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.TelInput, forms.SearchInput,
        forms.PasswordInput, forms.HiddenInput, forms.DateInput, forms.CheckboxInput, forms.Textarea, forms.Select,
        forms.SelectMultiple,
    ],
)  # fmt: skip
def test_a_control_is_what_django_draws(widget, value):
    control = widget(_ATTRS, choices=_GROUPED) if widget in (forms.Select, forms.SelectMultiple) else widget(_ATTRS)
    assert control.template_name in DRAWN
    drawn = control.render("a<b", value, {"id": "id_x"}, FormRenderer())
    assert drawn == control.render("a<b", value, {"id": "id_x"}, DjangoTemplates())
