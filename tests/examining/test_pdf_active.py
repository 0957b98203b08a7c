"""What a PDF may do is a short list; everything else refuses it, wherever and however it is hidden."""

import pytest
from pikepdf import Array, Dictionary, Name, String

from examining.pdf_scripts import is_field_function
from local.hostile_files import object_stream
from models.examination.shapes import FILE
from tests.examining.conftest import Listening
from tests.examining.pdfs import (
    PLAIN,
    action,
    anywhere,
    attached,
    field,
    indirect_kind,
    link,
    locked,
    made,
    root,
)

SCRIPT = action("JavaScript", JS=String("app.alert(1)"))
HARMLESS = action("JavaScript", JS=String("AFNumber_Format(2, 0, 0, 0, '', false);"))
FACTUR_X = (
    b"<?xml version='1.0' encoding='UTF-8'?><rsm:CrossIndustryInvoice "
    b"xmlns:rsm='urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100' "
    b"xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'/>"
)
XMP = b"<?xpacket begin='' id='W5M0'?><x:xmpmeta xmlns:x='adobe:ns:meta/'/><?xpacket end='w'?>"
ALLOWED = {
    "page at opening": made(lambda pdf: root("OpenAction", Array([pdf.pages[0].obj, Name.Fit]))(pdf)),
    "page at opening, as an action": made(
        lambda pdf: root("OpenAction", action("GoTo", D=Array([pdf.pages[0].obj, Name.Fit])))(pdf)
    ),
    "link to the web": made(link(action("URI", URI=String("https://www.service-public.fr/a")))),
    "link to a person": made(link(action("URI", URI=String("mailto:a@exemple.fr")))),
    "next page": made(link(action("Named", N=Name.NextPage))),
    "date": made(field('AFDate_FormatEx("dd/mm/yyyy");')),
    "date typed": made(field('AFDate_KeystrokeEx("dd/mm/yyyy");', "K")),
    "euros": made(field('AFNumber_Format(2, 2, 0, 0, "\\u20ac", false);')),
    "sum": made(field('AFSimple_Calculate("SUM", new Array ("a", "b"));', "C")),
    "range": made(field("AFRange_Validate(true, 0, true, 100);", "V")),
    "script in a stream": made(field("AFPercent_Format(2, 0);", stream=True)),
    "invoice": made(attached("factur-x.xml", b"<?xml version='1.0'?><rsm:Invoice xmlns:rsm='x'/>")),
    "data": made(attached("donnees.json", b'{"a": 1}')),
    "table": made(attached("a.csv", b"a;b\n1;2")),
    "PDF": made(attached("a.pdf", PLAIN)),
    "attributes of a paragraph": made(anywhere(Dictionary(S=Name.P, A=Dictionary(O=Name.Layout)))),
    "layers": made(link(action("SetOCGState", State=Array()))),
    "empty the form": made(link(action("ResetForm"))),
    "print": made(link(action("Named", N=Name.Print))),
    "print, as a script": made(link(action("JavaScript", JS=String("this.print();")))),
    "link without a scheme": made(link(action("URI", URI=String("www.exemple.fr")))),
    "no named script": made(root("Names", Dictionary(JavaScript=Dictionary(Names=Array())))),
    "no XFA": made(root("AcroForm", Dictionary(Fields=Array(), XFA=Array()))),
    "sound as a structure": made(anywhere(Dictionary(Type=Name.StructElem, S=Name.Sound))),
    "format after a comment": made(field('// deux décimales\nAFNumber_Format(2, 3, 0, 0, "", false);')),
    "two formats": made(field("AFNumber_Keystroke(2, 3, 0, 0, '', false); AFRange_Validate(true, 0, true, 9);", "K")),
    "invoice of the standard": made(attached("factur-x.xml", FACTUR_X)),
    "invoice of the standard, in UTF-16": made(
        attached("factur-x.xml", FACTUR_X.decode().replace("UTF-8", "UTF-16").encode("utf-16"))
    ),
    "invoice of the other standard": made(
        attached("ubl.xml", b"<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/>")
    ),
    "data without a vocabulary": made(
        attached("a.xml", b"<?xml version='1.0'?>\n<!-- a --><paie><ligne n='1'/></paie>")
    ),
    "list": made(attached("a.json", b"[1, 2]")),
    "notes": made(attached("a.txt", b"[1] Avis du CSE\n[2] Bilan")),
    "name with dots": made(attached("S.A.R.L. Dupont, v1.2 du 03.04.2020.pdf", PLAIN)),
    "name of a site": made(attached("export exemple.com.csv", b"a;b\n1;2")),
    "metadata": made(anywhere(lambda pdf: pdf.make_stream(XMP, Type=Name.Metadata, Subtype=Name.XML))),
    "resource of any name": made(anywhere(Dictionary(NA=Dictionary(Type=Name.Font), SV=Dictionary(Type=Name.Font)))),
    "no other presentation": made(root("Names", Dictionary(AlternatePresentations=Dictionary(Names=Array())))),
    "element of the text": made(
        lambda pdf: link(action("GoTo", SD=Array([pdf.make_indirect(Dictionary(S=Name.P)), Name.Fit])))(pdf)
    ),
    "values of a signature": made(anywhere(Dictionary(FT=Name.Sig, SV=Dictionary(Type=Name.SV, Reasons=Array())))),
    "transition": made(anywhere(Dictionary(Type=Name.Trans, S=Name.Split))),
}
REFUSED = {
    "script at opening": made(root("OpenAction", SCRIPT)),
    "harmless script at opening": made(root("OpenAction", HARMLESS)),
    "harmless script of the file": made(root("AA", Dictionary(WC=HARMLESS))),
    "harmless script of a field, at another event": made(field("AFNumber_Format(2);", "Fo")),
    "web at opening": made(root("OpenAction", action("URI", URI=String("https://exemple.fr")))),
    "print at opening": made(root("OpenAction", action("Named", N=Name.Print))),
    "type in another object": made(root("OpenAction", indirect_kind("Launch"))),
    "type of a link in another object": made(link(indirect_kind("JavaScript"))),
    "escaped name": made(anywhere(action("Launch", F=String("a")))).replace(b"/Launch", b"/L#61unch"),
    "named scripts": made(root("Names", Dictionary(JavaScript=Dictionary(Names=Array([String("a"), SCRIPT]))))),
    "unreferenced": made(anywhere(action("Launch", F=String("x")))),
    "nested": made(anywhere(Dictionary(X=Array([Dictionary(Y=action("SubmitForm", F=String("http://x")))])))),
    "object stream": made(anywhere(action("ImportData", F=String("x"))), compact=True),
    "locked for changes": made(anywhere(action("Launch")), compact=True, encryption=locked()),
    "another file": made(link(action("GoToR", F=String("\\\\serveur\\partage\\a.pdf")))),
    "embedded file": made(link(action("GoToE"))),
    "rendition": made(link(action("Rendition"))),
    "chained": made(link(action("GoTo", Next=action("Launch")))),
    "chained in a list": made(link(action("URI", URI=String("https://a.fr"), Next=Array([SCRIPT])))),
    "second action of a widget": made(anywhere(Dictionary(PA=action("Launch")))),
    "rich media": made(anywhere(Dictionary(Type=Name.Annot, Subtype=Name.RichMedia))),
    "film": made(anywhere(Dictionary(Type=Name.Annot, Subtype=Name.Movie))),
    "XFA": made(root("AcroForm", lambda pdf: Dictionary(Fields=Array(), XFA=pdf.make_stream(b"<xdp/>")))),
    "XFA in parts": made(
        root("AcroForm", lambda pdf: Dictionary(Fields=Array(), XFA=Array([String("a"), pdf.make_stream(b"<x/>")])))
    ),
    "event of a page": made(lambda pdf: pdf.pages[0].obj.__setitem__("/AA", Dictionary(O=SCRIPT))),
    "page to page": made(lambda pdf: pdf.pages[0].obj.__setitem__("/AA", Dictionary(O=action("GoTo")))),
    "more than a format": made(field('AFNumber_Format(2); app.launchURL("http://a")')),
    "call inside a format": made(field("AFNumber_Format(app.alert(1))")),
    "file by its address": made(link(action("URI", URI=String("file://serveur/partage/a")))),
    "script by its address": made(link(action("URI", URI=String("javascript:app.alert(1)")))),
    "share by its address": made(link(action("URI", URI=String("\\\\serveur\\partage")))),
    "base of addresses": made(root("URI", Dictionary(Base=String("file://x/")))),
    "content in another file": made(anywhere(lambda pdf: pdf.make_stream(b"x", F=String("\\\\a\\b")))),
    "layers at opening": made(root("OpenAction", action("SetOCGState", State=Array()))),
    "list at opening": made(root("OpenAction", Array([action("URI", URI=String("https://a.fr"))]))),
    "destination that acts": made(
        root("Dests", Dictionary(x=Dictionary(D=Array(), S=Name.URI, URI=String("https://a.fr"))))
    ),
    "related files": made(anywhere(Dictionary(RF=Dictionary(F=Array([String("a.exe")]))))),
    "portfolio": made(root("Collection", Dictionary(View=Name.H))),
    "empty form after another event": made(anywhere(Dictionary(AA=Dictionary(Fo=action("ResetForm"))))),
    "structure that runs": made(link(action("Launch", Type=Name.StructElem))),
    "print and more": made(link(action("JavaScript", JS=String("this.print(); app.alert(1)")))),
    "trailer": made(lambda pdf: pdf.trailer.__setitem__("/OpenAction", SCRIPT)),
    "attached elsewhere": made(
        anywhere(Dictionary(Subtype=Name.FileAttachment, FS=Dictionary(FS=Name.URL, F=String("http://a/a.exe"))))
    ),
    "attached on a share": made(anywhere(Dictionary(Subtype=Name.FileAttachment, FS=String("\\\\a\\b")))),
    "file elsewhere": made(anywhere(Dictionary(Type=Name.Filespec, F=String("a.pdf")))),
    "name that ends otherwise": made(attached("a.bat\0.txt", b"calc")),
    "name that reads backwards": made(attached("a\u202etxt.bat.txt", b"calc")),
    "name of the tree": made(attached("a.txt", b"calc")).replace(b"(a.txt)", b"(a.bat)", 1),
    "name that is none": made(attached("a.txt", b"calc")).replace(b"/F (a.txt)", b"/F /a.txt "),
    "document type": made(attached("a.xml", b"<?xml version='1.0'?><!DOCTYPE r SYSTEM 'http://a/x.dtd'><r/>")),
    "page with a prefix": made(attached("a.xml", b"<x:html xmlns:x='http://www.w3.org/1999/xhtml'/>")),
    "drawing with a prefix": made(attached("a.xml", b"<x:a xmlns:x='http://www.w3.org/2000/svg'/>")),
    "name space in entities": made(attached("a.xml", b"<x:a xmlns:x='http:&#47;/www.w3.org/2000/svg'/>")),
    "other encoding": made(attached("a.xml", b"<?xml version='1.0' encoding='utf-7'?><a/>")),
    "program named image": made(attached("a.jpg", b"\xff\xd8\xffMZ" + bytes(100))),
    "active PDF inside, after a line": made(attached("a.pdf", b"x\n" + made(root("OpenAction", SCRIPT)))),
    "program": made(attached("a.exe", b"MZ" + bytes(100))),
    "program named PDF": made(attached("a.pdf", b"MZ" + bytes(100))),
    "program named text": made(attached("a.txt", b"MZ" + b"a" * 50)),
    "archive": made(attached("a.docm", b"PK\3\4")),
    "script file": made(attached("a.js", b"alert(1)")),
    "page named XML": made(attached("a.xml", b"<html><script>1</script></html>")),
    "active PDF inside": made(attached("a.pdf", made(root("OpenAction", SCRIPT)))),
    "instruction to an office": made(
        attached("a.xml", b"<?xml version='1.0'?><?mso-application progid='Excel.Sheet'?><a/>")
    ),
    "workbook": made(attached("a.xml", b"<Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>")),
    "letter of an office": made(
        attached("a.xml", b"<w:a xmlns:w='http://schemas.microsoft.com/office/word/2003/wordml'/>")
    ),
    "window": made(attached("a.xml", b"<Window xmlns='http://schemas.microsoft.com/winfx/2006/xaml/presentation'/>")),
    "inclusion": made(
        attached("a.xml", b"<a xmlns:i='http://www.w3.org/2001/XInclude'><i:include href='file:///etc/passwd'/></a>")
    ),
    "inclusion, deep": made(attached("a.xml", b"<a><b><c xmlns='http://www.w3.org/2001/XInclude'/></b></a>")),
    "entity of a name": made(attached("a.xml", b"<a>&x;</a>")),
    "text named XML": made(attached("a.xml", b"+ADw-script+AD4-")),
    "other bytes named XML": made(attached("a.xml", "<html/>".encode("cp037"))),
    "text named JSON": made(attached("a.json", b"alert(1)")),
    "shortcut": made(attached("a.txt", b"[InternetShortcut]\r\nURL=file://x\r\n")),
    "shortcut in UTF-16": made(attached("a.txt", "[InternetShortcut]\r\nURL=file://x\r\n".encode("utf-16"))),
    "commands": made(attached("a.txt", b"@echo off\r\ncalc.exe\r\n")),
    **{
        f"name {name!r}": made(attached(name, b"x"))
        for name in (
            "../a.txt",
            "..\\Startup\\a.txt",
            "C:a.txt",
            "a.exe:b.txt",
            "a.exe.txt",
            "a.exe .txt",
            "a.exe                .txt",
            "a.html.csv",
            "a   b.txt",
            ".a.txt",
            "a<b.txt",
        )
    },
    "entities in metadata": made(
        anywhere(lambda pdf: pdf.make_stream(b"<!DOCTYPE a [<!ENTITY b SYSTEM 'c'>]>" + XMP, Type=Name.Metadata))
    ),
    "instruction in metadata": made(
        anywhere(lambda pdf: pdf.make_stream(b"<?xml-stylesheet href='a'?>" + XMP, Type=Name.Metadata))
    ),
    "presentation": made(lambda pdf: pdf.pages[0].obj.__setitem__("/PresSteps", Dictionary(Type=Name.NavNode))),
    "next step of a presentation": made(anywhere(Dictionary(NA=action("URI", URI=String("https://a.fr"))))),
    "other presentation": made(
        root("Names", Dictionary(AlternatePresentations=Dictionary(Names=Array([String("a"), Dictionary()]))))
    ),
    "image on a share": made(anywhere(Dictionary(OPI=Dictionary({"/2.0": Dictionary(F=String("\\\\a\\b.tif"))})))),
    "captured from the web": made(root("SpiderInfo", Dictionary(V=1))),
    "element of another file": made(link(action("GoTo", SD=Array([String("a"), Name.Fit])))),
    "text as a destination": made(link(action("GoTo", SD=String("a")))),
    "address of a certificate": made(
        anywhere(Dictionary(FT=Name.Sig, SV=Dictionary(Cert=Dictionary(URL=String("http://a"), URLType=Name.Browser))))
    ),
    "address of a time-stamp": made(
        anywhere(Dictionary(FT=Name.Sig, SV=Dictionary(TimeStamp=Dictionary(URL=String("http://a")))))
    ),
    "address of a certificate, alone": made(anywhere(Dictionary(Type=Name.SVCert, URL=String("http://a")))),
    "in an object stream of a damaged file": object_stream(b"<</S/Launch/F(x)>>").replace(b"startxref", b"startxxxx"),
}
HIDDEN = {
    "stream that we do not inflate": object_stream(b"<</S/Launch/F(x)>>", filler=200_000_000),
    "unknown filter": object_stream(b"<</S/Launch/F(x)>>", name=b"FlateDecod2"),
}


