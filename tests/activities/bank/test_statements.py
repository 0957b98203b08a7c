"""Advices and statements: what was booked, to the cent."""

from datetime import date

import pytest

from activities.bank.statements import read_advices, read_statements
from models.bank_messages import BankFault, BankMessageRefused, BookedEntry, SetAside, Statement
from tests.activities.bank.bank_files import (
    ASP_IBAN,
    MAX_BYTES,
    PAID,
    advice,
    balance,
    detail,
    entry,
    returned,
    sample,
    statement,
)

OTHER = f"{PAID[:-1]}2"
LARGEST, ABOVE = "92233720368547758", "92233720368547759"
THIRD = "034AQHV02-202104-01-01-00002-1"
BOTH = balance("OPBD", "1000.00") + balance("CLBD", "800.00")


def entries(*written: str) -> tuple[BookedEntry, ...]:
    """Return the entries of an advice, none of which is set aside."""
    (read,) = read_advices(advice(*written), max_bytes=MAX_BYTES)
    assert read.set_aside == ()
    return read.entries


def set_aside(*written: str) -> SetAside:
    """Return what an advice sets aside, beside an entry that it reads all the same."""
    (read,) = read_advices(advice(entry("1.00"), *written, entry("2.00")), max_bytes=MAX_BYTES)
    assert [each.cents for each in read.entries] == [100, 200]
    (found,) = read.set_aside
    return found


def refusal(content: bytes) -> BankFault:
    """Return why a statement is refused."""
    with pytest.raises(BankMessageRefused) as refused:
        read_statements(content, max_bytes=MAX_BYTES)
    return refused.value.fault


def faulty(*written: str) -> BankFault:
    """Return why an advice of some entries is refused."""
    with pytest.raises(BankMessageRefused) as refused:
        entries(*written)
    return refused.value.fault


def test_a_transfer_that_was_executed_is_a_debit_with_its_identifier() -> None:
    (read,) = read_advices(advice(entry(details=detail("1234.56", "DBIT"))), max_bytes=MAX_BYTES)
    assert (read.id, read.account) == ("C4-1", ASP_IBAN)
    assert read.entries == (BookedEntry(False, 123_456, date(2021, 5, 11), PAID, "run-1", None, None),)


def test_a_transfer_that_came_back_is_a_credit_with_the_identifier_it_had_and_why() -> None:
    back = entry("700.01", "CRDT", detail("700.01", "CRDT", more=returned("MD07")))
    assert entries(back) == (BookedEntry(True, 70_001, date(2021, 5, 11), PAID, "run-1", "MD07", None),)


def test_the_advices_of_the_counterpart_are_read() -> None:
    (executed,) = read_advices(sample("advice"), max_bytes=MAX_BYTES)
    (back,) = read_advices(sample("returned"), max_bytes=MAX_BYTES)
    assert [(each.signed_cents, each.end_to_end) for each in executed.entries] == [(-123_456, PAID), (-70_001, THIRD)]
    assert back.entries == (BookedEntry(True, 70_001, date(2021, 5, 13), THIRD, "run-20210510-2", "MD07", "MB-RTR-3"),)


def test_the_statement_of_the_counterpart_balances() -> None:
    (read,) = read_statements(sample("statement"), max_bytes=MAX_BYTES)
    assert (read.number, read.opening_cents, read.closing_cents) == (4, 999_806_543, 999_876_544)
    assert [each.return_reason for each in read.entries] == ["MD07"]


def test_each_transfer_has_the_bank_s_reference_of_its_entry_and_its_own_beside() -> None:
    written = entry("3.00", details=detail("1.00") + detail("2.00")).replace(
        "</BookgDt>", "</BookgDt><AcctSvcrRef>E</AcctSvcrRef>"
    )
    written = written.replace("<Refs>", "<Refs><AcctSvcrRef>T</AcctSvcrRef>", 1)
    assert [(each.bank_reference, each.detail_reference) for each in entries(written)] == [("E", "T"), ("E", None)]


@pytest.mark.parametrize("status", ["PDNG", "INFO", "FUTR"])
@pytest.mark.parametrize("currency", ["EUR", "USD"])
def test_what_is_not_booked_is_not_read_nor_are_its_details(status: str, currency: str) -> None:
    pending = entry("0.001", status=status, details=detail("9" * 18, "DBIT"), day="").replace("EUR", currency)
    assert entries(pending.replace("<BookgDt></BookgDt>", ""), entry("2.00")) == (
        BookedEntry(False, 200, date(2021, 5, 11), None, None, None, None),
    )


