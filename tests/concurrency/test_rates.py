"""What comes at the same moment is let through no more often than one after the other."""

import pytest

from billing_admin.db.rates import Rate, take
from tests.concurrency.racing import race

FIVE = Rate("asking", 5, 60)


@pytest.mark.parametrize("asked", [1, 3])
def test_of_many_at_once_only_so_many_get_through(asked):
    waits = race(*[lambda: [take(FIVE, "ann") for _ in range(asked)]] * 12)
    assert sorted(wait > 0 for each in waits for wait in each) == [False] * 5 + [True] * (12 * asked - 5)