@pytest.mark.parametrize("name", ALLOWED)
def test_an_ordinary_document_or_form_is_taken(examining: Listening, name: str) -> None:
    assert examining.client.examine(FILE, ALLOWED[name]).media_type == "application/pdf"


@pytest.mark.parametrize("name", REFUSED)
def test_whatever_acts_is_refused(examining: Listening, name: str) -> None:
    assert examining.client.examine(FILE, REFUSED[name]).refusal == "pdf-active"


@pytest.mark.parametrize(
    "address", ["file:///C:/Users/a/avis.docx", "annexe.pdf", "\\\\serveur\\partage", "//serveur/a", "C:\\a"]
)
def test_a_link_to_a_file_is_said_to_be_one(examining: Listening, address: str) -> None:
    verdict = examining.client.examine(FILE, made(link(action("URI", URI=String(address)))))
    assert (verdict.refusal, verdict.recognised) == ("pdf-active", "file-link")


@pytest.mark.parametrize("name", HIDDEN)
def test_what_cannot_be_looked_into_is_refused(examining: Listening, name: str) -> None:
    assert examining.client.examine(FILE, HIDDEN[name]).refusal == "file-broken"


@pytest.mark.parametrize(
    "script",
    [
        "AFDate_Format(4);",
        "AFTime_FormatEx('HH:MM')",
        'AFSpecial_KeystrokeEx("99 99");',
        "AFPercent_Format(2, 0, true);",
        ' AFSimple_Calculate ( "AVG" , ["a", "b.c"] ) ',
    ],
)
def test_a_call_of_a_format_with_constants_is_known(script: str) -> None:
    assert is_field_function(String(script))


@pytest.mark.parametrize(
    "script",
    [
        "",
        "AFDate_Format",
        "AFDate_Format(x)",
        "AFDate_Format(4)(5)",
        "AFDate_Format(4) AFDate_Format(4)",
        "AFDate_Format(4);app.alert(1);",
        "// a\u2028app.alert(1)\nAFDate_Format(4)",
        "// AFDate_Format(4)",
        "AFDate_Format('a' + app)",
        "AFDate_Format('\\'); app.alert(1); ('')",
        "AFDate_Format(4) // x",
        "AFMergeChange(event)",
        "AFDate_Format(`${app.alert(1)}`)",
        "AFDate_Format(" + "1," * 5_000 + "1)",
    ],
)
def test_anything_more_is_not(script: str) -> None:
    assert not is_field_function(String(script))
