"""Codes that an e-invoice uses, with their names on our screens."""

from typing import Any

from stdnum import ean
from stdnum.au import abn
from stdnum.be import vat as be_vat
from stdnum.dk import cvr
from stdnum.no import orgnr as no_orgnr
from stdnum.se import orgnr as se_orgnr

from billing_admin.errors import BusinessError
from clients.models.client import Exemption

ONE = "C62"

# UNECE recommendation 20: what is usual where services are sold.
UNITS = {
    ONE: "one",
    "HUR": "hour",
    "MIN": "minute",
    "DAY": "day",
    "WEE": "week",
    "MON": "month",
    "ANN": "year",
    "LS": "lump sum",
    "E48": "service unit",
    "H87": "piece",
    "SET": "set",
    "AD": "byte",
    "4L": "megabyte",
    "E34": "gigabyte",
    "E35": "terabyte",
    "KWH": "kilowatt hour",
    "KMT": "kilometre",
    "MTR": "metre",
    "MTK": "square metre",
    "KGM": "kilogram",
    "LTR": "litre",
    "P1": "percent",
}

# Electronic Address Scheme: by which an e-invoice finds who gets it.
SCHEMES = {
    "EM": "E-mail",
    "0002": "SIRENE (France)",
    "0007": "Organisation number (Sweden)",
    "0009": "SIRET (France)",
    "0037": "LY-tunnus (Finland)",
    "0060": "DUNS",
    "0088": "GLN",
    "0096": "P number (Denmark)",
    "0106": "KVK (Netherlands)",
    "0151": "ABN (Australia)",
    "0183": "UID (Switzerland)",
    "0184": "CVR (Denmark)",
    "0188": "Corporate number (Japan)",
    "0190": "OIN (Netherlands)",
    "0191": "Registry code (Estonia)",
    "0192": "Organisation number (Norway)",
    "0195": "UEN (Singapore)",
    "0196": "Kennitala (Iceland)",
    "0198": "SE number (Denmark)",
    "0199": "LEI",
    "0200": "Legal entity code (Lithuania)",
    "0201": "IPA (Italy)",
    "0204": "Leitweg-ID (Germany)",
    "0208": "Enterprise number (Belgium)",
    "0209": "GS1 identification key",
    "0210": "Codice fiscale (Italy)",
    "0211": "VAT number (Italy)",
    "0213": "VAT number (Finland)",
    "0216": "OVT (Finland)",
    "0221": "Invoice issuer number (Japan)",
    "0225": "Peppol address (France)",
    "9910": "VAT number (Hungary)",
    "9914": "VAT number (Austria)",
    "9915": "Authority (Austria)",
    "9918": "IBAN",
    "9920": "VAT number (Spain)",
    "9925": "VAT number (Belgium)",
    "9926": "VAT number (Bulgaria)",
    "9928": "VAT number (Cyprus)",
    "9929": "VAT number (Czechia)",
    "9930": "VAT number (Germany)",
    "9931": "VAT number (Estonia)",
    "9932": "VAT number (United Kingdom)",
    "9933": "VAT number (Greece)",
    "9934": "VAT number (Croatia)",
    "9935": "VAT number (Ireland)",
    "9937": "VAT number (Lithuania)",
    "9938": "VAT number (Luxembourg)",
    "9939": "VAT number (Latvia)",
    "9943": "VAT number (Malta)",
    "9944": "VAT number (Netherlands)",
    "9945": "VAT number (Poland)",
    "9946": "VAT number (Portugal)",
    "9947": "VAT number (Romania)",
    "9949": "VAT number (Slovenia)",
    "9950": "VAT number (Slovakia)",
    "9957": "VAT number (France)",
}

# Those whose form Peppol looks at: how many digits, and whether they can be right.
_CHECKED: dict[str, tuple[int, Any]] = {
    "0007": (10, se_orgnr), "0088": (13, ean), "0151": (11, abn), "0184": (8, cvr), "0192": (9, no_orgnr),
    "0208": (10, be_vat),
}  # fmt: skip

# UNTDID 5305: why a line is taxed as it is.
CATEGORIES = {"S": "Standard rate", **{one.value: str(one.label) for one in Exemption}}


def is_well_formed(scheme: str, number: str) -> bool:
    """Whether a number is one of that scheme, as far as its digits tell; of most schemes they do not."""
    if scheme not in _CHECKED:
        return True
    digits, rules = _CHECKED[scheme]
    number = number.removeprefix("DK") if scheme == "0184" else number
    return number.isascii() and number.isdigit() and len(number) == digits and bool(rules.is_valid(number))


def scheme_choices() -> list[tuple[str, str]]:
    """What an electronic address can be, by name; an e-mail address first."""
    return [("", "None"), *sorted(SCHEMES.items(), key=lambda scheme: (scheme[0] != "EM", scheme[1]))]


def check_electronic_address(scheme: str, address: str) -> None:
    """Refuse an address that no e-invoice could be sent to.

    Raises BusinessError.
    """
    if bool(scheme) != bool(address):
        missing, text = ("address", "Give the address itself, too.") if scheme else ("scheme", "Say what it is.")
        raise BusinessError(f"An electronic address has two parts. {text}", field=f"electronic_{missing}")
    if scheme and scheme not in SCHEMES:
        raise BusinessError(f"“{scheme[:10]}” is no scheme of the list.", field="electronic_scheme")
    if scheme == "EM" and ("@" not in address or " " in address):
        raise BusinessError(f"“{address[:60]}” is not an e-mail address.", field="electronic_address")
