"""The public company search (recherche-entreprises.api.gouv.fr): the second choice, without a key.

`GET {base}/search?q={siret}` answers `results`, one legal unit each, with `siege` and `matching_etablissements`.
It says nothing of an establishment that it does not list: the register may know it all the same.
"""

from typing import Annotated, Final, Literal

from pydantic import Field, WrapValidator

from activities.companies.exchange import Exchange, SourceAway
from activities.companies.raw_texts import (
    MAX_TEXT,
    RawMessage,
    RawText,
    SecondaryCode,
    SecondaryDay,
    SecondaryInstant,
    SecondaryText,
    absent_if_wrong,
    admitted,
    printable,
    printed_name,
)
from law.communes import department_of_commune
from models.establishments import BANDS, ListedEstablishment, PostalAddress
from models.identifiers import Siret

MAX_RESULTS: Final = 25
_SECONDARY: Final = WrapValidator(absent_if_wrong)


class _Place(RawMessage):
    """An establishment of a legal unit: its `siege`, or one that matches."""

    siret: Annotated[Siret, Field(pattern=r"^[0-9]{14}$")]
    address: Annotated[str | None, _SECONDARY] = Field(None, alias="adresse")
    postcode: SecondaryText = Field(None, alias="code_postal")
    commune_code: RawText = Field(None, alias="commune")
    commune: SecondaryText = Field(None, alias="libelle_commune")
    foreign_commune: SecondaryText = Field(None, alias="libelle_commune_etranger")
    country: SecondaryText = Field(None, alias="libelle_pays_etranger")
    state: Literal["A", "F"] = Field(alias="etat_administratif")
    ceased_on: SecondaryDay = Field(None, alias="date_fermeture")
    head_office: bool = Field(alias="est_siege")
    trade_name: SecondaryText = Field(None, alias="nom_commercial")
    signs: Annotated[list[SecondaryText] | None, _SECONDARY] = Field(None, alias="liste_enseignes", max_length=100)
    diffusion: Literal["O", "P", "N"] = Field("O", alias="statut_diffusion_etablissement")
    band: SecondaryCode = Field(None, alias="tranche_effectif_salarie")
    treated_at: SecondaryInstant = Field(None, alias="date_mise_a_jour_insee")

    def postal(self) -> PostalAddress | None:
        """The address: what stands before its postcode is the street; nothing of an undisclosed one."""
        written = printable(self.address or "")
        street, found, _ = written.partition(f" {self.postcode} ") if self.postcode else (written, "", "")
        disclosed = (found or self.country) and admitted(written[:MAX_TEXT])
        shown = admitted(street) if disclosed else None
        address = PostalAddress(
            lines=(shown,) if shown else (),
            postcode=self.postcode,
            commune=self.foreign_commune or self.commune,
            commune_code=self.commune_code,
            country=self.country,
        )
        return address if address.text else None


class _Unit(RawMessage):
    siren: str = Field(pattern=r"^[0-9]{9}$")
    firm: RawText = Field(None, alias="nom_raison_sociale")
    full_name: SecondaryText = Field(None, alias="nom_complet")
    siege: Annotated[_Place | None, _SECONDARY] = None
    matching: list[Annotated[_Place | None, _SECONDARY]] = Field([], alias="matching_etablissements", max_length=1_000)

    @property
    def office(self) -> _Place | None:
        """Its head office; None if the answer has none, or one of another firm."""
        return self.siege if self.siege and self.siege.siret.startswith(self.siren) else None

    def find(self, siret: str) -> _Place | None:
        """Return the establishment that was asked for, if this unit lists it."""
        return next((each for each in (*self.matching, self.siege) if each and each.siret == siret), None)


class _Results(RawMessage):
    results: list[Annotated[_Unit | None, _SECONDARY]] = Field(max_length=MAX_RESULTS)


def read_results(content: bytes, siret: str) -> tuple[ListedEstablishment, ...]:
    """Read an establishment, then its head office if the answer has it; empty when the search does not list it.

    What the answer has beside these two is not looked at. Raises `ValueError` if the answer is malformed, or lists the
    establishment under another firm.
    """
    units = _Results.model_validate_json(content).results
    for unit in filter(None, units):
        if place := unit.find(siret):
            if unit.siren != siret[:9]:
                raise ValueError("another firm")
            wanted = {place.siret: place} | ({unit.office.siret: unit.office} if unit.office else {})
            return tuple(_record(unit, each) for each in wanted.values())
    if None in units or any(None in unit.matching for unit in units if unit):
        raise ValueError("malformed")
    return ()


def _record(unit: _Unit, place: _Place) -> ListedEstablishment:
    sign = next(filter(None, place.signs or ()), None)
    office = place if place.head_office else unit.office
    return ListedEstablishment(
        siret=place.siret,
        name=printed_name(unit.firm or unit.full_name, place.trade_name or sign),
        address=place.postal(),
        department=department_of_commune(place.commune_code or ""),
        state="active" if place.state == "A" else "ceased",
        ceased_on=None if place.state == "A" else place.ceased_on,
        head_office=place.head_office,
        head_office_siret=office.siret if office else None,
        partly_disclosed=place.diffusion != "O",
        headcount=BANDS.get(place.band or ""),
        treated_at=place.treated_at,
        source="search",
    )


class Search:
    """The search API at its base address, `https://recherche-entreprises.api.gouv.fr`."""

    name: Final = "search"

    def __init__(self, base: str) -> None:
        self._base = base.rstrip("/")
        self._exchange = Exchange()

    async def ask(self, siret: str) -> tuple[ListedEstablishment, ...]:
        """Ask about an establishment; raises `SourceAway`, also when the search does not list it."""
        reply = await self._exchange.get(f"{self._base}/search", q=siret)
        if reply.status != 200:
            raise SourceAway.of(reply)
        try:
            found = read_results(reply.content, siret)
        except ValueError:
            raise SourceAway("malformed") from None
        if not found:
            raise SourceAway("unlisted")
        return found
