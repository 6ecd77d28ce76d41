"""The tables of WHMCS 8 that its documentation and dumps of the schema tell of, without those that nobody imports.

No foreign keys, statuses as free text, zero dates, no column of passwords that is not also filled.
"""

_MONEY = "{money} NOT NULL DEFAULT 0.00"
_AT = "datetime NOT NULL DEFAULT '0000-00-00 00:00:00'"
_ON = "date NOT NULL DEFAULT '0000-00-00'"
_ID = "int NOT NULL DEFAULT 0"
_TEXT = "text NOT NULL DEFAULT ''"
_RATE = "decimal(10,3) NOT NULL DEFAULT 0"
_OF_SERVICE = (
    "enum('Pending','Active','Suspended','Terminated','Cancelled','Fraud','Completed') NOT NULL DEFAULT 'Pending'"
)

# Table → columns beside `id`.
TABLES: dict[str, dict[str, str]] = {
    "tblconfiguration": {"setting": _TEXT, "value": _TEXT},
    "tblcurrencies": {
        "code": _TEXT, "prefix": _TEXT, "suffix": _TEXT, "format": _ID, "rate": "decimal(10,5) NOT NULL DEFAULT 1",
        "default": "tinyint NOT NULL DEFAULT 0",
    },
    "tblclientgroups": {
        "groupname": "varchar(45) NOT NULL DEFAULT ''", "groupcolour": "varchar(45)",
        "discountpercent": "decimal(10,2) unsigned DEFAULT 0.00", "susptermexempt": "text", "separateinvoices": "text",
    },
    "tblclients": {
        "uuid": "varchar(255) NOT NULL DEFAULT ''", "firstname": _TEXT, "lastname": _TEXT, "companyname": _TEXT,
        "email": _TEXT, "address1": _TEXT, "address2": _TEXT, "city": "text CHARACTER SET latin1 NOT NULL DEFAULT ''",
        "state": _TEXT, "postcode": _TEXT, "country": _TEXT, "phonenumber": _TEXT,
        "tax_id": "varchar(128) NOT NULL DEFAULT ''", "password": _TEXT, "authdata": _TEXT, "currency": _ID,
        "defaultgateway": _TEXT, "credit": _MONEY, "taxexempt": "tinyint NOT NULL DEFAULT 0",
        "latefeeoveride": "tinyint NOT NULL DEFAULT 0", "overideduenotices": "tinyint NOT NULL DEFAULT 0",
        "separateinvoices": "tinyint NOT NULL DEFAULT 0", "disableautocc": "tinyint NOT NULL DEFAULT 0",
        "datecreated": _ON, "notes": _TEXT, "billingcid": _ID, "securityqans": _TEXT, "groupid": _ID,
        "cardlastfour": _TEXT, "cardnum": "blob", "bankacct": "blob", "lastlogin": "datetime", "ip": _TEXT,
        "host": _TEXT, "status": "enum('Active','Inactive','Closed') NOT NULL DEFAULT 'Active'", "language": _TEXT,
        "emailoptout": "int NOT NULL DEFAULT 0", "marketing_emails_opt_in": "tinyint NOT NULL DEFAULT 0",
        "email_preferences": "text", "created_at": "timestamp NULL", "updated_at": "timestamp NULL",
    },
    "tblusers": {
        "first_name": _TEXT, "last_name": _TEXT, "email": "varchar(255) NOT NULL DEFAULT ''", "password": _TEXT,
        "language": _TEXT, "second_factor_config": "text", "last_login": "datetime",
    },
    "tblusers_clients": {"auth_user_id": _ID, "client_id": _ID, "owner": "tinyint NOT NULL DEFAULT 0"},
    "tblcontacts": {
        "userid": _ID, "firstname": _TEXT, "lastname": _TEXT, "companyname": _TEXT, "email": _TEXT, "address1": _TEXT,
        "address2": _TEXT, "city": _TEXT, "state": _TEXT, "postcode": _TEXT, "country": _TEXT, "phonenumber": _TEXT,
        "subaccount": "int NOT NULL DEFAULT 0", "password": _TEXT, "generalemails": "int NOT NULL DEFAULT 0",
        "invoiceemails": "int NOT NULL DEFAULT 0", "productemails": "int NOT NULL DEFAULT 0",
        "supportemails": "int NOT NULL DEFAULT 0",
    },
    "tblcustomfields": {
        "type": _TEXT, "relid": _ID, "fieldname": _TEXT, "fieldtype": _TEXT, "fieldoptions": _TEXT, "adminonly": _TEXT,
        "required": _TEXT, "showorder": _TEXT, "showinvoice": _TEXT, "sortorder": _ID,
    },
    "tblcustomfieldsvalues": {"fieldid": _ID, "relid": _ID, "value": _TEXT},
    "tblnotes": {
        "userid": _ID, "adminid": _ID, "created": _AT, "modified": _AT, "note": _TEXT,
        "sticky": "int NOT NULL DEFAULT 0",
    },
    "tbltax": {"level": _ID, "name": _TEXT, "state": _TEXT, "country": _TEXT, "taxrate": _RATE},
    "tblpaymentgateways": {"gateway": _TEXT, "setting": _TEXT, "value": _TEXT, "order": _ID},
    "tblcredit": {
        "clientid": _ID, "admin_id": _ID, "date": _ON, "description": _TEXT, "amount": _MONEY, "relid": _ID,
    },
    "tblinvoices": {
        "userid": _ID, "invoicenum": _TEXT, "date": "date", "duedate": "date", "datepaid": _AT,
        "last_capture_attempt": _AT, "date_refunded": _AT, "date_cancelled": _AT, "subtotal": _MONEY, "credit": _MONEY,
        "tax": _MONEY, "tax2": _MONEY, "total": _MONEY, "taxrate": _RATE,
        "taxrate2": _RATE, "status": _TEXT, "paymentmethod": _TEXT, "paymethodid": "int",
        "notes": _TEXT, "created_at": "timestamp NULL", "updated_at": "timestamp NULL",
    },
    "tblinvoiceitems": {
        "invoiceid": _ID, "userid": _ID, "type": "varchar(30) NOT NULL DEFAULT ''", "relid": _ID, "description": _TEXT,
        "amount": _MONEY, "taxed": "int NOT NULL DEFAULT 0", "duedate": "date", "paymentmethod": _TEXT, "notes": _TEXT,
    },
    "tblaccounts": {
        "userid": _ID, "currency": _ID, "gateway": _TEXT, "date": "datetime", "description": _TEXT, "amountin": _MONEY,
        "fees": _MONEY, "amountout": _MONEY, "rate": "decimal(16,5) NOT NULL DEFAULT 1", "transid": _TEXT,
        "invoiceid": _ID, "refundid": _ID,
    },
    "tblproducts": {"gid": _ID, "type": _TEXT, "name": _TEXT, "tax": "int NOT NULL DEFAULT 0"},
    "tblhosting": {
        "userid": _ID, "orderid": _ID, "packageid": _ID, "regdate": _ON, "domain": _TEXT, "paymentmethod": _TEXT,
        "qty": "int NOT NULL DEFAULT 1", "firstpaymentamount": _MONEY, "amount": _MONEY, "billingcycle": _TEXT,
        "nextduedate": "date", "nextinvoicedate": _ON, "termination_date": _ON,
        "domainstatus": _OF_SERVICE,
        "username": _TEXT, "password": _TEXT, "notes": _TEXT,
    },
    "tbladdons": {"name": _TEXT, "tax": "int NOT NULL DEFAULT 0"},
    "tblhostingaddons": {
        "orderid": _ID, "hostingid": _ID, "addonid": _ID, "userid": _ID, "name": _TEXT,
        "qty": "int NOT NULL DEFAULT 1", "setupfee": _MONEY, "recurring": _MONEY, "billingcycle": _TEXT,
        "tax": _TEXT, "regdate": _ON, "nextduedate": "date", "nextinvoicedate": _ON, "termination_date": _ON,
        "status": _OF_SERVICE,
        "paymentmethod": _TEXT, "notes": _TEXT,
    },
    "tbldomains": {
        "userid": _ID, "orderid": _ID, "type": "enum('Register','Transfer') NOT NULL DEFAULT 'Register'",
        "registrationdate": _ON, "domain": _TEXT, "firstpaymentamount": _MONEY, "recurringamount": _MONEY,
        "registrar": _TEXT,
        "registrationperiod": "int NOT NULL DEFAULT 1", "expirydate": "date", "nextduedate": _ON,
        "nextinvoicedate": _ON,
        "status": "enum('Pending','Pending Registration','Pending Transfer','Active','Grace','Redemption','Expired',"
        "'Cancelled','Fraud','Transferred Away') NOT NULL DEFAULT 'Pending'",
        "paymentmethod": _TEXT, "donotrenew": "int NOT NULL DEFAULT 0",
    },
    "tblbillableitems": {
        "userid": _ID, "description": _TEXT, "hours": "decimal(5,1) NOT NULL DEFAULT 0", "amount": _MONEY,
        "recur": "int NOT NULL DEFAULT 0", "recurcycle": _TEXT, "recurfor": "int NOT NULL DEFAULT 0",
        "invoiceaction": "int NOT NULL DEFAULT 0", "duedate": _ON, "invoicecount": "int NOT NULL DEFAULT 0",
    },
    "tblemails": {
        "userid": _ID, "subject": _TEXT, "message": _TEXT, "date": _AT, "to": "text", "cc": "text", "bcc": "text",
        "pending": "tinyint NOT NULL DEFAULT 0", "failed": "tinyint NOT NULL DEFAULT 0",
    },
    "tblactivitylog": {
        "date": _AT, "description": _TEXT, "user": _TEXT, "userid": _ID, "user_id": _ID, "admin_id": _ID,
        "ipaddr": _TEXT,
    },
    "tblorders": {"ordernum": "bigint NOT NULL DEFAULT 0", "userid": _ID, "date": _AT, "status": _TEXT},
    "tbltickets": {"userid": _ID, "title": _TEXT, "message": _TEXT, "date": _AT},
}  # fmt: skip

