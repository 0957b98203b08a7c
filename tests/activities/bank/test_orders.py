"""Orders of transfers: valid under the official schema whatever they hold, and the same bytes each time."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.bank.messages import BankMessage, Node, records
from activities.bank.orders import MAX_CENTS, Debtor, Order, OrderTotals, Purpose, Transfer, check_order, write_order
from models.bank_messages import BankFault, BankMessageRefused
from tests.activities.bank.bank_files import ASP_IBAN, PAID

CREATED_AT = datetime(2021, 5, 10, 6, 0, tzinfo=UTC)
IBANS = ("FR7630006000011234567890189", "DE89370400440532013000", "BE68539007547034", "MT84MALT011000012345MTLCAST001S")
BATCH = "CstmrCdtTrfInitn/PmtInf"


def an_order(*transfers: Transfer) -> Order:
    """Return the order of some transfers."""
    cents = sum(each.cents for each in transfers)
    return Order("run-1", CREATED_AT, date(2021, 5, 11), "ASP", Debtor("ASP", ASP_IBAN), len(transfers), cents)


TRANSFER = Transfer(PAID, "Société Économie & Fils", IBANS[0], 123_456, "Activité partielle, avril 2021")
ORDER = an_order(TRANSFER)


def written(order: Order, transfers: Iterable[Transfer]) -> bytes:
    """Return the bytes of an order."""
    file = BytesIO()
    write_order(file, order, transfers)
    return file.getvalue()


def texts(content: bytes, path: str) -> list[str]:
    """Return the text at a path of each transfer."""
    found = records(content, BankMessage.ORDER, (f"{BATCH}/CdtTrfTxInf",), max_bytes=len(content))
    return [node.text(path) for _, node in found]


def header(content: bytes) -> Node:
    """Return the batch of an order without its transfers."""
    return next(node for _, node in records(content, BankMessage.ORDER, (BATCH,), max_bytes=1 << 20))


def test_an_order_says_what_it_holds_and_is_valid() -> None:
    transfers = (
        TRANSFER,
        TRANSFER._replace(end_to_end=f"{PAID[:-1]}2", payee="Zoé L’Œuf", iban=IBANS[1], cents=1, text=""),
    )
    content = written(an_order(*transfers), transfers)
    assert check_order(content) == OrderTotals("run-1", 2, 123_457)
    assert texts(content, "PmtId/EndToEndId") == [PAID, f"{PAID[:-1]}2"]
    assert texts(content, "Amt/InstdAmt") == ["1234.56", "0.01"]
    assert texts(content, "Cdtr/Nm") == ["Societe Economie + Fils", "Zoe L'Oeuf"]
    assert texts(content, "CdtrAcct/Id/IBAN") == list(IBANS[:2])
    assert content.count(b"<RmtInf>") == 1


@pytest.mark.parametrize(("bic", "path", "bank"), [(None, "Othr/Id", "NOTPROVIDED"), ("BDFEFRPP", "BICFI", "BDFEFRPP")])
def test_the_batch_is_one_debit_of_the_account_on_a_day(bic: str | None, path: str, bank: str) -> None:
    order = ORDER._replace(debtor=Debtor("ASP – agent comptable", ASP_IBAN, bic))
    batch = header(written(order, [TRANSFER]))
    stated = {each: batch.text(each) for each in ("PmtMtd", "BtchBookg", "NbOfTxs", "CtrlSum", "ChrgBr")}
    assert stated == {"PmtMtd": "TRF", "BtchBookg": "true", "NbOfTxs": "1", "CtrlSum": "1234.56", "ChrgBr": "SLEV"}
    assert batch.text("PmtTpInf/SvcLvl/Cd") == "SEPA"
    assert batch.text("ReqdExctnDt/Dt") == "2021-05-11"
    assert batch.text("Dbtr/Nm") == "ASP - agent comptable"
    assert batch.text(f"DbtrAgt/FinInstnId/{path}") == bank


def test_a_transfer_says_whether_it_is_an_allowance_or_what_an_employee_is_paid() -> None:
    transfers = (TRANSFER, TRANSFER._replace(end_to_end=f"{PAID[:-1]}2", purpose=Purpose.INDEMNITY))
    content = written(an_order(*transfers), transfers)
    assert check_order(content).transfers == 2
    assert texts(content, "Purp/Cd") == ["GOVT", "SSBE"]
    assert header(content).text("PmtTpInf/CtgyPurp/Cd") == "GOVT"


def test_the_same_order_is_the_same_bytes_in_whatever_zone_its_instant_is_given() -> None:
    paris = CREATED_AT.astimezone(timezone(timedelta(hours=2)))
    assert written(ORDER, [TRANSFER]) == written(ORDER._replace(created_at=paris), iter([TRANSFER]))


@pytest.mark.parametrize("order", [ORDER._replace(transfers=2), ORDER._replace(cents=123_455)])
def test_an_order_is_not_written_to_its_end_with_totals_that_are_not_its_own(order: Order) -> None:
    with pytest.raises(ValueError, match="transfers of"):
        written(order, [TRANSFER])


@pytest.mark.parametrize("cents", [0, -1, MAX_CENTS + 1])
def test_no_transfer_is_written_of_an_amount_that_sepa_does_not_carry(cents: int) -> None:
    transfer = TRANSFER._replace(cents=cents)
    with pytest.raises(ValueError, match="no amount of a transfer"):
        written(an_order(transfer), [transfer])


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        (b"<NbOfTxs>1<", b"<NbOfTxs>2<", BankFault.DETAILS),
        (b"<CtrlSum>1234.56<", b"<CtrlSum>1234.57<", BankFault.DETAILS),
        (b"<ChrgBr>SLEV<", b"<ChrgBr>XXXX<", BankFault.MALFORMED),
        (IBANS[0].encode(), b"no account", BankFault.MALFORMED),
        (b"</PmtInf>", b"", BankFault.MALFORMED),
    ],
)
def test_an_order_that_was_changed_is_not_taken_for_valid(before: bytes, after: bytes, fault: BankFault) -> None:
    content = written(ORDER, [TRANSFER])
    assert before in content
    with pytest.raises(BankMessageRefused) as refused:
        check_order(content.replace(before, after))
    assert refused.value.fault is fault


ANY_TRANSFER = st.builds(
    TRANSFER._replace,
    payee=st.text(max_size=200),
    text=st.text(max_size=300),
    iban=st.sampled_from(IBANS),
    purpose=st.sampled_from(Purpose),
    cents=st.integers(1, MAX_CENTS),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(ANY_TRANSFER, min_size=1, max_size=5), st.text(max_size=200))
def test_whatever_names_and_amounts_an_order_holds_it_is_valid(transfers: list[Transfer], name: str) -> None:
    order = an_order(*transfers)._replace(initiator=name, debtor=Debtor(name, ASP_IBAN))
    content = written(order, transfers)
    assert check_order(content) == OrderTotals("run-1", order.transfers, order.cents)
    assert content == written(order, transfers)
