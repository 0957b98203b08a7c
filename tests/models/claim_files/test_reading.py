"""What the program answers becomes lines of exact figures, or sentences; what has not their form is not believed."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from models.claim_files.faults import Fault, FaultCode
from models.claim_files.fields import Category, Field, FileFormat, Layout
from models.claim_files.lines import ClaimLine, Payee, PrefilledPerson
from models.claim_files.profile import ImportProfile, ReadingContext
from models.claim_files.reading import ClaimFile, UnreadableFile, as_read, unlisted_fields, unread_sentence
from models.claim_files.refusals import RefusalCode
from models.claim_files.verdict import ClaimVerdict, FaultShape, HeaderShape

LINE = "2|2021-06-28|7.5|27.5|295109912611193|Durand||Élodie|employee|02|35|12.3|1"
PAYEE = "|Martin|Mme|1995-10-01|2B096|1 rue Haute|75001|Paris|FR7630006000011234567890189"
DIRECT = Payee(
    "Martin", "Mme", date(1995, 10, 1), "2B096", "1 rue Haute", "75001", "Paris", "FR7630006000011234567890189"
)
READ = ClaimLine(
    line=2,
    nir="295109912611193",
    family_name="Durand",
    usage_name="",
    first_name="Élodie",
    category=Category.EMPLOYEE,
    mode="02",
    contract_hours=Decimal(35),
    week=date(2021, 6, 28),
    worked=Decimal("7.5"),
    idle=Decimal("27.5"),
    hourly_gross=Decimal("12.3"),
    apprentice=True,
)


def of(*rows: str, file_format: FileFormat = FileFormat.CSV) -> ClaimFile:
    return as_read(ClaimVerdict(format=file_format, rows="\n".join(rows)))


def test_lines_are_exact_and_may_be_iterated_twice() -> None:
    found = of(LINE, LINE.replace("|12.3|1", "||0") + PAYEE)
    assert list(found.lines()) == list(found.lines())
    assert list(found.lines()) == [READ, READ._replace(hourly_gross=None, apprentice=False, payee=DIRECT)]
    assert list(found.people()) == []
    assert list(of().lines()) == []


def test_people_of_a_dsn_have_a_month() -> None:
    row = "4|2021-06-01|51.67|295109912611193|MARTIN||ELODIE|employee|05||0"
    found = of(row, file_format=FileFormat.DSN)
    assert list(found.people()) == [
        PrefilledPerson(
            line=4,
            nir="295109912611193",
            family_name="MARTIN",
            usage_name="",
            first_name="ELODIE",
            category=Category.EMPLOYEE,
            mode="05",
            contract_hours=None,
            apprentice=False,
            month=date(2021, 6, 1),
            idle=Decimal("51.67"),
        )
    ]
    assert list(found.lines()) == []


def test_what_a_dsn_holds_of_others_is_no_fault() -> None:
    left_out = FaultShape(code=FaultCode.HOURS_OF_ANOTHER_MONTH, line=27, column="x", shown="05/2021 : 12,5 h")
    found = as_read(ClaimVerdict(format=FileFormat.DSN, signals=(left_out,), signal_count=20_000))
    assert (found.faults, found.fault_count) == ((), 0)
    assert found.signals == (Fault(FaultCode.HOURS_OF_ANOTHER_MONTH, 27, "x", "05/2021 : 12,5 h"),)
    assert found.signal_count == 20_000


def wrong_rows() -> Iterator[str]:
    yield from ("", "x", LINE + "|", LINE + "|1", LINE + PAYEE + "|")
    for old, new in (
        ("2021-06-28", "28/06/2021"),
        ("7.5", "7.555"),
        ("7.5", "-7.5"),
        ("7.5", "1e9"),
        ("295109912611193", "29510991261119"),
        ("Durand", "Dur\x07and"),
        ("Durand", "D" * 81),
        ("employee", "boss"),
        ("|02|", "|11|"),
        ("|35|", "||"),
        ("12.3|1", "12.3|2"),
    ):
        yield LINE.replace(old, new, 1)


@pytest.mark.parametrize("row", list(wrong_rows()))
def test_a_line_of_another_form_is_not_believed(row: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        of(LINE, row, LINE)
    assert refused.value.code is RefusalCode.UNREADABLE


def test_a_refusal_says_why_and_where() -> None:
    verdict = ClaimVerdict(refusal=RefusalCode.COLUMNS_MISSING, at_line=3, at=("nir", "nom"))
    with pytest.raises(UnreadableFile) as refused:
        as_read(verdict)
    assert refused.value.message == f"{RefusalCode.COLUMNS_MISSING.label} (ligne 3 : nir, nom)"
    assert (refused.value.line, refused.value.at) == (3, ("nir", "nom"))
    assert UnreadableFile(RefusalCode.EMPTY).message == "Ce fichier est vide."


def test_columns_are_named_as_the_file_writes_them() -> None:
    headers = (
        HeaderShape(name="N° SS", number=1, field=Field.NIR),
        HeaderShape(name="S25 trav", number=2, field=Field.WORKED, week="2021-06-21"),
        HeaderShape(name="S26 trav", number=3, field=Field.WORKED, week="2021-06-28"),
        HeaderShape(name="Heures travaillées", number=4, field=Field.WORKED),
        HeaderShape(name="Du", number=5, field=Field.WEEK),
        HeaderShape(name="Au", number=6, field=Field.WEEK),
    )
    found = as_read(ClaimVerdict(layout=Layout.WIDE, headers=headers))
    assert found.column(Field.NIR) == "N° SS"
    assert found.column(Field.WORKED, date(2021, 6, 28)) == "S26 trav"
    assert found.column(Field.WORKED, date(2021, 6, 21)) == "S25 trav"
    assert found.column(Field.WEEK, date(2021, 6, 21)) == "Du"
    assert found.column(Field.MODE) == "mode"


def test_each_column_that_was_not_read_has_its_sentence() -> None:
    assert unread_sentence(HeaderShape(name="nir", number=1, field=Field.NIR)) == ""
    assert unread_sentence(HeaderShape(name="x", number=1, ignored=True)) == ""
    assert unread_sentence(HeaderShape(name="", number=1)) == ""
    unlisted, guessed, unknown = (
        HeaderShape(name="Sexe", number=2, unlisted=True),
        HeaderShape(name="Prénoms usuels", number=3, guess=Field.FIRST_NAME),
        HeaderShape(name="Zz", number=4),
    )
    assert "R. 5122-21" in unread_sentence(unlisted)
    assert "est-ce prenom ?" in unread_sentence(guessed)
    found = as_read(ClaimVerdict(headers=(unlisted, guessed, unknown)))
    assert found.warnings == tuple(map(unread_sentence, (unlisted, guessed, unknown)))


@pytest.mark.parametrize(
    ("context", "unlisted"),
    [
        (ReadingContext(month="2020-02"), {Field.HOURLY_GROSS}),
        (ReadingContext(month="2020-03"), set[Field]()),
        (ReadingContext(month="2013-10"), set[Field]()),
        (ReadingContext(), set[Field]()),
    ],
)
def test_data_that_the_list_of_the_day_does_not_name_is_not_read(context: ReadingContext, unlisted: set[Field]) -> None:
    direct = {
        *(Field.BIRTH_NAME, Field.CIVILITY, Field.BIRTH_DATE, Field.COMMUNE),
        *(Field.ADDRESS, Field.POSTCODE, Field.CITY, Field.IBAN),
    }
    assert unlisted_fields(context) == direct | unlisted
    assert unlisted_fields(context.model_copy(update={"payee": "employees"})) == unlisted


def test_a_profile_is_a_file_of_json_with_nothing_personal_in_it() -> None:
    text = '{"name": "Paie", "headers": {"Code": "nir", "x": "ignored"}, "categories": {"C": "executive"}}'
    profile = ImportProfile.model_validate_json(text)
    assert profile.headers == {"Code": Field.NIR, "x": "ignored"}
    assert ImportProfile.model_validate_json(profile.model_dump_json()) == profile
    with pytest.raises(ValueError, match="headers"):
        ImportProfile.model_validate_json('{"name": "Paie", "headers": {"Code": "salary"}}')
