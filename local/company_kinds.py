"""Kinds of establishment that the register's counterpart knows: fictional firms, SIRETs with valid check digits."""

from typing import Final

from stdnum import luhn

from local.company_documents import Known, Past


def fictional_siret(number: int, rank: int = 1) -> str:
    """The SIRET of the n-th fictional firm (SIREN from 000 0xx xxx), and of its r-th establishment."""
    siren = f"{number:08}"
    siren += luhn.calc_check_digit(siren)
    return siren + f"{rank:04}" + luhn.calc_check_digit(f"{siren}{rank:04}")


def in_montpellier(siret: object, **changes: object) -> Known:
    """An ordinary establishment, disclosed, with everything that changes nothing to the kind."""
    facts: dict[str, object] = {
        "siret": siret,
        "denomination": "ATELIERS DURAND",
        "number": "12",
        "street_kind": "RUE",
        "street": "DE L'EGLISE",
        "postcode": "34000",
        "commune": "MONTPELLIER",
        "commune_code": "34172",
        "band": "12",
    }
    return Known.model_validate(facts | changes)


def _elsewhere(number: int, postcode: str, commune: str, code: str, **changes: object) -> Known:
    place = {"postcode": postcode, "commune": commune, "commune_code": code}
    return in_montpellier(**({"siret": fictional_siret(number)} | place | changes))


_MOVED_TO: Final = fictional_siret(90_012, 2)
KINDS: Final = {
    "active_head_office": in_montpellier(fictional_siret(90_001)),
    "active_secondary": in_montpellier(
        fictional_siret(90_002, 2),
        head_office=fictional_siret(90_002),
        sign="L'ATELIER DU LEZ",
    ),
    "its_head_office": _elsewhere(90_002, "75001", "PARIS 1", "75101"),
    "ceased": _elsewhere(90_003, "01000", "BOURG-EN-BRESSE", "01053", state="F", since="2026-03-31"),
    "reunion": _elsewhere(90_004, "97400", "SAINT-DENIS", "97411"),
    "south_corsica": _elsewhere(90_005, "20000", "AJACCIO", "2A004"),
    "upper_corsica": _elsewhere(90_006, "20200", "BASTIA", "2B033"),
    "partly_disclosed": _elsewhere(90_007, "38000", "GRENOBLE", "38185", diffusion="P"),
    "undisclosed": Known(siret=fictional_siret(90_008), status=403),
    "no_headcount": _elsewhere(90_009, "59000", "LILLE", "59350", band="NN"),
    "no_employee": _elsewhere(90_010, "59000", "LILLE", "59350", band="00"),
    "renamed": in_montpellier(
        fictional_siret(90_011),
        usual_name="DURAND MECANIQUE",
        since="2024-01-01",
        past=(
            Past(start="2020-01-01", end="2023-12-31", usual_name="MECANIQUE DU MIDI"),
            Past(start="2015-03-01", end="2019-12-31", sign="CHEZ DURAND"),
        ),
    ),
    "moved_from": in_montpellier(
        fictional_siret(90_012),
        state="F",
        since="2026-01-15",
        head_office=_MOVED_TO,
        past=(Past(start="2015-03-01", end="2026-01-14"),),
    ),
    "moved_to": in_montpellier(_MOVED_TO, postcode="69003", commune="LYON 3EME", commune_code="69383"),
    "abroad": in_montpellier(
        fictional_siret(90_013),
        postcode=None,
        commune=None,
        commune_code=None,
        foreign_commune="1000 BRUXELLES",
        country="BELGIQUE",
    ),
    "sole_trader": _elsewhere(
        90_014, "85000", "LA ROCHE-SUR-YON", "85191", denomination=None, first_name="CAMILLE", family_name="MARTIN"
    ),
    "undisclosed_sole_trader": _elsewhere(
        90_015,
        "85000",
        "LA ROCHE-SUR-YON",
        "85191",
        denomination=None,
        first_name="LOU",
        family_name="PETIT",
        diffusion="P",
    ),
    "duplicate": Known(siret=fictional_siret(90_016), duplicate_of=fictional_siret(90_001)),
    "unknown": Known(siret=fictional_siret(90_017), status=404),
    "post_office": _elsewhere(1, "92130", "ISSY-LES-MOULINEAUX", "92040", siret="35600000090002", band="53"),
    "cedex": in_montpellier(fictional_siret(90_018), cedex="34961", cedex_label="MONTPELLIER CEDEX 2"),
    "saint_barthelemy": _elsewhere(90_019, "97133", "SAINT-BARTHELEMY", "97701"),
    "largest": _elsewhere(90_020, "75013", "PARIS 13", "75113", band="53"),
}
"""Name of the kind → the establishment; two of them are the other half of another one."""
BY_SIRET: Final = {each.siret: each for each in KINDS.values()}
