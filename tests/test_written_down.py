"""Every form says in docs/activity.md what it writes down, every verb has words, and both hold."""

import re

import pytest
from django.test import RequestFactory

from clients.models.activity_permissions import PERMISSIONS
from clients.models.activity_words import SUBJECTS, subject_words, verbs_by_subject, words_of
from tests.rights.table import lines as lines_of_rights
from tests.written_down import DOCUMENT, NOTHING, WrittenDown, lines, require_written, written_by_forms

VERBS = re.compile(r"^\| `(\w+\.\w+)` \| ([^|]+) \| ([^|]+) \|$", re.M)


def test_every_form_says_what_it_writes_down():
    forms = {line.key for line in lines_of_rights() if line.method == "POST"}
    told = [(url, method) for url, method, _ in lines()]
    assert forms - set(told) == set()
    assert {key for key in told if key[1] == "POST"} - forms == set()
    assert len(told) == len(set(told))


def test_what_a_form_writes_is_declared_or_it_says_why_nothing():
    for url, method, said in lines():
        assert said.startswith(NOTHING) or written_by_forms()[url, method], url
    assert {verb for verbs in written_by_forms().values() for verb in verbs} - PERMISSIONS.keys() == set()


def test_every_verb_has_words_of_its_own():
    words = {verb: words_of(verb) for verb in PERMISSIONS}
    assert [verb for verb in PERMISSIONS if verb.partition(".")[0] not in SUBJECTS] == []
    assert [said for said in words.values() if "_" in said or "." in said or not said[:1].isupper()] == []
    assert len({*words.values()}) == len(words)
    assert sorted(verb for _, verbs in verbs_by_subject() for verb in verbs) == sorted(PERMISSIONS)
    assert SUBJECTS.keys() == {verb.partition(".")[0] for verb in PERMISSIONS}
    assert subject_words("invoice.issued") == "Invoice"


def test_the_document_lists_every_verb_in_words_and_who_sees_it():
    told = {verb: (words, rights) for verb, words, rights in VERBS.findall(DOCUMENT.read_text(encoding="utf-8"))}
    assert told == {verb: (words_of(verb), ", ".join(rights)) for verb, rights in PERMISSIONS.items()}


@pytest.mark.parametrize(
    ("address", "verb", "said"),
    [("/settings/company/preview/", "company.changed", "nothing"), ("/search/", "note.added", "has no line")],
)
def test_a_form_that_writes_what_it_does_not_say_is_found(address, verb, said):
    WrittenDown.table = {}
    with pytest.raises(AssertionError, match=said):
        require_written(RequestFactory().post(address), {verb})
