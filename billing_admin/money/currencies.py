"""Today's currencies and how many places each has.

Source: ISO 4217 (active, legal tender) as carried by py-moneyed and CLDR; a test compares them.
"""

_NO_PLACES = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF "
_TWO_PLACES = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY "
    "COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF "
    "IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR "
    "MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG "
    "SEK SGD SHP SLE SOS SRD SSP STN SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD "
    "YER ZAR ZMW "
)
_THREE_PLACES = "BHD IQD JOD KWD LYD OMR TND "

# Currency code → number of decimal places ("minor units"): JPY 0, USD 2, KWD 3.
CURRENCIES: dict[str, int] = dict(
    sorted(
        [(code, 0) for code in _NO_PLACES.split()]
        + [(code, 2) for code in _TWO_PLACES.split()]
        + [(code, 3) for code in _THREE_PLACES.split()]
    )
)
