"""The tags that put a screen together."""

import pytest
from django.http import HttpResponse
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import path

from billing_admin.templatetags import ui

urlpatterns = [path("clients/", lambda request: HttpResponse(), name="list")]


def rendered(source, address="/clients/", **context):
    request = RequestFactory().get(address)
    return Template("{% load ui %}" + source).render(Context({"request": request, **context}))


@pytest.mark.parametrize(
    ("status", "html"),
    [
        ("paid", '<span class="badge badge-good">Paid</span>'),
        ("overdue", '<span class="badge badge-danger">Overdue</span>'),
        ("on hold", '<span class="badge badge-quiet">On hold</span>'),
        ("<b>", '<span class="badge badge-quiet">&lt;b&gt;</span>'),
    ],
)
def test_badge_gives_each_status_a_meaning_and_a_word(status, html):
    assert ui.badge(status) == html


def test_icons_are_hidden_from_screen_readers():
    svg = ui.icon("wallet")
    assert 'aria-hidden="true"' in svg
    assert 'class="icon"' in svg


def test_cut_keeps_the_whole_text_on_hover_and_escapes_it():
    assert ui.cut('Ann "A" <i>') == (
        '<span class="cut" dir="auto" title="Ann &quot;A&quot; &lt;i&gt;">Ann &quot;A&quot; &lt;i&gt;</span>'
    )
    assert ui.cut("") == "–"


@pytest.mark.urls(__name__)
def test_menu_link_is_absent_while_its_screen_does_not_exist():
    assert rendered('{% menu_link "Nowhere" "nowhere:list" %}') == ""
    assert rendered('{% menu_link "Clients" "list" %}', "/clients/7/") == (
        '<a aria-current="page" href="/clients/">Clients</a>'
    )


def test_sorting_numbers_starts_with_the_largest_and_turns_round():
    tag = '{% sort_header "Balance" "balance" css="num" %}'
    first = rendered(tag, "/clients/?q=a&after=xyz")
    assert 'href="/clients/?q=a&amp;sort=-balance"' in first
    assert "aria-sort" not in first
    tag = '{% sort_header "Balance" "balance" css="num" current="-balance" %}'
    second = rendered(tag, "/clients/?q=a&sort=-balance")
    assert 'href="/clients/?q=a&amp;sort=balance"' in second
    assert 'aria-sort="descending"' in second


def test_segment_sets_one_parameter_and_starts_at_the_first_page():
    tag = '{% segment "All" "status" %}{% segment "Paid" "status" "paid" count=3 %}'
    assert rendered(tag, "/clients/?status=paid&q=a&before=xyz") == (
        '<a href="/clients/?q=a">All</a>'
        '<a aria-current="true" href="/clients/?status=paid&amp;q=a">Paid <span class="count">3</span></a>'
    )


def test_tab_marks_the_page_that_is_shown():
    assert rendered('{% tab "Clients" "/clients/" %}') == '<a aria-current="page" href="/clients/">Clients</a>'
    assert rendered('{% tab "Notes" "/notes/" count=0 %}') == '<a href="/notes/">Notes <span class="count">0</span></a>'


def test_the_dangerous_quick_link_is_set_apart():
    html = ui.quick_link("Delete Client", "/d/", dialog=True, danger=True)
    assert html == '<li class="apart"><a class="danger" href="/d/" data-dialog>Delete Client</a></li>'


def test_panel_asks_for_itself_again_on_each_event_it_names():
    html = rendered(
        '{% panel "Credit" id="credit" refresh="/panel/" on="creditsChanged invoicesChanged" %}'
        "<p>{{ x }}</p>{% endpanel %}",
        x="<1>",
    )
    assert 'hx-get="/panel/"' in html
    assert 'hx-trigger="creditsChanged from:body, invoicesChanged from:body"' in html
    assert '<h2 id="credit-title">Credit</h2>' in html
    assert '<div class="panel-body"><p>&lt;1&gt;</p></div>' in html


def test_panel_without_refresh_carries_no_htmx():
    assert "hx-" not in rendered('{% panel "Actions" id="actions" flush=True %}x{% endpanel %}')


def test_empty_offers_the_way_to_the_first_one():
    html = rendered('{% empty label="Add client" url="/clients/new/" dialog=True %}No clients yet.{% endempty %}')
    assert '<a class="btn" href="/clients/new/" data-dialog>Add client</a>' in html
