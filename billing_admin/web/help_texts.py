"""What stands behind each `?`: two sentences, and the page of the guide that has more. `{% help "liability" %}`."""

from typing import NamedTuple


class Help(NamedTuple):
    """What something is and what to make of it; `page` is one of the guide's."""

    words: str
    page: str = ""


HELP = {
    # Staff
    "staff": Help(
        "Who works here, and in which roles. You change whoever may do no more than you, and never yourself; the last "
        "Owner who is active stays one.",
        "staff",
    ),
    "invitations": Help(
        "Who was asked to join and has not yet. A link is taken once and within seven days; inviting again makes "
        "another, and the one before is void.",
        "staff",
    ),
    # Home and pictures
    "attention": Help(
        "What waits for somebody, each with a link to exactly those rows. Nothing is listed that there is nothing of, "
        "nor what your account may not see.",
    ),
    "flow": Help(
        "Invoiced is what was issued in a month, less its credit notes; drafts and cancelled invoices are left out. "
        "Collected is the money that came in less refunds and reversals, whichever month it was invoiced in.",
        "invoices",
    ),
    "held": Help(
        "What clients held in credit at the end of each month, which is what you owe them in services. It rises when "
        "credit is given and falls when it is applied, removed or expires.",
        "credit",
    ),
    "written-off": Help(
        "What was written off in a month because it will not be paid, less what was taken back since in that month. It "
        "is no correction of what was invoiced: that stays as it was.",
        "invoices",
    ),
    "overdue": Help(
        "What is still due of unpaid invoices whose due date has passed, by the days since then. The older it is, the "
        "less likely it comes in by itself.",
        "invoices",
    ),
    "outstanding": Help(
        "Unpaid is every issued invoice of which something is still due; overdue is the part of it whose due date has "
        "passed. Credit and payments that came in are already taken off.",
        "invoices",
    ),
    "credit-held": Help(
        "What clients hold in credit at this moment, per currency. Amounts of different currencies are never added up.",
        "credit",
    ),
    "client-charts": Help(
        "What was invoiced to this client and paid by them in each month, and the credit that they held at its end. "
        "Each figure leads to its rows.",
    ),
    # Reports
    "liability": Help(
        "What clients held in credit before a period, what moved it, and what they held at its end, per currency. "
        "Opening and all movements always come to the closing balance.",
        "credit",
    ),
    "expiring": Help(
        "Credit whose last day is within the next 30 days, with what is left of it. What is not used by then expires "
        "by itself, and stands in the ledger as such.",
        "credit",
    ),
    "holders": Help(
        "Every client who holds credit, with the balance in each currency. The balance is the sum of the client’s "
        "ledger.",
        "credit",
    ),
    "checks": Help(
        "Adds up every balance, invoice and payment once more from their entries and compares. What differs is listed "
        "with its figures; nothing is changed by it.",
        "credit",
    ),
    "transactions": Help(
        "Money that came in, was given back or was charged as a fee, with sums per currency for what is listed. Money "
        "that only changed its purpose inside the house is neither in nor out.",
        "transactions",
    ),
    "billable-items": Help(
        "What invoice runs bill, once or each cycle, and when it is next due. An item that is paused or has ended is "
        "not billed.",
        "invoices",
    ),
    "duplicates": Help(
        "Pairs of clients with the same e-mail address, tax ID, phone or name. Merge those that are one, and say of "
        "the others that they are not, so that they are not listed again.",
        "merging",
    ),
    "statement": Help(
        "Every invoice, payment and movement of credit of one client in a period, with the balance after each. It is "
        "saved as a PDF in the client’s language, or as CSV.",
        "transactions",
    ),
    # Settings
    "credit-use": Help(
        "Whether credit is applied to an invoice by itself when it is issued. A client’s own setting counts before "
        "this one, and an invoice’s before the client’s.",
        "credit",
    ),
    "credit-limits": Help(
        "Credit above the amount is given only where staff say yes to it once more. It keeps a slip of the keyboard "
        "from becoming money.",
        "credit",
    ),
    "run-limits": Help(
        "A client whose invoice would exceed one of these is not billed by a run, and is listed on the run with the "
        "reason. Everybody else is billed.",
        "invoices",
    ),
    "tax-rates": Help(
        "A line is taxed at the rate that it names, else at the client’s, else at that of the client’s country. A "
        "change counts for lines that are made from then on.",
        "invoices",
    ),
    "tax-prices": Help(
        "Whether the prices that you type already hold the tax. An item or a line can say otherwise.",
        "invoices",
    ),
    "tax-exempt": Help(
        "Why lines that are exempt have no tax, as a law says it: e-invoices ask for it. A client’s own reason counts "
        "before this one, and so does that of a tax rate.",
        "company",
    ),
    "numbering": Help(
        "How the numbers of documents begin; each prefix counts from 000001 without gaps. Numbers that were given "
        "stay.",
        "invoices",
    ),
    "company": Help(
        "Your legal name and address as they stand on invoices and credit notes. A document names the company as it "
        "was on the day of its issue, whatever is changed later.",
        "company",
    ),
    "company-contact": Help(
        "Whom clients ask about an invoice. The electronic address is where answers to e-invoices reach you, as a "
        "Peppol address or an e-mail address.",
        "company",
    ),
    "bank-accounts": Help(
        "An invoice names the account of its currency. Where there is none it says nothing about where to pay, and "
        "some e-invoices cannot be made.",
        "company",
    ),
    "company-documents": Help(
        "How documents look, shown beside as you type. A client gets them in the own language where it is English, "
        "German, French or Spanish.",
        "company",
    ),
    "e-invoices": Help(
        "What an invoice says of the client so that a machine can read it. Who needs e-invoices gets no invoice issued "
        "before it can be one.",
        "company",
    ),
    "exchange-rates": Help(
        "An invoice in another currency than your own states its tax in yours, too, at the newest rate that is not "
        "older than 31 days. Invoices that are issued keep theirs.",
        "company",
    ),
    "mail-sender": Help(
        "Whom clients see as the sender, and where their answers go. The address has to be one that your mail server "
        "may send from.",
        "mail",
    ),
    "mail-switches": Help(
        "Each kind goes out by itself once it is on, for what happens from then on. Nothing of before is ever sent, "
        "and an invoice can always be sent by hand.",
        "mail",
    ),
    "mail-texts": Help(
        "What each mail says, in each language. What you change is said from then on; Reset brings back what came with "
        "Billing Admin.",
        "mail",
    ),
    "reminder-levels": Help(
        "How many days after the due date each reminder goes out, and what it costs. A fee becomes a billable item of "
        "its own once the reminder goes out, and is taken back when the invoice is cancelled before it is billed.",
        "reminders",
    ),
    "reminders": Help(
        "Which reminders of this invoice went out, and what stops more of them: a payment that was announced, or a "
        "dispute. They stop by themselves once the invoice is paid.",
        "reminders",
    ),
    "reminders-due": Help(
        "What the daily work would send today, and what is sent with Send Reminders. Each invoice gets the reminder "
        "after the one it had last; what is unticked stays due.",
        "reminders",
    ),
    "mail-places": Help(
        "Each name in braces is filled in for every mail. A line of which no place has anything to say is left out.",
        "mail",
    ),
    "custom-fields": Help(
        "What you want to know of every client beside what there is: each becomes a field of the Profile. One that is "
        "taken away is no longer shown.",
    ),
    "documents": Help(
        "How large a file may be that is kept with a client, and of which kinds. A file is only ever saved, never "
        "opened inside the product.",
    ),
    "roles": Help(
        "What each role may do, and so everybody who is in it. What somebody may not do is not offered to them.",
        "staff",
    ),
    "sign-in": Help(
        "Who learns your password still cannot sign in without it. With recovery codes you get in where the phone or "
        "the key is lost; keep them elsewhere.",
        "staff",
    ),
    "payment-methods": Help(
        "What payments can be recorded with. One that is switched off is no longer offered; what was paid with it "
        "stays.",
        "transactions",
    ),
}
