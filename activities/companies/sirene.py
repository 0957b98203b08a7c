"""INSEE's Sirene API, version 3.11: `GET {base}/siret/{siret}` with the key in a header.

The document has the establishment, its legal unit, its address and its periods; the current period is the one
without an end. A head office is known by the `nicSiegeUniteLegale` of the legal unit. Errors of the API itself are
`{"header": {"statut", "message"}}`; those of the gateway in front of it have another shape.
"""

import re
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import Field, TypeAdapter, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from activities.companies.exchange import Exchange, Reply, SourceAway
from activities.companies.raw_texts import (
    Nic,
    RawDay,
    RawMessage,
    RawText,
    SecondaryCode,
    SecondaryDay,
    SecondaryInstant,
    SecondaryText,
    printed_name,
)
from law.communes import department_of_commune
from models.establishments import BANDS, ListedEstablishment, PostalAddress
from models.identifiers import Siret
from models.settings import INSEE_KEY_HEADER

MOVED: Final = (301, 302, 307, 308)
LOCATION: Final = re.compile(r"/(?!/)(?:[\w.-]+/)*siret/(\d{14})", re.ASCII)
"""A path on the same server; of the whole address, only the SIRET is used."""
STREETS: Final = {
    "ALL": "allée",
    "AV": "avenue",
    "BD": "boulevard",
    "CHE": "chemin",
    "CRS": "cours",
    "IMP": "impasse",
    "LOT": "lotissement",
    "PL": "place",
    "QUAI": "quai",
    "RTE": "route",
    "SQ": "square",
    "ZA": "zone d’activité",
    "ZI": "zone industrielle",
}
"""Abbreviations of the register for kinds of streets; any other word is printed as it is, in lower case."""


_SIRET: Final = TypeAdapter[str](Siret)


class _Header(RawMessage):
    statut: int


class _Refusal(RawMessage):
    header: _Header


class _Unit(RawMessage):
    denomination: RawText = Field(None, alias="denominationUniteLegale")
    family_name: RawText = Field(None, alias="nomUniteLegale")
    usage_name: RawText = Field(None, alias="nomUsageUniteLegale")
    first_name: RawText = Field(None, alias="prenom1UniteLegale")
    usual_first_name: RawText = Field(None, alias="prenomUsuelUniteLegale")
    head_office_nic: Nic = Field(None, alias="nicSiegeUniteLegale")

    @property
    def name(self) -> str | None:
        person = (self.usual_first_name or self.first_name, self.usage_name or self.family_name)
        return self.denomination or " ".join(filter(None, person)) or None


class _Address(RawMessage):
    extra: RawText = Field(None, alias="complementAdresseEtablissement")
    number: RawText = Field(None, alias="numeroVoieEtablissement")
    repetition: RawText = Field(None, alias="indiceRepetitionEtablissement")
    kind: RawText = Field(None, alias="typeVoieEtablissement")
    street: RawText = Field(None, alias="libelleVoieEtablissement")
    special: RawText = Field(None, alias="distributionSpecialeEtablissement")
    postcode: RawText = Field(None, alias="codePostalEtablissement")
    commune: RawText = Field(None, alias="libelleCommuneEtablissement")
    commune_code: RawText = Field(None, alias="codeCommuneEtablissement")
    cedex: RawText = Field(None, alias="codeCedexEtablissement")
    cedex_label: RawText = Field(None, alias="libelleCedexEtablissement")
    foreign_commune: RawText = Field(None, alias="libelleCommuneEtrangerEtablissement")
    country: RawText = Field(None, alias="libellePaysEtrangerEtablissement")

    def record(self) -> PostalAddress:
        """The address as mail needs it: a CEDEX replaces postcode and commune."""
        kind = STREETS.get(self.kind.upper(), self.kind.lower()) if self.kind else None
        street = " ".join(filter(None, (self.number, self.repetition, kind, self.street)))
        with_cedex = self.cedex and self.cedex_label
        return PostalAddress(
            lines=tuple(filter(None, (self.extra, street, self.special))),
            postcode=self.cedex if with_cedex else self.postcode,
            commune=self.foreign_commune or (self.cedex_label if with_cedex else self.commune),
            commune_code=self.commune_code,
            country=self.country,
        )


def _commune_at_least(value: object, read: ValidatorFunctionWrapHandler) -> object:
    """Read an address; of a malformed one, which no letter may go to, only the commune, which gives the département."""
    try:
        return read(value)
    except ValidationError:
        known = value if isinstance(value, dict) else {}
        return read({"codeCommuneEtablissement": known.get("codeCommuneEtablissement")})


