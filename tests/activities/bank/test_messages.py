"""Messages of the bank as a hostile one would write them: each is refused, within time and memory."""

import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from random import Random
from time import process_time

import pytest
from lxml import etree

from activities.bank import messages
from activities.bank.messages import BankMessage, identify
from activities.bank.statements import read_advices, read_statements
from activities.bank.status_reports import read_status_report
from models.bank_messages import BankFault, BankMessageRefused
from tests.activities.bank.bank_files import MAX_BYTES, advice, document, entry, report, sample, transfer_status
from tests.architecture.repository import ROOT

SCHEMAS = Path(messages.__file__).with_name("schemas")
RELEASE_BYTES = 64 << 20
ATTRIBUTES = " ".join(f"a{n}=''" for n in range(50_000))
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def refusal(content: bytes, max_bytes: int = MAX_BYTES) -> BankFault:
    """Return why a report is refused, within five seconds of processor time."""
    began = process_time()
    with pytest.raises(BankMessageRefused) as refused:
        read_status_report(content, max_bytes=max_bytes)
    assert process_time() - began < 5
    return refused.value.fault


def damaged(content: bytes, random: Random) -> bytes:
    """Return a message of which something is changed, missing or twice there."""
    place, length = random.randrange(len(content)), random.randrange(1, 30)
    before, after = content[:place], content[place:]
    return random.choice(
        (
            before + bytes([random.randrange(256)]) + after[1:],
            before + after[length:],
            before + content[random.randrange(len(content)) :][:length] + after,
        )
    )


@pytest.mark.parametrize("message", BankMessage)
def test_each_schema_is_the_one_that_its_note_states(message: BankMessage) -> None:
    content = (SCHEMAS / f"{message.value}.xsd").read_bytes()
    note = (SCHEMAS / "README.md").read_text("utf-8")
    assert f"| `{message.value}.xsd` | {len(content)} | `{sha256(content).hexdigest()}` |" in note
    assert etree.fromstring(content).get("targetNamespace") == message.namespace


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE Document>",
        '<!DOCTYPE Document SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        f'<!DOCTYPE Document [<!ENTITY l0 "lol">{LAUGHS}]>',
        '<!DOCTYPE Document [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>',
    ],
)
def test_a_document_type_is_refused_whatever_it_declares(doctype: str) -> None:
    assert refusal(report(transfer_status(), before=doctype)) is BankFault.DOCTYPE
    assert refusal(report(transfer_status("&l9;"), before=doctype)) is BankFault.DOCTYPE


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_document_type_does_not_hide_in_another_encoding(encoding: str) -> None:
    hidden = report(before=f'<!DOCTYPE Document [<!ENTITY l0 "lol">{LAUGHS}]>').decode()
    assert refusal(hidden.encode(encoding)) is BankFault.MALFORMED
    declared = hidden.replace('version="1.0"', f'version="1.0" encoding="{encoding}"')
    assert refusal(declared.encode(encoding)) is BankFault.MALFORMED


def test_an_encoding_that_is_only_declared_changes_nothing() -> None:
    declared = report(transfer_status()).replace(b'version="1.0"', b'version="1.0" encoding="utf-7"')
    assert read_status_report(declared, max_bytes=MAX_BYTES) == read_status_report(
        report(transfer_status()), max_bytes=MAX_BYTES
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" ",
        b"not XML",
        b"<",
        b"\x00" * 100,
        b"\xff\xfe<a/>",
        report()[:-5],
        report() + b"<a/>",
        report(transfer_status("&undeclared;")),
        report(transfer_status("\x01")),
        report(transfer_status()).replace(b"ACCP", b"\xe9\xe9"),
        report("<TxInfAndSts/>" * 2).replace(b"<TxInfAndSts/>", b"<TxInfAndSts>", 1),
        document(BankMessage.STATUS_REPORT, ""),
        document(BankMessage.STATUS_REPORT, "<a>" * 10_000 + "</a>" * 10_000),
        document(BankMessage.STATUS_REPORT, f"<a {ATTRIBUTES}/>"),
    ],
)
def test_what_is_no_message_is_refused(content: bytes) -> None:
    assert refusal(content) is BankFault.MALFORMED


def test_a_message_is_refused_wherever_it_is_cut() -> None:
    content = report(transfer_status())
    for length in range(len(content)):
        assert refusal(content[:length]) is BankFault.MALFORMED, length


def test_what_is_read_as_a_stream_is_what_is_valid_as_a_whole() -> None:
    schema = etree.XMLSchema(file=str(SCHEMAS / f"{BankMessage.STATUS_REPORT.value}.xsd"))
    random = Random(20)
    for _ in range(2_000):
        content = damaged(report(transfer_status() + transfer_status("RJCT", "AC04")), random)
        try:
            valid = schema.validate(etree.fromstring(content, etree.XMLParser(encoding="utf-8")))
        except etree.XMLSyntaxError:
            valid = False
        try:
            read = bool(read_status_report(content, max_bytes=MAX_BYTES))
        except BankMessageRefused:
            read = False
        assert read == valid, content


