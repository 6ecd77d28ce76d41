"""What the invoices app announces."""

from django.dispatch import Signal

# A run is about to write a chunk of invoices: who settles some of what they come to says so now, so that each is
# written once, as it ends.
#
# Sent with `send` inside the database transaction that writes them next, with their client rows locked. A receiver
# writes what settles them, for invoices that are not there yet (the key to the invoice is looked at when the
# transaction ends), adds what that comes to to `credit` of the plan, and returns True. An invoice whose `credit` is not
# what its ledger entries come to is refused by the database.
#
# sender: the Invoice model. Arguments:
#   plan           str, the name of a temporary table with a row for each invoice, one of a client and currency: id,
#                  client_id, currency, total, credit (numeric, 0), place (from 0)
#   prefix, first  str and int: the invoice at `place` gets the number `first` + `place` with this prefix
#   on             datetime.date, the day they are issued on, by which credit counts as expired or not
#   by             the User who caused it, or None for a batch job
invoices_planned = Signal()

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
#   planned      bool, whether a receiver of `invoices_planned` settled them already
invoices_generated = Signal()
