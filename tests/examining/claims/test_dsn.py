"""A DSN prefills people with hours idle and their month; all else of it is dropped as it is read."""

from datetime import date

import pytest

from examining.claims.dsn import read
from examining.claims.outcome import Outcome
from examining.claims.refused import FileRefused
from models.claim_files.fields import FileFormat
from models.claim_files.refusals import RefusalCode
from models.claim_files.verdict import ClaimVerdict

START = "S10.G00.00.001,'Paie'\nS20.G00.05.005,'01062021'\nS21.G00.06.001,'356000000'\n"
ELODIE = """S21.G00.30.001,'2951099126111'
S21.G00.30.002,'MARTIN'
S21.G00.30.003,'DURAND'
S21.G00.30.004,'ELODIE, ANNE'
S21.G00.30.006,'01101995'
S21.G00.30.008,'12 RUE HAUTE'
S21.G00.40.001,'01012020'
S21.G00.40.004,'543a'
S21.G00.40.009,'00001'
S21.G00.40.011,'10'
S21.G00.40.013,'151.67'
S21.G00.40.078,'02'
S21.G00.51.001,'01062021'
S21.G00.51.010,'00001'
S21.G00.51.011,'010'
S21.G00.51.012,'100.00'
S21.G00.51.013,'1500.00'
S21.G00.51.001,'01062021'
S21.G00.51.010,'00001'
S21.G00.51.011,'019'
S21.G00.51.012,'51.67'
S21.G00.51.013,'500.00'
S21.G00.65.001,'602'
"""
OTHER = "S21.G00.30.001,'1850578006084'\nS21.G00.30.002,'SECRET'\nS21.G00.30.004,'PAUL'\nS21.G00.40.001,'01012020'\n"
END = "S90.G00.90.001,'27'\nS90.G00.90.002,'1'\n"


LYON, LILLE = "35600000000048", "35600000000055"
APRIL, MAY, JUNE = date(2021, 4, 1), date(2021, 5, 1), date(2021, 6, 1)


def reading(text: str, end: str = END, month: date | None = None, siret: str | None = None) -> ClaimVerdict:
    outcome = Outcome(FileFormat.DSN)
    read(text + end, outcome, month, siret)
    return outcome.verdict()


def declared(siret: str, month: date = JUNE) -> str:
    """Return what begins the declaration of an establishment."""
    rubrics = {"S20.G00.05.005": f"{month:%d%m%Y}", "S21.G00.06.001": siret[:9], "S21.G00.11.001": siret[9:]}
    return "".join(f"{rubric},'{value}'\n" for rubric, value in rubrics.items())


def idle(month: date, hours: str, end: str = "") -> str:
    """Return a remuneration of hours idle."""
    rubrics = {"001": f"{month:%d%m%Y}", "002": end, "010": "00001", "011": "019", "012": hours}
    return "".join(f"S21.G00.51.{rubric},'{value}'\n" for rubric, value in rubrics.items() if value)


def signals(found: ClaimVerdict) -> list[tuple[str, int, str, str]]:
    return [(each.code.value, each.line, each.column, each.shown) for each in found.signals]


def test_a_person_with_hours_idle_is_kept_with_the_weekly_hours_of_the_contract() -> None:
    found = reading(START + ELODIE.replace(", ANNE", ""))
    assert found.rows == "4|2021-06-01|51.67|295109912611193|MARTIN|DURAND|ELODIE|employee|02|35|0"
    assert (found.total, found.fault_count, found.signal_count) == (1, 0, 0)


def test_nothing_is_kept_of_other_people_and_other_rubrics() -> None:
    said = reading(START + OTHER + ELODIE.replace(", ANNE", "") + OTHER).model_dump_json()
    assert not [word for word in ("SECRET", "1850578", "HAUTE", "1995-10", "500.00", "1500") if word in said]
    assert '"total":1' in said


