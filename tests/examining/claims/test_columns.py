"""Which column holds what: recognised, stated by a profile, not in the list of the law, or unknown with a guess."""

from collections.abc import Sequence
from datetime import date

import pytest

from examining.claims.columns import Columns, Reader, shown
from examining.claims.refused import FileRefused
from models.claim_files.fields import Field, Layout
from models.claim_files.profile import ImportProfile
from models.claim_files.refusals import RefusalCode
from models.claim_files.verdict import MAX_COLUMNS
from tests.examining.claims.files import HEADER, WIDE_HEADER

JUNE = date(2021, 6, 1)


def columns(header: tuple[str, ...], profile: ImportProfile | None = None, *unlisted: Field) -> Columns:
    return Reader(JUNE, frozenset(unlisted), profile).columns(header, 1)


def refusal(header: tuple[str, ...], profile: ImportProfile | None = None) -> tuple[RefusalCode, tuple[str, ...]]:
    with pytest.raises(FileRefused) as refused:
        columns(header, profile)
    return refused.value.code, refused.value.at


def test_a_long_table_has_each_field_at_its_place_in_any_order() -> None:
    found = columns(HEADER[::-1])
    assert (found.layout, found.weeks) == (Layout.LONG, ())
    assert found.by_field == {field: 11 - at for at, field in enumerate(Field) if at < 12}
    assert found.name(Field.IDLE) == "heures_chomees"


def test_a_wide_table_has_two_columns_a_week() -> None:
    found = columns(WIDE_HEADER)
    assert found.layout is Layout.WIDE
    assert [(each.week, each.worked, each.idle) for each in found.weeks] == [
        (date(2021, 6, 21), 7, 8),
        (date(2021, 6, 28), 9, 10),
    ]


def test_a_week_with_one_of_its_columns_refuses_the_file() -> None:
    assert refusal(WIDE_HEADER[:10]) == (RefusalCode.COLUMNS_MISSING, ("S26 trav",))


def test_columns_that_are_missing_are_all_named() -> None:
    assert refusal(("nir", "nom", "prenom")) == (
        RefusalCode.COLUMNS_MISSING,
        ("categorie", "mode", "duree_contrat", "semaine", "heures_travaillees", "heures_chomees"),
    )


def test_two_columns_of_one_content_refuse_the_file() -> None:
    assert refusal((*HEADER, "Heures indemnisables")) == (
        RefusalCode.COLUMN_TWICE,
        ("heures_chomees", "Heures indemnisables"),
    )


DAYS_OF_WEEK = ("Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi")


@pytest.mark.parametrize(
    "named", [DAYS_OF_WEEK, [f"{each} chômées" for each in DAYS_OF_WEEK], [f"{day}/06/2021" for day in range(15, 19)]]
)
def test_hours_day_by_day_refuse_the_file_with_what_to_write(named: Sequence[str]) -> None:
    assert refusal((*HEADER[:7], *named)) == (RefusalCode.HOURS_BY_DAY, tuple(named))
    beside = columns((*HEADER, *(each for each in named if each != "Lundi")))
    assert beside.layout is Layout.LONG


def test_hours_that_repeat_without_a_week_refuse_the_file_with_what_to_write() -> None:
    hours = ("Travaillées", "Chômées", "Travaillées", "Chômées")
    assert refusal((*HEADER[:7], *hours)) == (RefusalCode.WEEKS_UNNAMED, hours)


@pytest.mark.parametrize("ignored", [{}, {"HT": "ignored", "HC": "ignored"}])
def test_hours_that_repeat_beside_their_week_are_columns_that_are_not_read(ignored: dict[str, str]) -> None:
    profile = ImportProfile.model_validate({"name": "Paie", "headers": ignored})
    for header in (HEADER, PERIOD):
        found = columns((*header, "HT", "HC"), profile)
        assert found.name(Field.WORKED) == "heures_travaillees"
        assert [(each.field, each.ignored) for each in found.headers[-2:]] == [(None, bool(ignored))] * 2
    of_one_week = ImportProfile.model_validate(
        {"name": "Paie", "headers": ignored, "constants": {"week": "2021-W26", "worked": "0", "idle": "35"}}
    )
    assert columns((*HEADER[:7], *HEADER[8:], "HT", "HC"), of_one_week).layout is Layout.LONG


@pytest.mark.parametrize("said", ["ignored", None])
def test_days_beside_hours_that_a_profile_states_are_columns_that_are_not_read(said: str | None) -> None:
    days = DAYS_OF_WEEK if said else DAYS_OF_WEEK[1:]  # « lundi » names a week too
    stated = {each: said for each in days if said}
    profile = ImportProfile.model_validate({"name": "Paie", "headers": stated, "constants": {"worked": "0"}})
    found = columns((*(each for each in HEADER if each != "heures_travaillees"), *days), profile)
    assert (found.layout, Field.WORKED in found.by_field) == (Layout.LONG, False)
    assert [each.ignored for each in found.headers[-len(days) :]] == [bool(said)] * len(days)


PERIOD = tuple(each for at in HEADER for each in (("Du", "Au") if at == "semaine" else (at,)))


