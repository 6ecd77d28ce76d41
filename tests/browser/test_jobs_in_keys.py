"""The daily jobs by keyboard alone take as few keys as docs/jobs-in-keys.md says."""

import pytest

from tests.browser.jobs_in_keys import DOCUMENT, JOBS, add_credit, do, document, make_books

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("signed_in")]

MOST_TABS = 5


def test_adding_credit_takes_eight_keys_at_most(page, live_server):
    make_books()
    hands = do(page, live_server.url, add_credit)
    assert hands.keys + hands.letters <= 8
    assert hands.longest_tabs <= MOST_TABS


@pytest.mark.long
def test_the_document_says_what_each_job_takes(page, live_server):
    """What differs is shown as the whole document, to be put in its place."""
    make_books()
    counted = {name: do(page, live_server.url, job.do) for name, job in JOBS.items()}
    assert all(hands.longest_tabs <= MOST_TABS for hands in counted.values())
    assert document(counted) == DOCUMENT.read_text()
