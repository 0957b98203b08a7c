"""Rows of codes: one a code that is shown, a few to type those that are not, and each keeps its own choice."""

from models.claim_files.fields import Field
from models.claim_files.profile import ImportProfile
from starter.pages.components import code_rows
from starter.services.upload_views import UnreadCode


def a_code(field: str, shown: str, *, whole: bool = True) -> UnreadCode:
    return UnreadCode.model_validate(
        {"field": field, "column": "Statut", "shown": shown, "whole": whole, "lines": 3, "first_line": 7}
    )


def test_a_code_that_is_shown_has_a_row_and_those_that_are_not_are_typed() -> None:
    hidden = [
        a_code("mode", "texte de 4 caractères", whole=False),
        a_code("mode", "texte de 9 caractères", whole=False),
    ]
    rows = code_rows.unknown_rows([a_code("category", "C"), a_code("category", "—"), *hidden])
    assert [(each.name, each.written) for each in rows] == [
        ("category-1", "C"),
        *((f"typed-mode-{number}", "") for number in range(1, code_rows.MAX_TYPED + 1)),
    ]
    assert "3 lignes" in rows[0].hint
    assert all(each.shown in rows[1].hint for each in hidden)
    assert rows[1].hint.endswith(f". {code_rows.NEVER_A_NAME}")
    assert rows[2].hint == code_rows.NEVER_A_NAME


def test_explained_codes_follow_while_there_is_room_and_may_be_forgotten() -> None:
    full = ImportProfile.model_validate({"name": "Paie", "modes": {f"M{at}": "02" for at in range(30)}})
    rows = code_rows.explained_rows(full, code_rows.MAX_ROWS - 2)
    assert [each.name for each in rows] == [f"mode-{code_rows.MAX_ROWS - 1}", f"mode-{code_rows.MAX_ROWS}"]
    assert code_rows.FORGET in rows[0].choices
    assert (rows[0].blank, rows[0].choices[0][0]) == (dict(code_rows.CHOICES[Field.MODE])["02"], "01")
    assert "02" not in dict(rows[0].choices)
    assert code_rows.FORGET not in code_rows.unknown_rows([a_code("mode", "H")])[0].choices
    assert code_rows.explained_rows(None, 0) == []


def test_every_code_that_was_explained_stands_on_one_page_in_the_order_of_codes() -> None:
    modes = {f"m{at:03}": "02" for at in range(20)}
    full = ImportProfile.model_validate({"name": "Paie", "modes": modes, "categories": {"Z": "worker", "É": "worker"}})
    pages = [code_rows.page_of_explained(full, number) for number in (1, 2, 3)]
    assert [each.written for rows in pages for each in rows] == ["É", "Z", *modes]
    assert [len(rows) for rows in pages] == [8, 8, 6]
    assert pages[1][0].name == "mode-1"
    assert code_rows.page_of_explained(full, 4) == code_rows.page_of_explained(None, 1) == []
    assert (code_rows.count_explained(full), code_rows.count_explained(None)) == (22, 0)


def test_a_choice_follows_its_code_wherever_its_row_is_now() -> None:
    now = code_rows.unknown_rows([a_code("category", "A"), a_code("category", "C")])
    typed = {"category-1-written": "C", "category-1": "executive", "typed-mode-1-written": "H"}
    assert code_rows.values(now, typed) == {
        "category-1": "",
        "category-2": "executive",
        "typed-mode-1-written": "H",
    }


def test_every_row_that_says_something_is_read() -> None:
    fields = {"category-1-written": "C", "category-1": "executive", "category-2-written": "A", "category-2": ""}
    fields |= {"typed-mode-2-written": "Jour", "typed-mode-2": "05", "mode-8-written": "H", "mode-8": "02"}
    assert code_rows.stated(fields) == {Field.CATEGORY: {"C": "executive"}, Field.MODE: {"H": "02", "Jour": "05"}}


def test_whatever_is_written_is_forgotten_beside_what_is_read_alike() -> None:
    fields = {"category-1-written": "C", "category-1": "executive", "category-2-written": "c"}
    fields |= {"category-2": code_rows.FORGOTTEN, "mode-1-written": "-", "mode-1": code_rows.FORGOTTEN}
    assert code_rows.stated(fields) == {
        Field.CATEGORY: {"C": "executive", "c": code_rows.FORGOTTEN},
        Field.MODE: {"-": code_rows.FORGOTTEN},
    }


def test_rows_show_what_counts_of_a_profile_that_was_kept_before_the_rules() -> None:
    before = {"-": "worker", "C": "executive", "c": "employee"}
    rows = code_rows.explained_rows(ImportProfile.model_validate({"name": "Paie", "categories": before}), 0)
    assert [(each.written, each.meaning) for each in rows] == [("c", "employee")]
