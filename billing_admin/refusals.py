"""What a service raises when it will not do what was asked."""


class Refused(Exception):
    """Nothing was done. The text says why, with the figures, and is fit to show to staff.

    Each service defines its own, named for the reason, above the function that raises it.
    """