class _Period(RawMessage):
    end: RawDay = Field(None, alias="dateFin")
    start: SecondaryDay = Field(None, alias="dateDebut")
    state: Literal["A", "F"] = Field(alias="etatAdministratifEtablissement")
    sign: SecondaryText = Field(None, alias="enseigne1Etablissement")
    usual_name: SecondaryText = Field(None, alias="denominationUsuelleEtablissement")


class _Establishment(RawMessage):
    siret: str = Field(pattern=r"^[0-9]{14}$")
    diffusion: Literal["O", "P", "N"] = Field(alias="statutDiffusionEtablissement")
    band: SecondaryCode = Field(None, alias="trancheEffectifsEtablissement")
    treated_at: SecondaryInstant = Field(None, alias="dateDernierTraitementEtablissement")
    head_office: bool = Field(alias="etablissementSiege")
    unit: _Unit = Field(alias="uniteLegale")
    address: Annotated[_Address, WrapValidator(_commune_at_least)] = Field(alias="adresseEtablissement")
    periods: tuple[_Period, ...] = Field(alias="periodesEtablissement", min_length=1, max_length=1_000)

    @property
    def current(self) -> _Period:
        """The one period without an end; an answer without it, or with several, is malformed."""
        (period,) = (each for each in self.periods if each.end is None)
        return period


class _Document(RawMessage):
    establishment: _Establishment = Field(alias="etablissement")


def read_document(content: bytes, siret: str) -> ListedEstablishment:
    """Read the document of an establishment; raises `ValueError` if it is malformed or about another one."""
    raw = _Document.model_validate_json(content).establishment
    if raw.siret != siret:
        raise ValueError("another establishment")
    period, address = raw.current, raw.address.record()
    nic = raw.unit.head_office_nic
    return ListedEstablishment(
        siret=siret,
        name=printed_name(raw.unit.name, period.usual_name or period.sign),
        address=address if address.text else None,
        department=department_of_commune(raw.address.commune_code or ""),
        state="active" if period.state == "A" else "ceased",
        ceased_on=None if period.state == "A" else period.start,
        head_office=raw.head_office,
        head_office_siret=siret if raw.head_office else _of_unit(siret, nic),
        partly_disclosed=raw.diffusion != "O",
        headcount=BANDS.get(raw.band or ""),
        treated_at=raw.treated_at,
        source="sirene",
    )


def _of_unit(siret: str, nic: str | None) -> str | None:
    """Return the SIRET of the head office; None without its number, or for one that cannot exist."""
    try:
        return _SIRET.validate_python(f"{siret[:9]}{nic}") if nic else None
    except ValidationError:
        return None


class Sirene:
    """INSEE's API at its base address, `https://api.insee.fr/api-sirene/3.11` today."""

    name: Final = "sirene"

    def __init__(self, base: str, key: str) -> None:
        self._base = base.rstrip("/")
        self._exchange = Exchange({INSEE_KEY_HEADER: key})

    async def ask(self, siret: str) -> tuple[ListedEstablishment, ...] | Literal["unknown", "undisclosed"]:
        """Ask about an establishment; raises `SourceAway`, which says why and how long to wait."""
        reply = await self._get(siret)
        if reply.status not in MOVED:
            return _read(reply, siret)
        other = self._duplicate_of(reply)
        found = _read(await self._get(other), other)
        if isinstance(found, str):
            return found
        return (found[0].model_copy(update={"siret": siret, "listed_as": other}), *found)

    async def _get(self, siret: str) -> Reply:
        return await self._exchange.get(f"{self._base}/siret/{siret}")

    def _duplicate_of(self, reply: Reply) -> str:
        """Return the SIRET that replaces a duplicate: one hop, to the same server, whatever `Location` says."""
        here = urlsplit(self._base)
        found = LOCATION.fullmatch(reply.location.removeprefix(f"{here.scheme}://{here.netloc}"))
        if found is None:
            raise SourceAway("redirection")
        return found[1]


def _read(reply: Reply, siret: str) -> tuple[ListedEstablishment, ...] | Literal["unknown", "undisclosed"]:
    match reply.status:
        case 200:
            try:
                return (read_document(reply.content, siret),)
            except ValueError:
                raise SourceAway("malformed") from None
        case 404 if _statut(reply) == 404:
            return "unknown"
        case 403 if _statut(reply) == 403:
            return "undisclosed"
        case 401 | 403:
            raise SourceAway("key")
        case _:
            raise SourceAway.of(reply)


def _statut(reply: Reply) -> int | None:
    """Return the status inside an error of the API itself; None for one of its gateway, or of a proxy on the way."""
    try:
        return _Refusal.model_validate_json(reply.content).header.statut
    except ValidationError:
        return None
