"""Status reports of the bank (pain.002.001.10): what it took or rejected of one file of ours."""

from typing import Final

from activities.bank.messages import BankMessage, Node, records
from models.bank_messages import (
    BankFault,
    BankMessageRefused,
    BatchReport,
    Judgement,
    StatusReport,
    TransferReport,
)

NOT_PROVIDED: Final = "NOTPROVIDED"
_GROUP: Final = "CstmrPmtStsRpt/OrgnlGrpInfAndSts"
_BATCH: Final = "CstmrPmtStsRpt/OrgnlPmtInfAndSts"
_TRANSFER: Final = f"{_BATCH}/TxInfAndSts"
_HEADER: Final = "CstmrPmtStsRpt/GrpHdr"


def read_status_report(content: bytes, *, max_bytes: int) -> StatusReport:
    """Return what a report says; raises BankMessageRefused if it is not valid, or larger than allowed."""
    report, batches, transfers = None, list[BatchReport](), list[TransferReport]()
    name = ""
    for path, node in records(
        content, BankMessage.STATUS_REPORT, (_HEADER, _GROUP, _TRANSFER, _BATCH), max_bytes=max_bytes
    ):
        if path == _HEADER:
            name = node.text("MsgId")
        elif path == _GROUP:
            report = StatusReport(
                name, node.text("OrgnlMsgId"), node.text("OrgnlMsgNmId"), _judgement(node, "GrpSts"), (), ()
            )
        elif path == _TRANSFER:
            stated = find_identifier(node, "OrgnlEndToEndId")
            batch = node.parent().text("OrgnlPmtInfId")
            transfers.append(TransferReport(batch, stated, _judgement(node, "TxSts")))
        else:
            batches.append(BatchReport(node.text("OrgnlPmtInfId"), _judgement(node, "PmtInfSts")))
    if report is None:
        raise BankMessageRefused(BankFault.MALFORMED)
    return report._replace(batches=tuple(batches), transfers=tuple(transfers))


def find_identifier(node: Node, path: str) -> str | None:
    """Return an identifier, None for the word that banks write in its place."""
    stated = node.find_text(path)
    return None if stated == NOT_PROVIDED else stated


def _judgement(node: Node, path: str) -> Judgement:
    reasons = (
        reason.find_text("Cd") or reason.find_text("Prtry")
        for information in node.all("StsRsnInf")
        if (reason := information.find("Rsn"))
    )
    return Judgement(node.find_text(path), tuple(each for each in reasons if each))
