"""How long something will still take, in words."""

import pytest

from billing_admin.text import time_left


@pytest.mark.parametrize(
    ("seconds", "done", "total", "said"),
    [
        (10, 50, 100, "about 10 seconds left"),
        (60, 10, 100, "about 9 minutes left"),
        (30, 25, 100, "about 2 minutes left"),
        (600, 999, 1000, "about 5 seconds left"),
        (4, 1, 100, ""),  # too early to say
        (60, 0, 100, ""),
        (60, 100, 100, ""),
        (60, 5, 0, ""),
    ],
)
def test_time_left_goes_by_what_was_done_so_far(seconds, done, total, said):
    assert time_left(seconds, done, total) == said