def test_hours_of_several_blocks_and_contracts_go_to_their_contract() -> None:
    second = (
        "S21.G00.40.001,'01012021'\nS21.G00.40.004,'382b'\nS21.G00.40.008,'64'\nS21.G00.40.009,'2'\n"
        "S21.G00.40.011,'20'\nS21.G00.40.013,'218.00'\nS21.G00.40.078,'05'\n"
        "S21.G00.51.010,'2'\nS21.G00.51.011,'019'\nS21.G00.51.012,'7.00'\n"
        "S21.G00.51.010,'2'\nS21.G00.51.011,'019'\nS21.G00.51.012,'3.50'\n"
    )
    rows = reading(START + ELODIE.replace(", ANNE", "") + second).rows.splitlines()
    assert rows[0].endswith("|employee|02|35|0")
    assert rows[1] == "4|2021-06-01|10.5|295109912611193|MARTIN|DURAND|ELODIE|executive|05||1"


@pytest.mark.parametrize(
    ("old", "new", "code", "column"),
    [
        ("2951099126111", "7951099126111", "nir-temporary", "S21.G00.30.001"),
        ("2951099126111", "29510991", "nir-form", "S21.G00.30.001"),
        ("'MARTIN'", "''", "name-missing", "S21.G00.30.002"),
        ("ELODIE, ANNE", "E|", "name-characters", "S21.G00.30.004"),
        ("543a", "999z", "category-unknown", "S21.G00.40.004"),
        ("40.078,'02'", "40.078,'99'", "mode-unknown", "S21.G00.40.078"),
        ("'51.67'", "'-51.67'", "hours-negative", "S21.G00.51.012"),
        ("'51.67'", "'x'", "hours-not-a-number", "S21.G00.51.012"),
        ("S21.G00.51.012,'51.67'\n", "", "hours-not-a-number", "S21.G00.51.012"),
    ],
)
def test_what_is_wrong_is_said_at_its_rubric(old: str, new: str, code: str, column: str) -> None:
    found = reading(START + ELODIE.replace(old, new).replace(", ANNE", ""))
    assert [(each.code.value, each.line, each.column) for each in found.faults] == [(code, 4, column)]
    assert (found.rows, found.total) == ("", 1)


def test_a_person_known_by_a_temporary_number_only_is_one() -> None:
    without = ELODIE.replace("S21.G00.30.001,'2951099126111'\n", "").replace(", ANNE", "")
    ntt = without.replace("S21.G00.30.003", "S21.G00.30.020,'1356000000ABC'\nS21.G00.30.003")
    assert [each.code.value for each in reading(START + OTHER + ntt).faults] == ["nir-temporary"]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (START + ELODIE + "nonsense\n", RefusalCode.DSN_BROKEN, 27),
        (ELODIE.replace("51.001,'01062021'", "51.001,'x'"), RefusalCode.DSN_BROKEN, 18),
        (START.replace("01062021", "01132021") + ELODIE, RefusalCode.DSN_BROKEN, 2),
        (START.replace("356000000", "35600000X") + ELODIE, RefusalCode.DSN_BROKEN, 3),
        (ELODIE.replace("S21.G00.51.001,'01062021'\n", ""), RefusalCode.DSN_BROKEN, 17),
        (START + OTHER, RefusalCode.DSN_NOBODY, 0),
        (START, RefusalCode.DSN_NOBODY, 0),
        (START + ELODIE + ELODIE.replace("S21.G00.40.001", "S21.G00.40.000"), RefusalCode.DSN_BROKEN, 27),
    ],
)
def test_other_files_are_refused(text: str, code: RefusalCode, line: int) -> None:
    with pytest.raises(FileRefused) as refused:
        reading(text)
    assert (refused.value.code, refused.value.line) == (code, line)


@pytest.mark.parametrize("cut", ["", OTHER, END.partition("\n")[0].replace("S90.G00.90", "S21.G00.81")])
def test_a_file_that_does_not_end_with_its_total_was_cut(cut: str) -> None:
    with pytest.raises(FileRefused) as refused:
        reading(START + ELODIE, cut)
    assert refused.value.code is RefusalCode.DSN_BROKEN


