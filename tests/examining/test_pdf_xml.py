"""XML inside a PDF is data, of the vocabularies of invoices and payments or of none."""

import pytest

from examining.pdf_xml import check_metadata, is_data, looks_like
from examining.refused import Refused


@pytest.mark.parametrize(
    "content",
    [
        b"<a/>",
        b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>",
        "<a>é</a>".encode("utf-16"),
        b"<a xmlns='urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100'/>",
        b"<a xmlns:b='urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2'><b:c/></a>",
        b"<Document xmlns='urn:iso:std:iso:20022:tech:xsd:pain.001.001.03'/>",
    ],
)
def test_data_are_taken(content: bytes) -> None:
    assert looks_like(content)
    assert is_data(content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<a>",
        b"<a/><b/>",
        b"<!DOCTYPE a><a/>",
        b"<?mso-application progid='Word.Document'?><a/>",
        b"<a><?php x?></a>",
        b"<a xmlns='http://www.w3.org/1999/xhtml'/>",
        b"<a xmlns='http:&#47;/www.w3.org/1999/xhtml'/>",
        b"<a xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>",
        b"<a><b xmlns:i='http://www.w3.org/2001/XInclude'/></a>",
    ],
)
def test_whatever_a_program_may_take_for_more_is_not(content: bytes) -> None:
    assert not is_data(content)


def test_metadata_have_packets_and_nothing_else() -> None:
    check_metadata(b"\xef\xbb\xbf<?xpacket begin=''?><x/><?xpacket end='w'?>")
    for content in (b"<!doctype a>", b"<!ENTITY a 'b'>", b"<?mso-application a?>", "<!ENTITY a>".encode("utf-16")):
        with pytest.raises(Refused):
            check_metadata(content)
