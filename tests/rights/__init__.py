"""docs/rights.md: which role may open and send what, compared with what each view says and with what is answered."""
