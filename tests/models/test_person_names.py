"""A name that the State prints holds no sentence, number or address, whoever states it."""

import unicodedata

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from models.person_names import MAX_PRINTED, FirmName, PersonName, Quality, printed_name

PERSON: TypeAdapter[str] = TypeAdapter(PersonName)
QUALITY: TypeAdapter[str] = TypeAdapter(Quality)
FIRM: TypeAdapter[str] = TypeAdapter(FirmName)
SPOKEN = "votre expert-comptable. Pour votre sécurité, composez le 01 99 00 12 34"


@pytest.mark.parametrize(
    "name",
    [
        "Jeanne Martin",
        "M. Jean-Pierre d’Ormesson",
        "Mme. Zoé O'Brien",
        "J.-P. Nguyễn Văn Ánh",
        "J.P. Lê",
        "Dr. Łukasz Żółć",
        "Ελένη Παπαδοπούλου",
        "Мария Иванова",
        "Martin Luther King Jr.",
        "X",
    ],
)
def test_names_of_people_are_taken(name: str) -> None:
    assert PERSON.validate_python(name) == name == printed_name(name)


@pytest.mark.parametrize(
    "name",
    [
        SPOKEN,
        "Appelez le 0199001234",
        "Jean 2",
        "jean@exemple.fr",
        "jean.fr",
        "t.co",
        "a.b.co",
        "M.martin",
        "www.exemple.fr",
        "Jean/Paul",
        "Jean : urgent",
        "Jean, gérant",
        "Donnez ce code. Merci",
        "Jean.",
        "Jean !",
        "Jean …",
        "Jean ǃ",
        "Jean ː ici",
        "Martin ٣٤٥",
        "Ⅳ",
        "a" * 81,
        "-",
        "’",
    ],
)
def test_what_speaks_is_no_name(name: str) -> None:
    with pytest.raises(ValidationError) as refused:
        PERSON.validate_python(name)
    assert refused.value.errors()[0]["ctx"]["code"] in ("not-a-name", "too-long", "empty", "unprintable-sign")
    assert name not in refused.value.errors()[0]["msg"] or len(name) == 1


@pytest.mark.parametrize(
    "quality",
    [
        "responsable des ressources humaines (siège)",
        "gérante, associée",
        "D.R.H.",
        "resp. paie",
        "gérant.e",
        "directeur.rice adj.",
        "associé.e.s",
        "directeur·rice",
    ],
)
def test_qualities_are_taken(quality: str) -> None:
    assert QUALITY.validate_python(quality) == quality == printed_name(quality)


@pytest.mark.parametrize(
    "quality", ["et donnez-le. Vite", "tél. 01 99", "a.es", "gérant.e.sx", "gérant.com", "x.e.sx", "voir: ici", "e.fr"]
)
def test_what_speaks_is_no_quality(quality: str) -> None:
    with pytest.raises(ValidationError):
        QUALITY.validate_python(quality)


def test_a_firm_may_have_a_few_figures_and_no_number() -> None:
    assert FIRM.validate_python("Cabinet 2A & Associés") == "Cabinet 2A & Associés"
    for wrong in ("Cabinet 01 99 00", "Cabinet 01.99", "Cabinet (3)"):
        with pytest.raises(ValidationError):
            FIRM.validate_python(wrong)


def test_a_name_of_before_is_printed_without_what_speaks() -> None:
    shown = printed_name(SPOKEN)
    assert shown == "votre expert-comptable Pour votre sécurité, composez le 01 99"
    assert printed_name("jean@exemple.fr https://exemple.fr") == "jean exemple fr https exemple fr"
    assert len(printed_name("a" * 400)) == MAX_PRINTED
    assert (printed_name(""), printed_name("…")) == ("", "□")
    assert printed_name("Jeanne Martin, responsable (siège)") == "Jeanne Martin, responsable (siège)"


@seed(20_261_129)
@settings(max_examples=300, deadline=None, database=None)
@given(st.text(max_size=400))
def test_whatever_was_stored_is_printed_narrow(stored: str) -> None:
    shown = printed_name(stored)
    assert len(shown) <= MAX_PRINTED
    assert not set(shown) & set("@/:;!?\n")
    assert sum(unicodedata.category(sign) == "Nd" for sign in shown) <= 4
    assert bool(shown) == bool(stored)


@seed(20_261_129)
@settings(max_examples=300, deadline=None, database=None)
@given(st.text(st.sampled_from("aé.M -’,(·&2:@"), max_size=20))
def test_what_is_admitted_is_printed_unchanged(name: str) -> None:
    for form in (PERSON, QUALITY, FIRM):
        try:
            assert printed_name(form.validate_python(name)) == form.validate_python(name)
        except ValidationError:
            continue
