"""The name of a payment method."""

from django import forms


class MethodForm(forms.Form):
    """What a payment method is called."""

    name = forms.CharField(max_length=100, error_messages={"required": "Give the payment method a name."})
    name.widget.attrs["autofocus"] = True
