"""Passwords that everybody would try first here: the name of the company, or of the program, and little else."""

import re
from typing import Any

from django.core.exceptions import ValidationError

from invoices.models import SellerVersion

_PROGRAM = "Billing Admin"
# So much there has to be beside such words, as a password without them would have.
_LEFT = 8


class CompanyNameValidator:
    """Refuses a password that is little more than words of the company's name."""

    def validate(self, password: str, user: Any = None) -> None:
        seller = SellerVersion.objects.current()
        named = f"{_PROGRAM} {seller.legal_name if seller else ''}".casefold()
        words = sorted({word for word in re.findall(r"\w+", named) if len(word) > 2}, key=len, reverse=True)
        left = re.sub("|".join(map(re.escape, words)), "", password.casefold())
        if left != password.casefold() and len(left) < _LEFT:
            raise ValidationError("The password is little more than the company’s name, or this program’s.")

    def get_help_text(self) -> str:
        return "Your password can’t be little more than the company’s name."
