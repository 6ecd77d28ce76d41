"""Forms rendered by Django through our templates."""

from django import forms
from lxml.html import fromstring


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