def test_a_contract_of_a_person_stands_once_however_the_number_is_written() -> None:
    person = ELODIE.replace(", ANNE", "")
    with pytest.raises(FileRefused) as refused:
        reading(START + person + OTHER + person.replace("2951099126111", "295109912611193"))
    assert (refused.value.code, refused.value.line) == (RefusalCode.DSN_BROKEN, 31)
    assert reading(START + person + person.replace("40.009,'00001'", "40.009,'2'")).total == 2
    assert reading(START + person + person.replace("40.001,'01012020'", "40.001,'15062021'")).total == 2


PERSON = ELODIE.replace(", ANNE", "")


def test_hours_of_an_earlier_pay_period_are_told_and_not_summed_into_the_month() -> None:
    text = START + PERSON + idle(MAY, "12.50") + idle(date(2021, 4, 1), "-3.00")
    found = reading(text)
    assert found.rows.startswith("4|2021-06-01|51.67|")
    assert signals(found) == [
        ("hours-of-another-month", 27, "S21.G00.51.012", "05/2021 : 12,5 h"),
        ("hours-of-another-month", 31, "S21.G00.51.012", "04/2021 : -3 h"),
    ]
    earlier = reading(text, month=MAY)
    assert earlier.rows.startswith("4|2021-05-01|12.5|")
    assert [each[3] for each in signals(earlier)] == ["06/2021 : 51,67 h", "04/2021 : -3 h"]


def test_a_correction_below_zero_is_deducted_from_its_month() -> None:
    assert reading(START + PERSON + idle(JUNE, "-1.67")).rows.startswith("4|2021-06-01|50|")
    found = reading(START + PERSON + idle(JUNE, "-60.00"))
    assert [(each.code.value, each.shown) for each in found.faults] == [("hours-negative", "-60.00")]
    unreadable = reading(START + PERSON + idle(MAY, "?"))
    assert [each[3] for each in signals(unreadable)] == ["05/2021"]


OF_MAY = PERSON.replace("51.001,'01062021'", "51.001,'01052021'")
PAUL = PERSON.replace("2951099126111", "1850578006084")
PAUL_NIR = "185057800608491"


def refusal(text: str, month: date | None = None, siret: str | None = None) -> tuple[RefusalCode, tuple[str, ...]]:
    with pytest.raises(FileRefused) as refused:
        reading(text, month=month, siret=siret)
    return refused.value.code, refused.value.at


def test_a_person_with_hours_of_another_month_only_is_in_no_total() -> None:
    found = reading(START + OF_MAY + PAUL)
    assert [each.split("|")[:4] for each in found.rows.splitlines()] == [["27", "2021-06-01", "51.67", PAUL_NIR]]
    assert (found.total, found.fault_count) == (1, 0)
    assert [each[:2] for each in signals(found)] == [("hours-of-another-month", 21)]


def test_a_file_without_hours_of_the_month_is_no_claim_of_nobody() -> None:
    other_month = RefusalCode.DSN_OTHER_MONTH
    assert refusal(START + PERSON, MAY) == (other_month, ("06/2021",))
    assert refusal(START + OF_MAY) == (other_month, ("05/2021",))
    assert refusal(START + OF_MAY + PAUL + idle(date(2020, 12, 1), "7.00"), APRIL) == (
        other_month,
        ("12/2020", "05/2021", "06/2021"),
    )
    assert refusal(declared(LYON) + PERSON + declared(LILLE, MAY) + PAUL, MAY, LYON) == (other_month, ("06/2021",))


def test_a_person_whose_hours_are_corrected_to_none_is_left_out() -> None:
    corrected = PERSON + idle(JUNE, "-51.67")
    found = reading(START + corrected + PAUL)
    assert (found.total, found.fault_count, "MARTIN" in found.rows, PAUL_NIR in found.rows) == (1, 0, True, True)
    assert "295109912611193" not in found.model_dump_json()
    assert signals(reading(START + PAUL + idle(MAY, "7.00") + idle(MAY, "-7.00"))) == []
    assert refusal(START + corrected) == (RefusalCode.DSN_NOBODY, ())
    assert refusal(START + corrected + idle(MAY, "7.00")) == (RefusalCode.DSN_OTHER_MONTH, ("05/2021",))
    both = declared(LYON) + corrected + declared(LILLE) + PAUL
    assert refusal(both, siret=LYON) == (RefusalCode.DSN_OTHER_ESTABLISHMENT, (LILLE,))