_KEYS = {
    "tblclients": ("email(64)",), "tblinvoices": ("userid", "status(3)"), "tblinvoiceitems": ("invoiceid",),
    "tblaccounts": ("userid", "invoiceid"), "tblcredit": (), "tblhosting": ("userid",), "tblcontacts": ("userid",),
}  # fmt: skip

# What the versions before lack.
_SINCE_8 = {"tblusers", "tblusers_clients"}
_COLUMNS_SINCE_8 = {"tblcredit": {"admin_id"}, "tblclients": {"email_preferences"}, "tblinvoices": {"paymethodid"}}


def tables_of(version: int) -> dict[str, list[str]]:
    """Table → the columns of WHMCS 7 or 8, `id` first."""
    return {
        table: ["id", *(name for name in columns if version >= 8 or name not in _COLUMNS_SINCE_8.get(table, ()))]
        for table, columns in TABLES.items()
        if version >= 8 or table not in _SINCE_8
    }


def create(version: int) -> str:
    """The SQL that makes the tables of WHMCS 7 or 8."""
    money = "decimal(16,2)" if version >= 8 else "decimal(10,2)"
    made = []
    for table, columns in tables_of(version).items():
        lines = ["`id` int NOT NULL AUTO_INCREMENT PRIMARY KEY"]
        lines += [f"`{name}` {TABLES[table][name].format(money=money)}" for name in columns[1:]]
        lines += [f"KEY ({key})" for key in _KEYS.get(table, ())]
        made.append(f"CREATE TABLE `{table}` (\n  {',\n  '.join(lines)}\n) ENGINE=InnoDB;")
    return "\n".join(made)
