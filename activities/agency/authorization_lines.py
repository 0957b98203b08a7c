"""An authorization, or its amendment, as a row of a file for the paying agency."""

from typing import Final

from activities.agency.layout import MODIFICATION, Fields, RowLayout, day, decimal, holder
from law.calendar import local
from models.identifiers import authorization_of, printed_number
from models.store.agency.rows import Row

_DEPARTMENT: Final = 3
"""Characters of a reference that name the département."""


def _fields(row: Row) -> Fields:
    born_at = local(row.effect_at, row.reference[:_DEPARTMENT])
    return {
        "cleLigne": row.key,
        "siret": row.siret,
        "numAutorisation": row.number,
        "natureDecision": "TACITE" if row.tacit else "EXPRESSE",
        "dateEffet": f"{born_at:%d/%m/%Y}",
        "heureEffet": f"{born_at:%H:%M:%S}",
        "motifRecours": row.ground.code,
        "dateDebut": day(row.start_on),
        "dateFin": day(row.end_on),
        "nbSalaries": row.employees,
        "nbHeures": decimal(row.hours),
        "iban": row.iban,
        "titulaireCompte": holder(row.holder, row.number),
        "empreinteDocument": row.sha256,
    }


def _amending_fields(row: Row) -> Fields:
    """The same of an amendment, with its movement and the number of the authorization that it changes."""
    amended = printed_number(authorization_of(row.reference))
    return {"typeMouvement": MODIFICATION} | _fields(row) | {"numAutorisationModifiee": amended}


def _digests(row: Row) -> list[Fields]:
    return [{"document": f"{row.number}.pdf", "sha256": row.sha256}]


_PAID: Final = ("cleLigne", "siret", "numAutorisation", "nbSalaries", "nbHeures", "iban", "titulaireCompte")
AUTHORIZATION_LINES: Final = RowLayout(_fields, _digests, _PAID)
AMENDMENT_LINES: Final = RowLayout(_amending_fields, _digests, (*_PAID, "numAutorisationModifiee"))
