"""The address of a database is read whole, or refused in words that repeat nothing of it."""

import pytest

from billing_admin.errors import BusinessError
from billing_admin.importing.address import read_address


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgres://a@b/c", "does not begin with mysql://"),
        ("mysql://host/whmcs", "names no user"),
        ("mysql://user@host", "names no database"),
        ("mysql://user@host/", "names no database"),
        ("mysql://user:pa/ss@host/whmcs", "cannot be read"),
        ("mysql://user:pa#ss@host/whmcs", "is written with %23|cannot be read"),
        ("mysql://user@host:port/whmcs", "cannot be read"),
        ("mysql://user@host/whmcs?sockets=/x", "1 that are not socket or ssl-ca"),
        ("mysql://user@host/whmcs?ssl-ca=/nowhere.pem", "no file /nowhere.pem"),
    ],
)
def test_an_address_that_is_none_is_refused_without_repeating_it(url, said):
    with pytest.raises(BusinessError, match=said) as refused:
        read_address(url)
    assert "pa" not in str(refused.value).replace("password", "")


def test_an_address_says_all_that_is_needed():
    found = read_address("mysql://us%40er@db.example:3307/whmcs?socket=%2Frun%2Fsock")
    assert (found.user, found.host, found.port, found.database, found.socket, found.password) == (
        "us@er", "db.example", 3307, "whmcs", "/run/sock", None
    )  # fmt: skip
    assert read_address("mysql://u@h", needs_database=False).database == ""
