"""Messages as a bank writes them: small ones, and samples of the counterpart mock-bank 0.9 for an order of ours."""

from collections.abc import Iterable
from pathlib import Path

from activities.bank.messages import BankMessage

ASP_IBAN = "FR7630001007941234567890185"
PAID = "034AQHV02-202104-01-01-00000-1"
MAX_BYTES = 1 << 20


def sample(name: str) -> bytes:
    """Return what the counterpart wrote of three transfers: executed, to a closed account, and come back."""
    return (Path(__file__).parent / "samples" / f"{name}.xml").read_bytes()


def document(message: BankMessage, content: str, before: str = "") -> bytes:
    """Return a message, with what may stand before its root."""
    return f'<?xml version="1.0"?>{before}<Document xmlns="{message.namespace}">{content}</Document>'.encode()


def transfer_status(status: str = "ACCP", reason: str = "", end_to_end: str = PAID) -> str:
    """Return what a report says of one transfer."""
    why = f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn><AddtlInf>a text</AddtlInf></StsRsnInf>" if reason else ""
    return (
        f"<TxInfAndSts><OrgnlInstrId>{end_to_end}</OrgnlInstrId><OrgnlEndToEndId>{end_to_end}</OrgnlEndToEndId>"
        f"<TxSts>{status}</TxSts>{why}</TxInfAndSts>"
    )


def report(transfers: str = "", status: str = "PART", reasons: Iterable[str] = (), before: str = "") -> bytes:
    """Return a report on the file `run-1`; its one batch is there if transfers are."""
    why = "".join(f"<StsRsnInf><Rsn><Cd>{each}</Cd></Rsn></StsRsnInf>" for each in reasons)
    batch = (
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>run-1</OrgnlPmtInfId><PmtInfSts>{status}</PmtInfSts>{transfers}"
        "</OrgnlPmtInfAndSts>"
    )
    content = (
        "<CstmrPmtStsRpt><GrpHdr><MsgId>P2-1</MsgId><CreDtTm>2021-05-10T08:00:00+02:00</CreDtTm></GrpHdr>"
        "<OrgnlGrpInfAndSts><OrgnlMsgId>run-1</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>"
        f"<GrpSts>{status}</GrpSts>{why}</OrgnlGrpInfAndSts>{batch if transfers else ''}</CstmrPmtStsRpt>"
    )
    return document(BankMessage.STATUS_REPORT, content, before)


def detail(amount: str = "", sign: str = "", end_to_end: str = PAID, more: str = "") -> str:
    """Return one transfer of an entry."""
    said = f'<Amt Ccy="EUR">{amount}</Amt>' if amount else ""
    said += f"<CdtDbtInd>{sign}</CdtDbtInd>" if sign else ""
    return f"<TxDtls><Refs><PmtInfId>run-1</PmtInfId><EndToEndId>{end_to_end}</EndToEndId></Refs>{said}{more}</TxDtls>"


def returned(code: str) -> str:
    """Return why a transfer came back."""
    return f"<RtrInf><Rsn><Cd>{code}</Cd></Rsn></RtrInf>"


def entry(
    amount: str = "1234.56",
    sign: str = "DBIT",
    details: str = "",
    *,
    status: str = "BOOK",
    currency: str = "EUR",
    day: str = "<Dt>2021-05-11</Dt>",
) -> str:
    """Return one movement of an account."""
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts><Cd>{status}</Cd></Sts>'
        f"<BookgDt>{day}</BookgDt><BkTxCd><Prtry><Cd>SCT</Cd></Prtry></BkTxCd>"
        f"{f'<NtryDtls>{details}</NtryDtls>' if details else ''}</Ntry>"
    )


def advice(*entries: str) -> bytes:
    """Return an advice of one account."""
    return document(
        BankMessage.ADVICE,
        "<BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>C4-1</MsgId><CreDtTm>2021-05-11T20:00:00Z</CreDtTm></GrpHdr>"
        f"<Ntfctn><Id>C4-1</Id><Acct><Id><IBAN>{ASP_IBAN}</IBAN></Id></Acct>{''.join(entries)}</Ntfctn>"
        "</BkToCstmrDbtCdtNtfctn>",
    )


def balance(kind: str, amount: str, sign: str = "CRDT") -> str:
    """Return a balance of a statement."""
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy='EUR'>{amount}</Amt>"
        f"<CdtDbtInd>{sign}</CdtDbtInd><Dt><Dt>2021-05-11</Dt></Dt></Bal>"
    )


def statement(balances: str, *entries: str, more: str = "") -> bytes:
    """Return the statement number 7 of one account."""
    return document(
        BankMessage.STATEMENT,
        "<BkToCstmrStmt><GrpHdr><MsgId>C3-7</MsgId><CreDtTm>2021-05-11T20:00:00Z</CreDtTm></GrpHdr>"
        f"<Stmt><Id>C3-7</Id><ElctrncSeqNb>7</ElctrncSeqNb><Acct><Id><IBAN>{ASP_IBAN}</IBAN></Id></Acct>"
        f"{balances}{''.join(entries)}</Stmt>{more}</BkToCstmrStmt>",
    )