def test_a_pay_period_of_several_months_none_of_them_declared_is_told() -> None:
    text = START + PERSON + idle(APRIL, "20.00", "31052021")
    told = ("hours-of-several-months", 27, "S21.G00.51.002", "du 01/04/2021 au 31/05/2021")
    june, april = reading(text), reading(text, month=APRIL)
    assert signals(june) == [told, ("hours-of-another-month", 27, "S21.G00.51.012", "04/2021 : 20 h")]
    assert april.rows.startswith("4|2021-04-01|20|")
    assert [each[0] for each in signals(april)] == ["hours-of-another-month", "hours-of-several-months"]
    assert [each[0] for each in signals(reading(START + PERSON + idle(APRIL, "20.00", "30042021")))] == [
        "hours-of-another-month"
    ]
    assert signals(reading(START + PERSON + idle(MAY, "20.00", "30062021"))) == []


@pytest.mark.parametrize(
    ("start", "end", "month"),
    [
        (date(2021, 5, 26), "25062021", JUNE),
        (date(2021, 6, 26), "25072021", JUNE),
        (date(2021, 6, 14), "20062021", JUNE),
        (date(2021, 5, 1), "31052021", MAY),
        (date(2021, 5, 26), "", MAY),
    ],
)
def test_a_pay_period_with_days_of_the_month_declared_is_of_that_month(start: date, end: str, month: date) -> None:
    other = PERSON.replace("'019'", "'010'")
    text = START + other + idle(start, "7.00", end)
    assert reading(text, month=month).rows.startswith(f"4|{month}|7|")
    assert refusal(text, MAY if month == JUNE else JUNE) == (RefusalCode.DSN_OTHER_MONTH, (f"{month:%m/%Y}",))


def test_of_several_establishments_one_is_read_and_the_others_are_told() -> None:
    paul = PERSON.replace("2951099126111", "1850578006084").replace("'51.67'", "'20.00'")
    text = declared(LYON) + PERSON + declared(LILLE) + paul
    with pytest.raises(FileRefused) as refused:
        reading(text)
    assert (refused.value.code, refused.value.at) == (RefusalCode.DSN_ESTABLISHMENTS, (LYON, LILLE))
    lyon, lille = reading(text, siret=LYON), reading(text, siret=LILLE)
    assert [each.rows.split("|")[2:4] for each in (lyon, lille)] == [
        ["51.67", "295109912611193"],
        ["20", "185057800608491"],
    ]
    assert signals(lyon) == [("hours-of-another-establishment", 29, "S21.G00.11.001", LILLE)]
    assert signals(lille) == [("hours-of-another-establishment", 3, "S21.G00.11.001", LYON)]
    with pytest.raises(FileRefused) as refused:
        reading(text, siret="73282932000074")
    assert (refused.value.code, refused.value.at) == (RefusalCode.DSN_OTHER_ESTABLISHMENT, (LYON, LILLE))


def test_an_establishment_without_hours_is_not_asked_for() -> None:
    found = reading(declared(LYON) + PERSON + declared(LILLE) + OTHER)
    assert (found.total, found.signal_count) == (1, 0)


def test_a_person_may_be_in_two_establishments_under_one_contract() -> None:
    text = declared(LYON) + PERSON + declared(LILLE) + PERSON
    assert reading(text, siret=LILLE).total == 1


def test_of_several_months_declared_one_is_read_with_what_a_later_one_puts_right() -> None:
    may = PERSON.replace("01062021", "01052021").replace("'51.67'", "'30.00'")
    text = declared(LYON, MAY) + may + declared(LYON) + PERSON + idle(MAY, "-1.50")
    with pytest.raises(FileRefused) as refused:
        reading(text)
    assert (refused.value.code, refused.value.at) == (RefusalCode.DSN_MONTHS, ("05/2021", "06/2021"))
    assert [reading(text, month=month).rows.split("|")[1:3] for month in (MAY, JUNE)] == [
        ["2021-05-01", "28.5"],
        ["2021-06-01", "51.67"],
    ]
