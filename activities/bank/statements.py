"""What the bank booked: advices of a day (camt.054.001.08) and statements between two balances (camt.053.001.08).

Only booked entries are read (`Sts` BOOK): pending ones come again. An entry that groups transfers is read as its
transfers, whose amounts must make its own.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from activities.bank.messages import BankMessage, Node, cents_of, day_of, number_of, records
from activities.bank.status_reports import find_identifier
from models.bank_messages import Advice, BankFault, BankMessageRefused, BookedEntry, Statement

BOOKED: Final = "BOOK"
OPENING: Final = ("OPBD", "PRCD")
"""The opening balance, or else the closing one of the statement before."""
CLOSING: Final = ("CLBD",)


class _Detail(NamedTuple):
    """One transfer of an entry; what it does not say is the entry’s."""

    credit: bool | None
    cents: int | None
    end_to_end: str | None
    batch: str | None
    return_reason: str | None
    bank_reference: str | None


def read_advices(content: bytes, *, max_bytes: int) -> tuple[Advice, ...]:
    """Return the advices of a message, one an account; raises BankMessageRefused if any of it is not valid."""
    found = _accounts(content, BankMessage.ADVICE, "BkToCstmrDbtCdtNtfctn/Ntfctn", max_bytes)
    return tuple(Advice(node.text("Id"), _account(node), entries) for node, entries in found)


def read_statements(content: bytes, *, max_bytes: int) -> tuple[Statement, ...]:
    """Return the statements of a message, one an account; raises BankMessageRefused, also if one does not balance."""
    found = _accounts(content, BankMessage.STATEMENT, "BkToCstmrStmt/Stmt", max_bytes)
    return tuple(_statement(node, entries) for node, entries in found)


def _accounts(
    content: bytes, message: BankMessage, account: str, max_bytes: int
) -> Iterator[tuple[Node, tuple[BookedEntry, ...]]]:
    """Yield each account of a message with its booked entries."""
    entry = f"{account}/Ntry"
    detail = f"{entry}/NtryDtls/TxDtls"
    entries, details = list[BookedEntry](), list[_Detail]()
    for path, node in records(content, message, (account, entry, detail), max_bytes=max_bytes):
        if path == detail:
            details.append(_detail(node))
        elif path == entry:
            if node.find_text("Sts/Cd") == BOOKED:
                entries.extend(_entries(node, details))
            details.clear()
        else:
            yield node, tuple(entries)
            entries.clear()


def _statement(node: Node, entries: tuple[BookedEntry, ...]) -> Statement:
    opening, closing = _balance(node, OPENING), _balance(node, CLOSING)
    if opening + sum(each.signed_cents for each in entries) != closing:
        raise BankMessageRefused(BankFault.BALANCE)
    number = node.find("ElctrncSeqNb") or node.find("LglSeqNb")
    return Statement(node.text("Id"), _account(node), number_of(number) if number else None, opening, closing, entries)


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


def _entries(entry: Node, details: list[_Detail]) -> Iterator[BookedEntry]:
    """Yield an entry, or each transfer of it; raises BankMessageRefused unless these make its amount."""
    whole = BookedEntry(
        credit=_is_credit(entry),
        cents=cents_of(entry.get("Amt")),
        booked_on=day_of(entry.get("BookgDt")),
        end_to_end=None,
        batch=find_identifier(entry, "NtryDtls/Btch/PmtInfId"),
        return_reason=None,
        bank_reference=find_identifier(entry, "AcctSvcrRef"),
    )
    parts = [_part(whole, each, alone=len(details) == 1) for each in details] or [whole]
    if sum(each.signed_cents for each in parts) != whole.signed_cents:
        raise BankMessageRefused(BankFault.DETAILS)
    yield from parts


def _part(whole: BookedEntry, detail: _Detail, *, alone: bool) -> BookedEntry:
    cents = detail.cents if detail.cents is not None or not alone else whole.cents
    if cents is None:
        raise BankMessageRefused(BankFault.DETAILS)
    return whole._replace(
        credit=whole.credit if detail.credit is None else detail.credit,
        cents=cents,
        end_to_end=detail.end_to_end,
        batch=detail.batch or whole.batch,
        return_reason=detail.return_reason,
        bank_reference=detail.bank_reference or whole.bank_reference,
    )


def _detail(node: Node) -> _Detail:
    amount, sign = node.find("Amt"), node.find("CdtDbtInd")
    return _Detail(
        credit=_is_credit(node) if sign else None,
        cents=cents_of(amount) if amount else None,
        end_to_end=find_identifier(node, "Refs/EndToEndId"),
        batch=find_identifier(node, "Refs/PmtInfId"),
        return_reason=node.find_text("RtrInf/Rsn/Cd") or node.find_text("RtrInf/Rsn/Prtry"),
        bank_reference=find_identifier(node, "Refs/AcctSvcrRef"),
    )