def test_a_batch_is_read_as_its_transfers() -> None:
    read = entries(entry("300.00", details=detail("100.00") + detail("200.00", "DBIT", OTHER)))
    assert [(each.end_to_end, each.signed_cents) for each in read] == [(PAID, -10_000), (OTHER, -20_000)]


def test_a_transfer_beside_others_is_not_the_debit_of_its_run() -> None:
    read = entries(entry("300.00", details=detail("100.00") + detail("200.00", end_to_end=OTHER)))
    assert [each.batch for each in read] == [None, None]


@pytest.mark.parametrize(("other", "batch"), [("run-1", "run-1"), ("run-2", None)])
def test_an_entry_of_whose_transfers_one_has_no_identifier_is_read_as_a_whole(other: str, batch: str | None) -> None:
    unnamed = detail("200.00", end_to_end="NOTPROVIDED").replace("run-1", other)
    assert entries(entry("300.00", details=detail("100.00") + unnamed)) == (
        BookedEntry(False, 30_000, date(2021, 5, 11), None, batch, None, None),
    )


def test_a_batch_may_net_a_credit() -> None:
    read = entries(entry("80.00", details=detail("100.00", "DBIT") + detail("20.00", "CRDT", OTHER)))
    assert [each.signed_cents for each in read] == [-10_000, 2_000]


def test_transfers_of_an_entry_that_bear_one_identifier_are_numbered() -> None:
    read = entries(entry("6.00", details=detail("1.00") + detail("2.00", end_to_end=OTHER) + detail("3.00")))
    assert [(each.cents, each.nth) for each in read] == [(100, 0), (200, 0), (300, 1)]


@pytest.mark.parametrize("name", ["PmtInfId", "MsgId"])
def test_a_batch_without_details_says_which_batch_it_is(name: str) -> None:
    batch = f"<Btch><{name}>run-1</{name}><NbOfTxs>2</NbOfTxs></Btch>"
    (read,) = entries(entry(details=batch))
    assert (read.batch, read.end_to_end, read.cents) == ("run-1", None, 123_456)


def test_the_only_transfer_of_an_entry_has_its_amount_if_it_states_none() -> None:
    assert [each.cents for each in entries(entry(details=detail()))] == [123_456]


@pytest.mark.parametrize(
    "details",
    [
        detail("100.00") + detail("200.01"),
        detail("300.00", "CRDT"),
        detail("299.99"),
        detail("300.00") + detail(),
        detail("300.00").replace("EUR", "USD"),
        detail("100.005") + detail("199.995"),
    ],
)
def test_an_entry_that_its_transfers_do_not_make_is_read_as_a_whole_that_no_payment_matches(details: str) -> None:
    assert entries(entry("300.00", details=details)) == (
        BookedEntry(False, 30_000, date(2021, 5, 11), None, None, None, None),
    )


@pytest.mark.parametrize("currency", ["USD", "XPF"])
def test_an_entry_in_another_currency_is_set_aside_alone(currency: str) -> None:
    written = entry(currency=currency, details=detail("1234.56")).replace(
        "</BookgDt>", "</BookgDt><AcctSvcrRef>E</AcctSvcrRef>"
    )
    assert set_aside(written) == SetAside(BankFault.CURRENCY, None, date(2021, 5, 11), "E")


@pytest.mark.parametrize(
    ("written", "cents"), [("5", 500), ("5.1", 510), ("5.10000", 510), (LARGEST, int(LARGEST) * 100)]
)
def test_amounts_are_exact_however_the_bank_writes_them(written: str, cents: int) -> None:
    assert [each.cents for each in entries(entry(written))] == [cents]


@pytest.mark.parametrize(
    ("written", "fault", "signed"),
    [
        ("0.00", BankFault.AMOUNT, 0),
        (ABOVE, BankFault.AMOUNT, -int(ABOVE) * 100),
        ("9" * 18, BankFault.AMOUNT, -int("9" * 18) * 100),
        ("1.005", BankFault.MALFORMED, None),
    ],
)
def test_an_amount_that_no_register_books_is_set_aside_alone(
    written: str, fault: BankFault, signed: int | None
) -> None:
    assert set_aside(entry(written)) == SetAside(fault, signed, date(2021, 5, 11), None)