@pytest.mark.parametrize(
    "content",
    [
        b"<Document/>",
        b"<html/>",
        report().replace(b"pain.002.001.10", b"pain.002.001.03"),
        report().replace(b"Document", b"Documents"),
        advice(),
        document(BankMessage.ORDER, ""),
    ],
)
def test_another_message_is_refused_as_such(content: bytes) -> None:
    assert refusal(content) is BankFault.OTHER_MESSAGE


def test_what_banks_tell_one_another_is_refused_and_says_where_a_return_is_read() -> None:
    """The sample is a return (pacs.004) of the counterpart, which tells it in an advice too."""
    assert refusal(sample("interbank_return")) is BankFault.BETWEEN_BANKS
    (advised,) = read_advices(sample("returned"), max_bytes=MAX_BYTES)
    assert [each.return_reason for each in advised.entries] == ["MD07"]


def test_a_document_type_is_refused_before_a_parser_asks_which_message_it_is() -> None:
    content = report(before=f'<!DOCTYPE Document [<!ENTITY l0 "lol">{LAUGHS}]>')
    with pytest.raises(BankMessageRefused) as refused:
        identify(content)
    assert refused.value.fault is BankFault.DOCTYPE


def test_no_caller_has_a_larger_message_parsed_than_any_may_be() -> None:
    content = report() + b" " * messages.MAX_BYTES
    assert refusal(content, max_bytes=len(content)) is BankFault.TOO_LARGE
    with pytest.raises(BankMessageRefused) as refused:
        identify(content)
    assert refused.value.fault is BankFault.TOO_LARGE


def test_a_message_is_known_by_its_root_not_by_its_name() -> None:
    assert identify(report()) is BankMessage.STATUS_REPORT
    assert identify(b"\xef\xbb\xbf<!-- a comment -->" + advice()[len('<?xml version="1.0"?>') :]) is BankMessage.ADVICE


def test_a_message_above_the_size_that_is_allowed_is_not_even_parsed() -> None:
    assert refusal(report(), max_bytes=len(report()) - 1) is BankFault.TOO_LARGE
    assert read_status_report(report(), max_bytes=len(report())).original_id == "run-1"


@pytest.mark.parametrize(
    "flood",
    ["<a/>" * 2_000_000, "x" * 8_000_000, f"<a>{'<b/>' * 2_000_000}</a>", "<!-- -->" * 1_000_000, " " * 8_000_000],
    ids=["elements", "text", "one element", "comments", "blanks"],
)
def test_a_flood_within_the_size_that_is_allowed_is_refused_before_it_fills_the_memory(flood: str) -> None:
    content = document(BankMessage.STATUS_REPORT, f"<CstmrPmtStsRpt><SplmtryData><Envlp>{flood}")
    assert refusal(content, RELEASE_BYTES) is BankFault.TOO_LARGE


def test_records_are_counted_whatever_they_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "MAX_RECORDS", 100)
    assert len(read_status_report(report(transfer_status() * 90), max_bytes=MAX_BYTES).transfers) == 90
    assert refusal(report(transfer_status() * 100)) is BankFault.TOO_LARGE
    assert refusal(report("<TxInfAndSts/>" * 100)) is BankFault.TOO_LARGE


MEASURED = """
from resource import RUSAGE_SELF, getrusage
from activities.bank.statements import read_advices
from models.bank_messages import BankMessageRefused
from tests.activities.bank.bank_files import advice, entry

contents = advice(entry("1.00") * 20_000), advice(f"<SplmtryData><Envlp>{'<a/>' * 2_000_000}")
read_advices(advice(), max_bytes=1 << 20)
before = getrusage(RUSAGE_SELF).ru_maxrss
for content in contents:
    try:
        assert len(read_advices(content, max_bytes=64 << 20)[0].entries) == 20_000
    except BankMessageRefused as refused:
        print(refused, (getrusage(RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_neither_many_entries_nor_a_flood_make_a_tree_in_memory() -> None:
    """Whole trees of both would take 280 MiB; what they are made of is there before the measure."""
    done = subprocess.run([sys.executable, "-c", MEASURED], cwd=ROOT, capture_output=True, text=True, check=True)
    fault, grown = done.stdout.split()
    assert fault == BankFault.TOO_LARGE
    assert int(grown) < 80


@pytest.mark.parametrize("reader", [read_advices, read_statements, read_status_report])
def test_no_refusal_quotes_what_the_bank_wrote(reader: object) -> None:
    assert callable(reader)
    for content in (report(transfer_status("SECRET")), b"<SECRET", advice(entry("SECRET"))):
        with pytest.raises(BankMessageRefused) as refused:
            reader(content, max_bytes=MAX_BYTES)
        assert refused.value.__cause__ is None
        assert refused.value.__suppress_context__ or refused.value.__context__ is None
        assert not re.search("SECRET", str(refused.value))
