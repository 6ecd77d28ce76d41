"""Payers as files name them, and what waits that names a client."""

import re


def fold_account(account: str) -> str:
    """An account as it is compared: without spaces, in capitals."""
    return re.sub(r"[\s.-]", "", account).upper()
