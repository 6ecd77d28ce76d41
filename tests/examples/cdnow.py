"""Three of the clients of CDNOW, a music shop of 1997, with what they bought: enough to tell the story of credit.

The two commands read it as staff would have them read a file; then come the purchases that the credit is for.
"""

from pathlib import Path

from tests.commands import run_command

CLIENTS = """\
Client ID,First Name,Last Name,Company Name,Email Address,Country,Currency,Status,Creation Date
1,Customer,0001,,customer0001@example.com,US,USD,Active,1997-01-01
2,Customer,0002,,customer0002@example.com,US,USD,Active,1997-01-01
8,Customer,0008,,customer0008@example.com,US,USD,Active,1997-01-01
"""
# 100.50 USD for client 1, 75.11 USD for client 2, 59.67 USD for client 8.
PURCHASES = """\
Client ID,Description,Quantity,Amount,Currency,Due Date
1,2 CDs,1,29.33,USD,1997-01-01
1,2 CDs,1,29.73,USD,1997-01-18
1,1 CD,1,14.96,USD,1997-08-02
1,2 CDs,1,26.48,USD,1997-12-12
2,3 CDs,1,63.34,USD,1997-01-01
2,1 CD,1,11.77,USD,1997-01-13
8,3 CDs,1,32.91,USD,1997-01-01
8,1 CD,1,15.27,USD,1998-03-04
8,1 CD,1,11.49,USD,1998-03-07
"""
# 60.00 USD for client 1, 40.00 USD for client 2, 15.00 USD for client 8.
LATER_PURCHASES = """\
Client ID,Description,Quantity,Amount,Currency,Due Date
1,3 CDs,1,45.00,USD,1998-07-11
1,1 CD,1,15.00,USD,1998-07-20
2,2 CDs,1,40.00,USD,1998-07-15
8,1 CD,1,15.00,USD,1998-07-16
"""


def import_first_purchases(folder: Path) -> None:
    """Import the clients and what they bought up to June 1998."""
    _import("import_clients", folder / "clients.csv", CLIENTS)
    _import("import_billable_items", folder / "billable_items.csv", PURCHASES)


def import_later_purchases(folder: Path) -> None:
    """Import what they bought in July 1998."""
    _import("import_billable_items", folder / "july.csv", LATER_PURCHASES)


def run_invoices(as_of: str) -> str:
    """Run the invoices as of a day; what the command says of the run."""
    ran = run_command("generate_invoices", "--as-of", as_of)
    assert (ran.exit_code, ran.error) == (0, "")
    return "\n".join(ran.printed)


def _import(command: str, path: Path, text: str) -> None:
    path.write_text(text)
    ran = run_command(command, path)
    assert (ran.exit_code, ran.error, ran.named) == (0, "", [])
