"""Names and places of the demo's clients: long, accented, right-to-left and in other scripts, as real ones are."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Region:
    """Where a client is: what they pay in, what they pay as tax, and what they may be called."""

    country: str
    currency: str
    tax_rate: str
    cities: tuple[str, ...]
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    company_forms: tuple[str, ...]


# Region and how many of a hundred clients are there.
REGIONS: tuple[tuple[Region, int], ...] = (
    (
        Region(
            "US", "USD", "0",
            ("Portland", "Austin", "Madison", "Boise", "Savannah", "Albuquerque"),
            ("Grace", "Marcus", "Alicia", "Theodore", "Imani", "Walter", "June", "Desmond"),
            ("Whitfield", "Okafor", "Ramirez", "Lindqvist", "Abernathy", "Nguyen", "Castellanos", "Brooks"),
            ("Inc.", "LLC", "Group", "Partners"),
        ),
        44,
    ),
    (
        Region(
            "DE", "EUR", "19",
            ("Berlin", "Köln", "Görlitz", "Würzburg", "Lübeck"),
            ("Jürgen", "Anneliese", "Björn", "Käthe", "Søren", "Zoë"),
            ("Müller-Lüdenscheidt", "Großmann", "Öztürk", "Weiß", "von Hohenzollern", "Jäger"),
            ("GmbH", "AG", "GmbH & Co. KG", "e. K."),
        ),
        14,
    ),
    (
        Region(
            "FR", "EUR", "20",
            ("Besançon", "Orléans", "Nîmes", "Saint-Étienne"),
            ("Élodie", "François", "Maëlle", "Noël", "Thérèse"),
            ("Lefèvre", "D’Aubigné", "Benoît", "Garçon", "Château-Renault"),
            ("SARL", "SAS", "et Fils"),
        ),
        10,
    ),
    (
        Region(
            "GB", "GBP", "20",
            ("Leeds", "Bath", "Aberystwyth", "Inverness", "Norwich"),
            ("Siobhán", "Rhys", "Priya", "Alastair", "Bronwen", "Kwame"),
            ("O’Connor", "Llewellyn", "Featherstonehaugh", "Patel", "MacIntyre"),
            ("Ltd", "plc", "& Sons"),
        ),
        14,
    ),
    (
        Region(
            "JP", "JPY", "10",
            ("東京", "大阪", "札幌", "京都"),
            ("花子", "太郎", "美咲", "健一"),
            ("佐藤", "鈴木", "渡辺", "小林"),
            ("株式会社", "合同会社"),
        ),
        9,
    ),
    (
        Region(
            "KW", "KWD", "0",
            ("مدينة الكويت", "حولي", "الجهراء"),
            ("فاطمة", "عبد الرحمن", "نورة", "خالد"),
            ("الصباح", "العنزي", "المطيري", "الرشيدي"),
            ("للتجارة", "وشركاؤه"),
        ),
        9,
    ),
)  # fmt: skip

TRADES = (
    "Harbour", "Cobalt", "Juniper", "Northlight", "Meridian", "Saltmarsh", "Copperfield", "Lantern", "Granite",
    "Willow", "Kestrel", "Fathom", "Bramble", "Quarry", "Tidewater", "Ember", "Foxglove", "Halcyon", "Ironwood",
    "Larkspur",
)  # fmt: skip
FIELDS = (
    "Hosting", "Studios", "Logistics", "Dental Care", "Robotics", "Bakery", "Publishing", "Analytics", "Gardens",
    "Legal", "Films", "Outfitters", "Networks", "Architects", "Veterinary",
)  # fmt: skip
LONG_COMPANY = (
    "The Worshipful and Ancient Company of Internet Infrastructure, Domain Registration, Managed Hosting and "
    "Telecommunications Providers of the Greater Northern Counties"
)

# What is billed: description, price in whole US dollars, cycle, how many of a hundred items.
PLANS = (
    ("Managed hosting, Starter", 12, "monthly", 14),
    ("Managed hosting, Business", 49, "monthly", 8),
    ("Dedicated server", 189, "monthly", 3),
    ("Support retainer", 240, "quarterly", 12),
    ("Backup storage, 500 GB", 45, "quarterly", 12),
    ("Domain registration", 18, "yearly", 26),
    ("TLS certificate", 79, "yearly", 13),
    ("Website care plan", 420, "yearly", 6),
    ("Migration", 350, "once", 6),
)

# How many units of the currency make about one US dollar, for believable prices.
PRICE_FACTORS = {"USD": 1, "EUR": 1, "GBP": 1, "JPY": 150, "KWD": 0.3}

# Why credit is given: description, share of the smallest plan, promotional or paid, days until it expires (0: never).
REASONS = (
    ("Downtime on {day}", "0.50", "promotional", 180),
    ("Goodwill: slow support reply", "1.00", "promotional", 90),
    ("Welcome credit", "2.00", "promotional", 60),
    ("Referral reward", "3.00", "promotional", 0),
    ("Prepayment by bank transfer", "12.00", "paid", 0),
    ("Billed twice in {month}", "4.00", "paid", 0),
)
