"""What the invoices app announces."""

from django.dispatch import Signal

# Invoices were generated: by a run (a chunk at a time), or one issued by hand.
#
# Sent last inside the database transaction that generated them, after their lines were written and with their client
# rows locked, with `send`: an exception in a receiver undoes the whole chunk, so that no invoice is left without what
# belongs to it.
#
# sender: the Invoice model. Arguments:
#   invoice_ids  list[int], ids of invoices that are now issued; more than one may be of the same client
#   on           datetime.date, the day they were issued on, by which credit counts as expired or not
#   by           the User who caused it, or None for a batch job
invoices_generated = Signal()
