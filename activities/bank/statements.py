"""What the bank booked: advices of a day (camt.054.001.08) and statements between two balances (camt.053.001.08).

Only booked entries are read (`Sts` BOOK): pending ones come again. An entry that groups transfers is read as its
transfers, whose amounts must make its own; else it is read as a whole, which no payment matches. So is one of which a
transfer has no identifier, which may be the debit of its run. One that cannot be booked (another currency, nothing,
more than the register keeps) is set aside alone.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from activities.bank.messages import BankMessage, Node, cents_of, day_of, number_of, records
from activities.bank.status_reports import find_identifier
from models.bank_messages import (
    MAX_CENTS,
    Advice,
    BankFault,
    BankMessageRefused,
    BookedEntry,
    SetAside,
    Statement,
)

BOOKED: Final = "BOOK"
OPENING: Final = ("OPBD", "PRCD")
"""The opening balance, or else the closing one of the statement before."""
CLOSING: Final = ("CLBD",)


class _Detail(NamedTuple):
    """One transfer of an entry; what it does not say is the entry’s. `fault` if its amount cannot be read."""

    credit: bool | None
    cents: int | None
    fault: BankFault | None
    end_to_end: str | None
    batch: str | None
    return_reason: str | None
    bank_reference: str | None


class _Account:
    """What was read of an account so far; details come before the entry that they are of."""

    def __init__(self) -> None:
        self.entries: list[BookedEntry] = []
        self.set_aside: list[SetAside] = []
        self.details: list[_Detail] = []

    def add(self, node: Node) -> None:
        """Take an entry with its details, if it is booked."""
        if node.find_text("Sts/Cd") == BOOKED:
            for each in _entries(node, self.details):
                if isinstance(each, SetAside):
                    self.set_aside.append(each)
                else:
                    self.entries.append(each)
        self.details.clear()


def read_advices(content: bytes, *, max_bytes: int) -> tuple[Advice, ...]:
    """Return the advices of a message, one an account; raises BankMessageRefused if it is not valid."""
    found = _accounts(content, BankMessage.ADVICE, "BkToCstmrDbtCdtNtfctn/Ntfctn", max_bytes)
    return tuple(
        Advice(node.text("Id"), _account(node), tuple(read.entries), tuple(read.set_aside)) for node, read in found
    )


def read_statements(content: bytes, *, max_bytes: int) -> tuple[Statement, ...]:
    """Return the statements of a message, one an account; raises BankMessageRefused, also if one does not balance."""
    found = _accounts(content, BankMessage.STATEMENT, "BkToCstmrStmt/Stmt", max_bytes)
    return tuple(_statement(node, read) for node, read in found)


def _accounts(content: bytes, message: BankMessage, account: str, max_bytes: int) -> Iterator[tuple[Node, _Account]]:
    """Yield each account of a message with its booked entries."""
    entry = f"{account}/Ntry"
    detail = f"{entry}/NtryDtls/TxDtls"
    read = _Account()
    for path, node in records(content, message, (account, entry, detail), max_bytes=max_bytes):
        if path == detail:
            read.details.append(_detail(node))
        elif path == entry:
            read.add(node)
        else:
            yield node, read
            read = _Account()


def _statement(node: Node, read: _Account) -> Statement:
    opening, closing = _balance(node, OPENING), _balance(node, CLOSING)
    moved = [*(each.signed_cents for each in read.entries), *(each.signed_cents for each in read.set_aside)]
    known = [each for each in moved if each is not None]
    if len(known) == len(moved) and opening + sum(known) != closing:
        raise BankMessageRefused(BankFault.BALANCE)
    number = node.find("ElctrncSeqNb") or node.find("LglSeqNb")
    return Statement(
        id=node.text("Id"),
        account=_account(node),
        number=number_of(number) if number else None,
        opening_cents=opening,
        closing_cents=closing,
        entries=tuple(read.entries),
        set_aside=tuple(read.set_aside),
    )


def _account(node: Node) -> str:
    return node.find_text("Acct/Id/IBAN") or node.text("Acct/Id/Othr/Id")


def _balance(node: Node, kinds: tuple[str, ...]) -> int:
    found = {each.find_text("Tp/CdOrPrtry/Cd"): each for each in node.all("Bal")}
    balance = next((found[kind] for kind in kinds if kind in found), None)
    if balance is None:
        raise BankMessageRefused(BankFault.BALANCE)
    cents = cents_of(balance.get("Amt"))
    return cents if _is_credit(balance) else -cents


def _is_credit(node: Node) -> bool:
    return node.text("CdtDbtInd") == "CRDT"


def _entries(entry: Node, details: list[_Detail]) -> Iterator[BookedEntry | SetAside]:
    """Yield an entry, or each transfer of it if these make its amount; what no register can book as set aside."""
    try:
        whole = BookedEntry(
            credit=_is_credit(entry),
            cents=cents_of(entry.get("Amt")),
            booked_on=day_of(entry.get("BookgDt")),
            end_to_end=None,
            batch=find_identifier(entry, "NtryDtls/Btch/PmtInfId") or find_identifier(entry, "NtryDtls/Btch/MsgId"),
            return_reason=None,
            bank_reference=find_identifier(entry, "AcctSvcrRef"),
        )
    except BankMessageRefused as refused:
        yield SetAside(refused.fault, None, _day(entry), find_identifier(entry, "AcctSvcrRef"))
        return
    for each in _numbered(_transfers(whole, details)):
        if 0 < each.cents <= MAX_CENTS:
            yield each
        else:
            found_by = each.detail_reference or each.bank_reference
            yield SetAside(BankFault.AMOUNT, each.signed_cents, each.booked_on, found_by)


def _transfers(whole: BookedEntry, details: list[_Detail]) -> list[BookedEntry]:
    """Return the transfers of an entry; itself where one of several has no identifier, or they do not make its amount.

    A transfer beside others is never the debit of their run, whatever run it names.
    """
    if not details:
        return [whole]
    parts = [part for each in details if (part := _part(whole, each, alone=len(details) == 1))]
    if len(parts) < len(details) or sum(each.signed_cents for each in parts) != whole.signed_cents:
        return [whole._replace(batch=None)]
    if len(parts) > 1 and not all(each.end_to_end for each in parts):
        named = {each.batch for each in details}
        return [whole._replace(batch=whole.batch or (named.pop() if len(named) == 1 else None))]
    return parts


def _numbered(parts: list[BookedEntry]) -> Iterator[BookedEntry]:
    """Yield the transfers of an entry, those that bear one identifier numbered in their order."""
    seen = Counter[tuple[str | None, bool]]()
    for each in parts:
        yield each._replace(nth=seen[each.end_to_end, each.credit])
        seen[each.end_to_end, each.credit] += 1


def _day(entry: Node) -> date | None:
    """Return the day of an entry that is set aside, if it says one."""
    try:
        return day_of(entry.get("BookgDt"))
    except BankMessageRefused:
        return None


def _part(whole: BookedEntry, detail: _Detail, *, alone: bool) -> BookedEntry | None:
    """Return a transfer of an entry; None if its amount is not known."""
    cents = detail.cents if detail.cents is not None or not alone else whole.cents
    if cents is None or detail.fault:
        return None
    return whole._replace(
        credit=whole.credit if detail.credit is None else detail.credit,
        cents=cents,
        end_to_end=detail.end_to_end,
        batch=(detail.batch or whole.batch) if alone else None,
        return_reason=detail.return_reason,
        detail_reference=detail.bank_reference,
    )


def _detail(node: Node) -> _Detail:
    sign = node.find("CdtDbtInd")
    cents, fault = _amount(node.find("Amt"))
    return _Detail(
        credit=_is_credit(node) if sign else None,
        cents=cents,
        fault=fault,
        end_to_end=find_identifier(node, "Refs/EndToEndId"),
        batch=find_identifier(node, "Refs/PmtInfId") or find_identifier(node, "Refs/MsgId"),
        return_reason=node.find_text("RtrInf/Rsn/Cd") or node.find_text("RtrInf/Rsn/Prtry"),
        bank_reference=find_identifier(node, "Refs/AcctSvcrRef"),
    )


def _amount(node: Node | None) -> tuple[int | None, BankFault | None]:
    """Return an amount, None where none is stated, and why it cannot be read."""
    try:
        return (cents_of(node) if node else None), None
    except BankMessageRefused as refused:
        return None, refused.fault
