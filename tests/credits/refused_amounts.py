"""What people and programs type into amount fields, and none of it is an amount (acceptance 24)."""

import pytest

from billing_admin.money.amounts import WHOLE_DIGITS

# (what is typed, in which currency, part of what is said beside the field)
REFUSED = [
    pytest.param("NaN", "USD", "“NaN” is not an amount", id="NaN"),
    pytest.param("Infinity", "USD", "“Infinity” is not an amount", id="Infinity"),
    pytest.param("-inf", "USD", "“-inf” is not an amount", id="minus infinity"),
    pytest.param("1e400", "USD", "“1e400” is not an amount", id="1e400"),
    pytest.param("1e2", "USD", "“1e2” is not an amount", id="1e2"),
    pytest.param("1,5", "USD", "“1,5” is not an amount", id="comma"),
    pytest.param("1,234", "USD", "“1,234” is not an amount", id="thousands"),
    pytest.param("+ 5", "USD", "“+ 5” is not an amount", id="plus and space"),
    pytest.param("5 USD", "USD", "“5 USD” is not an amount", id="with its code"),
    pytest.param("٥", "USD", "“٥” is not an amount", id="digits of another script"),
    pytest.param("0x10", "USD", "“0x10” is not an amount", id="hexadecimal"),
    pytest.param("0.001", "USD", "USD has 2 decimal places; 0.001 has more.", id="a tenth of a cent"),
    pytest.param("0.5", "JPY", "JPY has no decimal places; 0.5 has more.", id="half a yen"),
    pytest.param("0.0001", "KWD", "KWD has 3 decimal places; 0.0001 has more.", id="a tenth of a fils"),
    pytest.param("9" * 20, "USD", f"more than {WHOLE_DIGITS} digits", id="20 digits"),
    pytest.param("", "USD", "Enter an amount.", id="nothing"),
    pytest.param("   ", "USD", "Enter an amount.", id="spaces"),
]
