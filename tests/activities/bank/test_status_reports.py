"""Status reports: what the bank took or rejected of a file of ours."""

import pytest

from activities.bank.status_reports import read_status_report
from models.bank_messages import (
    BankFault,
    BankMessageRefused,
    BatchReport,
    Judgement,
    StatusReport,
    TransferReport,
)
from tests.activities.bank.bank_files import MAX_BYTES, PAID, report, sample, transfer_status

OTHER = f"{PAID[:-1]}2"


def test_a_report_says_what_became_of_the_file_the_batch_and_each_transfer() -> None:
    content = report(transfer_status() + transfer_status("RJCT", "AC04", OTHER))
    assert read_status_report(content, max_bytes=MAX_BYTES) == StatusReport(
        id="P2-1",
        original_id="run-1",
        original_message="pain.001.001.09",
        judgement=Judgement("PART"),
        batches=(BatchReport("run-1", Judgement("PART")),),
        transfers=(
            TransferReport("run-1", PAID, Judgement("ACCP")),
            TransferReport("run-1", OTHER, Judgement("RJCT", ("AC04",))),
        ),
    )


def test_the_report_of_the_counterpart_is_read() -> None:
    read = read_status_report(sample("report"), max_bytes=MAX_BYTES)
    assert (read.original_id, read.judgement.status) == ("run-20210510-2", "PART")
    assert [(each.end_to_end, each.judgement) for each in read.transfers] == [
        (PAID, Judgement("ACCP")),
        ("034AQHV02-202104-01-01-00001-1", Judgement("RJCT", ("AC04",))),
        ("034AQHV02-202104-01-01-00002-1", Judgement("ACCP")),
    ]


def test_a_file_that_is_rejected_as_a_whole_has_its_reasons_and_no_transfer() -> None:
    read = read_status_report(report(status="RJCT", reasons=("AM05", "NARR")), max_bytes=MAX_BYTES)
    assert read.judgement == Judgement("RJCT", ("AM05", "NARR"))
    assert (read.batches, read.transfers) == ((), ())


def test_a_transfer_without_an_identifier_of_ours_is_said_to_have_none() -> None:
    read = read_status_report(report(transfer_status(end_to_end="NOTPROVIDED")), max_bytes=MAX_BYTES)
    assert [each.end_to_end for each in read.transfers] == [None]


def test_reasons_of_the_bank_s_own_are_read_as_it_writes_them() -> None:
    content = report(status="RJCT", reasons=["AM05"]).replace(b"<Cd>AM05</Cd>", b"<Prtry>DOUBLON</Prtry>")
    assert read_status_report(content, max_bytes=MAX_BYTES).judgement.reasons == ("DOUBLON",)


def test_many_transfers_are_all_read() -> None:
    content = report(transfer_status() * 3_000)
    read = read_status_report(content, max_bytes=MAX_BYTES)
    assert {each.batch for each in read.transfers} == {"run-1"}
    assert len(read.transfers) == 3_000


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"<OrgnlMsgId>run-1</OrgnlMsgId>", b""),
        (b"<OrgnlPmtInfId>run-1</OrgnlPmtInfId>", b""),
        (b"<TxSts>ACCP</TxSts>", b"<TxSts>ACCPT</TxSts>"),
        (b"<MsgId>P2-1</MsgId>", b"<MsgId></MsgId>"),
        (b"</OrgnlGrpInfAndSts>", b""),
    ],
)
def test_a_report_that_breaks_its_schema_is_refused_as_a_whole(before: bytes, after: bytes) -> None:
    content = report(transfer_status())
    assert before in content
    with pytest.raises(BankMessageRefused) as refused:
        read_status_report(content.replace(before, after), max_bytes=MAX_BYTES)
    assert refused.value.fault is BankFault.MALFORMED