def test_a_transfer_of_nothing_is_set_aside_and_the_others_of_its_entry_are_read() -> None:
    content = advice(entry("300.00", details=detail("300.00") + detail("0.00", end_to_end=OTHER)))
    (read,) = read_advices(content, max_bytes=MAX_BYTES)
    assert [each.end_to_end for each in read.entries] == [PAID]
    assert [(each.fault, each.signed_cents) for each in read.set_aside] == [(BankFault.AMOUNT, 0)]


@pytest.mark.parametrize("written", ["-5.00", "1e3", "NaN", "5,00", "", "9" * 19])
def test_nothing_but_an_amount_is_read(written: str) -> None:
    assert faulty(entry(written)) is BankFault.MALFORMED


@pytest.mark.parametrize("day", ["<DtTm>2021-05-11T23:59:00+02:00</DtTm>", "<Dt>2021-05-11Z</Dt>"])
def test_the_day_is_that_of_the_bank(day: str) -> None:
    assert [each.booked_on for each in entries(entry(day=day))] == [date(2021, 5, 11)]


@pytest.mark.parametrize("day", ["<Dt>2021-02-30</Dt>", "<Dt>tomorrow</Dt>", ""])
def test_a_day_that_is_none_is_refused(day: str) -> None:
    assert faulty(entry(day=day)) is BankFault.MALFORMED


def test_a_booked_entry_without_its_day_is_set_aside() -> None:
    undated = entry("5.00", day="").replace("<BookgDt></BookgDt>", "")
    assert set_aside(undated) == SetAside(BankFault.MALFORMED, None, None, None)


def test_the_entries_of_a_statement_explain_its_balances() -> None:
    content = statement(BOTH, entry("300.00"), entry("100.00", "CRDT"), entry("5.00", status="PDNG"))
    (read,) = read_statements(content, max_bytes=MAX_BYTES)
    assert read._replace(entries=()) == Statement("C3-7", ASP_IBAN, 7, 100_000, 80_000, ())
    assert sum(each.signed_cents for each in read.entries) == -20_000


def test_an_entry_of_nothing_explains_no_balance_and_one_in_another_currency_leaves_them_uncompared() -> None:
    zero, foreign = entry("0.00"), entry("7.00", currency="USD")
    assert refusal(statement(BOTH, entry("200.01"), zero)) is BankFault.BALANCE
    (read,) = read_statements(statement(BOTH, entry("200.00"), zero), max_bytes=MAX_BYTES)
    assert [each.signed_cents for each in read.set_aside] == [0]
    (read,) = read_statements(statement(BOTH, entry("193.00"), foreign), max_bytes=MAX_BYTES)
    assert [each.fault for each in read.set_aside] == [BankFault.CURRENCY]


def test_an_overdraft_is_a_negative_balance_and_the_last_closing_may_stand_for_the_opening() -> None:
    balances = balance("PRCD", "10.00", "DBIT") + balance("CLBD", "0.00")
    (read,) = read_statements(statement(balances, entry("10.00", "CRDT")), max_bytes=MAX_BYTES)
    assert (read.opening_cents, read.closing_cents) == (-1_000, 0)


@pytest.mark.parametrize(
    "content",
    [
        statement(BOTH, entry("300.00")),
        statement(BOTH, entry("200.01")),
        statement(balance("OPBD", "1.00")),
        statement(balance("CLBD", "0.00")),
        statement(""),
    ],
)
def test_a_statement_that_its_entries_do_not_explain_is_refused(content: bytes) -> None:
    assert refusal(content) in (BankFault.BALANCE, BankFault.MALFORMED)


def test_each_account_of_a_message_has_its_own_entries() -> None:
    one = advice(entry("1.00"), entry("2.00"))
    start, end = one.index(b"<Ntfctn>"), one.index(b"</BkToCstmr")
    read = read_advices(one[:end] + one[start:end] + one[end:], max_bytes=MAX_BYTES)
    assert [[each.cents for each in account.entries] for account in read] == [[100, 200], [100, 200]]


@pytest.mark.parametrize("inside", [entry("9.99"), f"<BkToCstmrStmt><Stmt>{entry('9.99')}</Stmt></BkToCstmrStmt>"])
def test_an_entry_that_hides_in_what_the_schema_leaves_open_is_not_read(inside: str) -> None:
    hidden = f"<SplmtryData><Envlp>{inside}</Envlp></SplmtryData>"
    (read,) = read_statements(statement(BOTH, entry("200.00"), more=hidden), max_bytes=MAX_BYTES)
    assert [each.cents for each in read.entries] == [20_000]
