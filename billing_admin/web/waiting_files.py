"""Uploaded files that wait until somebody books or imports them, as `components/waiting_files.html` lists them."""

import datetime
from typing import NamedTuple


class WaitingFile(NamedTuple):
    """One of them; `about` is what the page of its kind says of it, such as its format."""

    address: str
    name: str
    about: str
    by: str
    at: datetime.datetime
