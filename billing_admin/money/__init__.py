"""Money: which currencies there are, how an amount is read and rounded, and how a row stores it.

Nothing here knows a client or an invoice; everything that does may import this.
"""
