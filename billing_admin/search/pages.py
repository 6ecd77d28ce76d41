"""Every page and every action by name. A new page is one line here; a test holds the table complete."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """A page, or a popup (`dialog`), for those who have all the permissions. `also` are other words that it goes by."""

    label: str
    url_name: str
    permissions: tuple[str, ...] = ()
    also: str = ""
    dialog: bool = False


@dataclass(frozen=True)
class Action:
    """What is done with a client or an invoice that is named after it: “Add credit to acme”."""

    label: str
    joined_by: str
    url_name: str
    permissions: tuple[str, ...]
    also: tuple[str, ...] = ()
    dialog: bool = True

    @property
    def phrases(self) -> tuple[str, ...]:
        """What it may be asked for by."""
        return tuple(phrase.casefold() for phrase in (self.label, *self.also))


_CLIENTS, _INVOICES = ("clients.view_client",), ("invoices.view_invoice",)
_MAIL, _SET_MAIL = ("clients.view_mailmessage",), ("clients.change_mailsettings",)
_SET_REMINDERS = ("invoices.change_reminderlevel",)
_MONEY, _CREDITS = ("transactions.view_transaction",), ("credits.view_credit",)

PAGES = (
    Page("Home", "home", _CLIENTS, "start dashboard overview"),
    Page("Clients", "clients:list", _CLIENTS, "customers accounts list"),
    Page("Add Client", "clients:add", ("clients.add_client",), "new client create customer", dialog=True),
    Page("Duplicate Clients", "clients:duplicates", ("clients.merge_client",), "find duplicates twins"),
    Page("Import Clients", "clients:import", ("clients.add_client",), "csv whmcs fossbilling upload"),
    Page(
        "Import Another System",
        "system_imports",
        ("billing_admin.import_system",),
        "settings leave switch over migrate whmcs fossbilling stripe",
    ),
    Page("Add Client File Mapping", "clients:add_mapping", ("clients.add_client",), "import columns", dialog=True),
    Page("Invoices", "invoices:list", _INVOICES, "bills list"),
    Page("Create Invoice", "invoices:create_for", ("invoices.issue_invoice",), "new bill make", dialog=True),
    Page("Credit Notes", "invoices:credit_notes", _INVOICES),
    Page("Reminders Due", "invoices:reminders_due", _INVOICES, "overdue dunning late send"),
    Page("Billable Items", "invoices:billable_items", _INVOICES, "recurring services products"),
    Page("Invoice Runs", "invoices:runs", _INVOICES, "generate"),
    Page("Run Invoices", "invoices:start_run", ("invoices.generate_invoices",), "generate invoices start", dialog=True),
    Page("Transactions", "transactions:list", _MONEY, "payments money"),
    Page(
        "Add Transaction", "transactions:add", ("transactions.record_payment",), "record new payment money", dialog=True
    ),
    Page("Import Payments", "transactions:import", ("transactions.record_payment",), "bank statement csv upload"),
    Page("Add File Format", "transactions:add_format", ("transactions.record_payment",), "import columns bank"),
    Page("Credits", "credits:holders", _CREDITS, "who holds credit balances"),
    Page("Credit Ledger", "credits:entries", _CREDITS, "entries movements"),
    Page("Expiring Credit", "credits:expiring", _CREDITS, "expiry"),
    Page("Credit Liability", "credits:liability", _CREDITS, "report opening closing"),
    Page("Bulk Credit", "credits:batches", _CREDITS, "files batches"),
    Page("Add Bulk Credit", "credits:upload", ("credits.give_bulk_credit",), "give in bulk file csv upload"),
    Page("Ledger Check", "credits:checks", _CREDITS, "findings discrepancies"),
    Page("Activity Chain", "credits:activity_chain", (*_CREDITS, "clients.view_activity"), "audit seals verify"),
    Page("Mail", "mail:list", _MAIL, "messages e-mail sent bounced"),
    Page("Mailbox", "mail:mailbox", _MAIL, "mail kept not sent"),
    Page("Mail Settings", "mail:settings", _SET_MAIL, "settings sender switches e-mail smtp"),
    Page("Texts of Mail", "mail:texts", _SET_MAIL, "settings templates placeholders language"),
    Page("Reminder Levels", "invoices:reminder_levels", _SET_REMINDERS, "settings mail reminders fees dunning"),
    Page("Send a Test Message", "mail:test", _SET_MAIL, "mail settings", dialog=True),
    Page("Activity", "activity", ("clients.view_activity",), "audit log who did what sign-ins exports history"),
    Page("Reports", "reports", _CLIENTS, "statistics figures"),
    Page("Settings", "settings", _CREDITS, "automatic use of credit limits configuration"),
    Page("Files of Clients", "document_settings", _CLIENTS, "settings documents limits sizes types upload"),
    Page("Done with Many Rows", "acted_before", (), "results selection ticked jobs"),
    Page("Guide", "guide", _CLIENTS, "help manual how words"),
    Page("Company", "invoices:company", ("invoices.change_seller",), "settings seller logo address bank iban footer"),
    Page("Exchange Rates", "invoices:exchange_rates", ("invoices.change_seller",), "settings currency"),
    Page("Tax", "invoices:tax", _INVOICES, "settings vat rates"),
    Page("Add Tax Rate", "invoices:add_rate", ("invoices.change_tax",), "settings new vat", dialog=True),
    Page("Numbering", "invoices:numbering", ("invoices.change_numbering",), "settings prefix invoice numbers"),
    Page("Fields of the Profile", "custom_fields", ("clients.view_client",), "settings custom"),
    Page("Add Field", "add_custom_field", ("clients.change_customfield",), "settings custom profile"),
    Page("Sign-in & security", "mfa_index", (), "account second factor sessions signed in devices"),
    Page("Change my password", "account_change_password", (), "sign in security"),
    Page("Add an authenticator app", "mfa_activate_totp", (), "second factor two totp code sign in security"),
    Page("Add a passkey", "mfa_add_webauthn", (), "second factor two webauthn key sign in security"),
    Page("Roles", "roles", _CLIENTS, "settings rights permissions groups who may"),
    Page("Limits", "limits", _CLIENTS, "settings four eyes approval amounts roles people"),
    Page("Requests for Approval", "approvals", _CLIENTS, "four eyes approve waiting above limit"),
    Page("Staff", "staff:list", ("billing_admin.manage_staff",), "settings people users team colleagues"),
    Page("Invite Somebody", "staff:invite", ("billing_admin.manage_staff",), "settings staff add user", dialog=True),
    Page("Add Role", "staff:add_role", ("billing_admin.manage_roles",), "settings rights permissions", dialog=True),
    Page("Your E-mail Address", "staff:own_email", (), "change own account mail", dialog=True),
    Page("Limits of Runs", "invoices:run_limits", _INVOICES, "settings invoice"),
    Page("Payment Methods", "transactions:methods", _MONEY, "settings gateways bank"),
    Page(
        "Add Payment Method", "transactions:add_method", ("transactions.manage_payment_methods",), "new gateway",
        dialog=True,
    ),
)  # fmt: skip

OF_CLIENT = (
    Action("Add credit", "to", "credits:manage", ("credits.add_credit", *_CREDITS), ("give credit", "credit")),
    Action("Remove credit", "from", "credits:remove", ("credits.remove_credit",), ("take credit",)),
    Action("Transfer credit", "from", "credits:transfer", ("credits.transfer_credit",), ("move credit", "transfer")),
    Action(
        "New invoice", "for", "invoices:create", ("invoices.issue_invoice",),
        ("create invoice", "add invoice", "invoice", "bill"), dialog=False,
    ),
    Action("Add billable item", "to", "invoices:add_item", ("invoices.add_billableitem",), ("new billable item",)),
    Action(
        "Record payment", "of", "transactions:add_for_client", ("transactions.record_payment",),
        ("add payment", "add transaction", "new payment", "payment", "pay"),
    ),
    Action(
        "Edit profile", "of", "clients:profile", (*_CLIENTS, "clients.change_client"), ("edit", "profile"),
        dialog=False,
    ),
    Action("Statement", "of", "clients:statement", (*_CLIENTS, *_INVOICES, *_MONEY, *_CREDITS), dialog=False),
    Action("Merge", "of", "clients:merge", ("clients.merge_client",), ("merge client", "merge client accounts")),
    Action("Pause reminders", "of", "clients:pause_reminders", (*_CLIENTS, "clients.change_client"), ("pause",)),
    Action("Close account", "of", "clients:close", ("clients.close_client",), ("close", "close client")),
    Action("Delete client", "of", "clients:delete", ("clients.delete_client",), ("delete",)),
)  # fmt: skip

# Of an invoice that is not paid.
OF_INVOICE = (
    Action(
        "Record payment", "of", "transactions:record", ("transactions.record_payment",),
        ("add payment", "add transaction", "new payment", "payment", "pay"),
    ),
    Action("Apply credit", "to", "credits:apply", ("credits.apply_credit",)),
    Action("Cancel", "of", "invoices:cancel", ("invoices.cancel_invoice",), ("cancel invoice",)),
    Action("Write off", "of", "invoices:write_off", ("invoices.write_off_invoice",), ("write-off",)),
    Action("Payment announced", "for", "invoices:announce", (*_INVOICES, "invoices.add_reminderhold"), ("announced",)),
    Action("Disputed", "of", "invoices:dispute", (*_INVOICES, "invoices.add_reminderhold"), ("dispute",)),
    Action("Credit note", "for", "invoices:issue_credit_note", ("invoices.issue_creditnote",), ("issue credit note",)),
)  # fmt: skip
