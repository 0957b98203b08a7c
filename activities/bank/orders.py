"""Orders of transfers to the bank (pain.001.001.09): one file, one batch of an account and a day, written as a stream.

The same order gives the same bytes: identifiers and instants are the caller’s, and nothing is drawn or read here.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import BinaryIO, Final, NamedTuple

from lxml import etree

from activities.bank.messages import BankMessage, cents_of, number_of, records
from activities.bank.sepa_text import MAX_TEXT_LENGTH, identifier, sepa_name, sepa_text
from law.amounts import of_cents
from models.bank_messages import BankFault, BankMessageRefused

MAX_CENTS: Final = 99_999_999_999
"""The highest amount of one transfer (SEPA): 999,999,999.99 euros."""
NO_BIC: Final = "NOTPROVIDED"
_HEADER, _TRANSFER = "CstmrCdtTrfInitn/GrpHdr", "CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf"


class Purpose(StrEnum):
    """What a transfer is for, as its payee’s bank is told (external code sets of ISO 20022, purpose).

    Doubt: no text of the agency names the codes; these are those whose definitions fit, and no bank refuses one.
    """

    ALLOWANCE = "GOVT"
    """Payment from a government agency: the allowance, to the establishment. Also that of a whole batch."""
    INDEMNITY = "SSBE"
    """Social security benefit: what an employee is paid directly."""


class Debtor(NamedTuple):
    """The account that pays; without its BIC the bank finds itself by the IBAN."""

    name: str
    iban: str
    bic: str | None = None


class Order(NamedTuple):
    """What a file says of itself; `transfers` and `cents` are counted before it is written, which checks them."""

    id: str
    created_at: datetime
    execute_on: date
    initiator: str
    debtor: Debtor
    transfers: int
    cents: int


class Transfer(NamedTuple):
    """One transfer; `text` is what the payee reads beside the amount, maybe empty."""

    end_to_end: str
    payee: str
    iban: str
    cents: int
    text: str
    purpose: Purpose = Purpose.ALLOWANCE


class OrderTotals(NamedTuple):
    """What a written file holds."""

    id: str
    transfers: int
    cents: int


def write_order(file: BinaryIO, order: Order, transfers: Iterable[Transfer]) -> None:
    """Write an order; raises ValueError for what no bank takes or totals that are not those of the order."""
    count = total = 0
    with etree.xmlfile(file, encoding="UTF-8") as xml:
        xml.write_declaration()
        # Elements bear no namespace of their own: written within the root, all are in its default one.
        with xml.element("Document", nsmap={None: BankMessage.ORDER.namespace}), xml.element("CstmrCdtTrfInitn"):
            xml.write(_header(order))
            with xml.element("PmtInf"):
                for part in _batch(order):
                    xml.write(part)
                for each in transfers:
                    xml.write(_transfer(each))
                    count, total = count + 1, total + each.cents
    if (count, total) != (order.transfers, order.cents):
        raise ValueError(f"{count} transfers of {total} cents, not {order.transfers} of {order.cents}")


def check_order(content: bytes) -> OrderTotals:
    """Read an order back under its schema, and return what it holds; raises BankMessageRefused if it is not valid."""
    stated, count, total = ("", 0, 0), 0, 0
    for path, node in records(content, BankMessage.ORDER, (_HEADER, _TRANSFER), max_bytes=len(content)):
        if path == _TRANSFER:
            count, total = count + 1, total + cents_of(node.get("Amt/InstdAmt"))
        else:
            stated = (node.text("MsgId"), number_of(node.get("NbOfTxs")), cents_of(node.get("CtrlSum"), currency=None))
    if stated[1:] != (count, total):
        raise BankMessageRefused(BankFault.DETAILS)
    return OrderTotals(*stated)


def _header(order: Order) -> etree._Element:
    header = etree.Element("GrpHdr")
    _leaf(header, "MsgId", identifier(order.id))
    _leaf(header, "CreDtTm", f"{order.created_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
    _totals(header, order)
    _leaf(header, "InitgPty/Nm", sepa_name(order.initiator))
    return header


def _batch(order: Order) -> list[etree._Element]:
    batch = etree.Element("PmtInf")
    _leaf(batch, "PmtInfId", identifier(order.id))
    _leaf(batch, "PmtMtd", "TRF")
    _leaf(batch, "BtchBookg", "true")
    _totals(batch, order)
    kind = _leaf(batch, "PmtTpInf")
    _leaf(kind, "SvcLvl/Cd", "SEPA")
    _leaf(kind, "CtgyPurp/Cd", Purpose.ALLOWANCE)
    _leaf(batch, "ReqdExctnDt/Dt", order.execute_on.isoformat())
    _leaf(batch, "Dbtr/Nm", sepa_name(order.debtor.name))
    _leaf(batch, "DbtrAcct/Id/IBAN", order.debtor.iban)
    bank = ("BICFI", order.debtor.bic) if order.debtor.bic else ("Othr/Id", NO_BIC)
    _leaf(_leaf(batch, "DbtrAgt/FinInstnId"), *bank)
    _leaf(batch, "ChrgBr", "SLEV")
    return list(batch)


def _transfer(transfer: Transfer) -> etree._Element:
    if not 0 < transfer.cents <= MAX_CENTS:
        raise ValueError(f"no amount of a transfer: {transfer.cents} cents")
    written = etree.Element("CdtTrfTxInf")
    ids = _leaf(written, "PmtId")
    _leaf(ids, "InstrId", identifier(transfer.end_to_end))
    _leaf(ids, "EndToEndId", transfer.end_to_end)
    _leaf(written, "Amt/InstdAmt", str(of_cents(transfer.cents))).set("Ccy", "EUR")
    _leaf(written, "Cdtr/Nm", sepa_name(transfer.payee))
    _leaf(written, "CdtrAcct/Id/IBAN", transfer.iban)
    _leaf(written, "Purp/Cd", transfer.purpose)
    if text := sepa_text(transfer.text, MAX_TEXT_LENGTH):
        _leaf(written, "RmtInf/Ustrd", text)
    return written


def _totals(part: etree._Element, order: Order) -> None:
    _leaf(part, "NbOfTxs", str(order.transfers))
    _leaf(part, "CtrlSum", str(of_cents(order.cents)))


def _leaf(parent: etree._Element, path: str, text: str | None = None) -> etree._Element:
    for name in path.split("/"):
        parent = etree.SubElement(parent, name)
    parent.text = text
    return parent
