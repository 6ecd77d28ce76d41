"""How money comes in or goes out: a gateway, a bank account, cash."""

from django.db import models
from django.db.models.functions import Upper


class PaymentMethod(models.Model):
    """A gateway. It stays while transactions name it; one no longer offered is switched off."""

    name = models.CharField(max_length=100)
    active = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()
        permissions = (("manage_payment_methods", "Add, rename and switch off payment methods"),)
        constraints = (models.UniqueConstraint(Upper("name"), name="payment_method_name_once"),)

    def __str__(self) -> str:
        return self.name
