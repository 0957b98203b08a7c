"""A claim as the agency reads it: totals, days that are authorised, digests; nobody’s name."""

import json
from datetime import date
from decimal import Decimal

from activities.agency.claim_lines import CLAIM_LINES
from activities.agency.layout import lay_out
from models.store.agency.claim_rows import ClaimRow

ROW = ClaimRow(
    key="a" * 64,
    claim_id="0198a3a2-0000-7000-8000-000000000000",
    reference="034AQHV02",
    number="034AQHV0200",
    siret="73282932000074",
    month=date(2021, 2, 1),
    part=1,
    version=2,
    start_on=date(2021, 1, 11),
    end_on=date(2021, 2, 19),
    people=12,
    hours=Decimal("420.5"),
    allowance_cents=350_005,
    state_cents=234_503,
    unedic_cents=115_502,
    iban="FR1420041010050500013M02606",
    holder="Ateliers Cœur d’Ÿonne",
    sha256="b" * 64,
    nominal_sha256="c" * 64,
)


def test_a_claim_is_one_row_with_the_digests_of_its_two_files() -> None:
    content, count = lay_out(CLAIM_LINES, [ROW], 700, 2**20)
    assert count == 1
    assert json.loads(content) == {
        "msgInformatif": None,
        "telId": None,
        "lignesTelechargement": [
            {
                "numLigne": 1,
                "typeMouvement": "C",
                "mesure": "ACTIVITE_PARTIELLE",
                "cleLigne": "a" * 64,
                "siret": "73282932000074",
                "numAutorisation": "034AQHV0200",
                "moisIndemnise": "02/2021",
                "numPartie": 1,
                "numVersion": 2,
                "dateDebut": "01/02/2021",
                "dateFin": "19/02/2021",
                "nbSalaries": 12,
                "nbHeures": "420,50",
                "montantAllocation": "3500,05",
                "partEtat": "2345,03",
                "partUnedic": "1155,02",
                "iban": "FR1420041010050500013M02606",
                "titulaireCompte": "ATELIERS COEUR D'YONNE",
                "empreinteDocument": "b" * 64,
                "empreinteNominatif": "c" * 64,
                "codeTraitement": None,
                "libelleTraitement": None,
            }
        ],
        "empreintes": [
            {"numLigne": 1, "document": "034AQHV0200_202102_1_2.pdf", "sha256": "b" * 64},
            {"numLigne": 1, "document": f"{'c' * 64}.p7m", "sha256": "c" * 64},
        ],
    }