def test_a_week_may_be_the_days_of_two_columns() -> None:
    found = columns(PERIOD)
    assert (found.by_field[Field.WEEK], found.last_day, found.name(Field.WEEK)) == (7, 8, "Du")
    assert all(each.field for each in found.headers)
    of_dates = tuple({"Du": "Date de début", "Au": "Date de fin"}.get(each, each) for each in PERIOD)
    assert columns(of_dates).last_day == 8


def test_a_first_day_alone_names_its_week_and_a_week_beside_both_is_read_alone() -> None:
    alone = columns(tuple(each for each in PERIOD if each != "Au"))
    assert (alone.by_field[Field.WEEK], alone.last_day) == (7, None)
    beside = columns((*HEADER, "Du", "Au"))
    assert (beside.by_field[Field.WEEK], beside.last_day) == (7, None)
    assert [each.name for each in beside.headers if not each.field] == ["Du", "Au"]
    ignored = columns(PERIOD, ImportProfile(name="Paie", headers={"au": "ignored"}))
    assert (ignored.by_field[Field.WEEK], ignored.last_day) == (7, None)


def test_a_profile_names_ignores_and_replaces_columns() -> None:
    profile = ImportProfile(
        name="Paie",
        headers={"Code sal.": Field.NIR, "Heures indemnisables": "ignored"},
        constants={Field.MODE: "02"},
    )
    header = ("CODE SAL", *(each for each in HEADER[1:] if each != "mode"), "heures indemnisables")
    found = columns(header, profile)
    assert found.by_field[Field.NIR] == 0
    assert Field.MODE not in found.by_field
    assert [each.name for each in found.headers if each.ignored] == ["heures indemnisables"]


def test_data_that_the_law_does_not_name_is_named_and_not_read() -> None:
    found = columns((*HEADER, "Sexe", "IBAN", "Commentaire", "Primes chomees"), None, Field.IBAN)
    assert [(each.name, each.unlisted) for each in found.headers if not each.field] == [
        ("Sexe", True),
        ("IBAN", True),
        ("Commentaire", False),
        ("Primes chomees", False),
    ]
    assert Field.IBAN not in found.by_field


def test_a_bic_is_needless_beside_an_iban_and_named_where_there_is_none() -> None:
    assert columns((*HEADER, "IBAN", "BIC")).headers[-1].ignored
    assert columns((*HEADER, "IBAN", "BIC"), None, Field.IBAN).headers[-1].unlisted


def test_weeks_without_a_year_ask_for_the_month() -> None:
    with pytest.raises(FileRefused) as refused:
        Reader(None, frozenset()).columns(WIDE_HEADER, 1)
    assert (refused.value.code, refused.value.at) == (RefusalCode.MONTH_UNKNOWN, WIDE_HEADER[7:11])
    with_year = tuple(f"{each}/2021" if each.startswith("S2") else each for each in WIDE_HEADER)
    with_year = tuple(
        each.replace(" trav/2021", "/2021 trav").replace(" chômées/2021", "/2021 chômées") for each in with_year
    )
    assert len(Reader(None, frozenset()).columns(with_year, 1).weeks) == 2


def test_a_birth_name_is_the_name_where_there_is_no_other() -> None:
    alone = tuple("Nom de naissance" if each == "nom" else each for each in HEADER)
    assert columns(alone).by_field[Field.FAMILY_NAME] == 1
    both = columns((*HEADER, "Nom de naissance"), None, Field.BIRTH_NAME)
    assert both.by_field[Field.FAMILY_NAME] == 1
    assert both.headers[-1].unlisted


def test_more_columns_than_are_read_refuse_the_file() -> None:
    assert refusal((*HEADER, *("x" for _ in range(MAX_COLUMNS))))[0] is RefusalCode.TOO_MANY_COLUMNS


def test_what_is_shown_is_one_short_line() -> None:
    assert shown("a\x07\n b\u202e") == "a b"
    assert len(shown("x" * 1000)) == 60


@pytest.mark.parametrize(
    "written",
    [
        "185057800608491",
        "Salarié 1 85 05 78 006 084 91",
        "1/85/05/78/006/084",
        "2 - 85 - 05 - 2A - 006 - 084 - 91",
        "IBAN FR7630006000011234567890189",
        "DE 89 3704 0044 0532 0130 00",
        "fr76.3000.6000.0112.3456.7890.189",
        "GB29  NWBK  6016  1331  9268  19",
        "NO93 8601 1117 947",
    ],
)
def test_a_number_of_a_person_is_masked_in_a_header_as_in_a_value(written: str) -> None:
    assert len(shown(written)) == 4
    (unknown,) = [each for each in columns((*HEADER, written)).headers if each.field is None]
    assert unknown.name == shown(written)


@pytest.mark.parametrize(
    "written",
    [
        "Semaine 10 heures travaillées",
        "Semaine 10 du 01/03 au 07/03/2021",
        "du 01/03/2021 - 07/03/2021 h chom",
        "du 01-03-2021 au 07-03-2021 h trav",
        "2021-03-01 h trav",
        "Tél. 06 01 02 03 04",
    ],
)
def test_other_headers_are_shown(written: str) -> None:
    assert shown(written) == written
