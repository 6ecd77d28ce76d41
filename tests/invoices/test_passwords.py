"""A password that is little more than the company's name is refused."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from tests.factories import make_staff
from tests.invoices.companies import make_company

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("password", ["NorthwindHosting", "northwind2026!", "Hosting-hosting-1", "billing admin 7"])
def test_the_name_of_the_company_is_no_password(password):
    make_company(legal_name="Northwind Hosting GmbH")
    with pytest.raises(ValidationError, match="little more than the company’s name"):
        validate_password(password, make_staff())


@pytest.mark.parametrize("password", ["northwind rocks the boat", "correct horse battery", "admirable bills"])
def test_what_has_enough_beside_it_is_taken(password):
    validate_password(password, make_staff())  # no company is filled in
    make_company(legal_name="Northwind Hosting GmbH")
    validate_password(password, make_staff())
