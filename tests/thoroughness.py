"""How many examples the tests try that make them up: enough to notice, and as many times more as the environment says.

BILLING_EXAMPLES=10 tries ten times as many.
"""

import os

_TIMES = int(os.environ.get("BILLING_EXAMPLES", "1"))


def examples(number: int) -> int:
    """`number` of them, or as many times more."""
    return number * _TIMES
