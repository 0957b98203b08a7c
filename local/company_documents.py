"""Documents of the two public APIs about an establishment, in the shape in which they were recorded."""

from typing import Literal

from pydantic import Field

from models.identifiers import Message

UNDISCLOSED = "[ND]"
UNDISCLOSED_BY_SEARCH = "[NON-DIFFUSIBLE]"


class Past(Message):
    """A period of an establishment that has ended."""

    start: str
    end: str
    state: Literal["A", "F"] = "A"
    sign: str | None = None
    usual_name: str | None = None


class Known(Message):
    """An establishment of the counterpart: by default active, partly disclosed, nothing said of its commune."""

    siret: str
    status: Literal[200, 403, 404] = 200
    duplicate_of: str | None = None
    diffusion: Literal["O", "P", "N"] = "O"
    denomination: str | None = None
    first_name: str | None = None
    family_name: str | None = None
    sign: str | None = None
    usual_name: str | None = None
    complement: str | None = None
    number: str | None = None
    street_kind: str | None = None
    street: str | None = None
    postcode: str | None = None
    commune: str | None = None
    commune_code: str | None = None
    cedex: str | None = None
    cedex_label: str | None = None
    foreign_commune: str | None = None
    country: str | None = None
    band: str | None = None
    state: Literal["A", "F"] = "A"
    since: str = "2015-03-01"
    past: tuple[Past, ...] = Field(default=())
    head_office: str | None = None
    """SIRET of the head office of a secondary establishment."""

    @property
    def office_siret(self) -> str:
        """SIRET of the head office."""
        return self.head_office or self.siret


def sirene_document(known: Known) -> dict[str, object]:
    """The body of `GET /siret/{siret}`, as INSEE's version 3.11 answers it."""
    return {
        "header": {"statut": 200, "message": "OK"},
        "etablissement": {
            "siren": known.siret[:9],
            "nic": known.siret[9:],
            "siret": known.siret,
            "statutDiffusionEtablissement": known.diffusion,
            "dateCreationEtablissement": min(known.since, *(each.start for each in known.past), "9999"),
            "trancheEffectifsEtablissement": known.band,
            "anneeEffectifsEtablissement": "2024" if known.band not in {None, "NN"} else None,
            "activitePrincipaleRegistreMetiersEtablissement": None,
            "dateDernierTraitementEtablissement": "2026-09-14T10:42:11.000",
            "etablissementSiege": known.head_office is None,
            "nombrePeriodesEtablissement": 1 + len(known.past),
            "uniteLegale": _unit(known),
            "adresseEtablissement": _address(known, ""),
            "adresse2Etablissement": _address(Known(siret=known.siret), "2"),
            "periodesEtablissement": [
                _period(
                    Past(start=known.since, end="", state=known.state, sign=known.sign, usual_name=known.usual_name)
                ),
                *map(_period, known.past),
            ],
        },
    }


def _unit(known: Known) -> dict[str, object]:
    hidden = known.diffusion == "P"
    person = known.family_name is not None
    empty = "sigle denominationUsuelle1 denominationUsuelle2 denominationUsuelle3 nomUsage prenom2 prenom3 prenom4"
    return {f"{name}UniteLegale": None for name in empty.split()} | {
        "etatAdministratifUniteLegale": "A",
        "statutDiffusionUniteLegale": known.diffusion,
        "dateCreationUniteLegale": "2010-01-04",
        "categorieJuridiqueUniteLegale": "1000" if person else "5710",
        "denominationUniteLegale": UNDISCLOSED if hidden and not person else known.denomination,
        "sexeUniteLegale": UNDISCLOSED if hidden and person else None,
        "nomUniteLegale": UNDISCLOSED if hidden and person else known.family_name,
        "prenom1UniteLegale": UNDISCLOSED if hidden and person else known.first_name,
        "prenomUsuelUniteLegale": UNDISCLOSED if hidden and person else known.first_name,
        "pseudonymeUniteLegale": None,
        "activitePrincipaleUniteLegale": "25.62B",
        "nomenclatureActivitePrincipaleUniteLegale": "NAFRev2",
        "identifiantAssociationUniteLegale": None,
        "economieSocialeSolidaireUniteLegale": "N",
        "societeMissionUniteLegale": None,
        "caractereEmployeurUniteLegale": None,
        "trancheEffectifsUniteLegale": known.band,
        "anneeEffectifsUniteLegale": "2024",
        "nicSiegeUniteLegale": known.office_siret[9:],
        "dateDernierTraitementUniteLegale": "2026-09-14T10:42:11.000",
        "categorieEntreprise": "PME",
        "anneeCategorieEntreprise": "2024",
    }


def _address(known: Known, which: str) -> dict[str, object]:
    hidden = known.diffusion == "P"
    members = {
        "complementAdresse": known.complement,
        "numeroVoie": known.number,
        "indiceRepetition": None,
        "dernierNumeroVoie": None,
        "indiceRepetitionDernierNumeroVoie": None,
        "typeVoie": known.street_kind,
        "libelleVoie": known.street,
        "codePostal": known.postcode,
        "libelleCommune": known.commune,
        "libelleCommuneEtranger": known.foreign_commune,
        "distributionSpeciale": None,
        "codeCommune": known.commune_code,
        "codeCedex": known.cedex,
        "libelleCedex": known.cedex_label,
        "codePaysEtranger": "99131" if known.country else None,
        "libellePaysEtranger": known.country,
    }
    if hidden:
        members |= dict.fromkeys(("complementAdresse", "numeroVoie", "typeVoie", "libelleVoie"), UNDISCLOSED)
    if which == "":
        members |= {"identifiantAdresse": None, "coordonneeLambertAbscisse": None, "coordonneeLambertOrdonnee": None}
    return {f"{name}{which}Etablissement": value for name, value in members.items()}


def _period(past: Past) -> dict[str, object]:
    return {
        "dateFin": past.end or None,
        "dateDebut": past.start,
        "etatAdministratifEtablissement": past.state,
        "changementEtatAdministratifEtablissement": past.state == "F",
        "enseigne1Etablissement": past.sign,
        "enseigne2Etablissement": None,
        "enseigne3Etablissement": None,
        "changementEnseigneEtablissement": False,
        "denominationUsuelleEtablissement": past.usual_name,
        "changementDenominationUsuelleEtablissement": False,
        "activitePrincipaleEtablissement": "25.62B",
        "nomenclatureActivitePrincipaleEtablissement": "NAFRev2",
        "changementActivitePrincipaleEtablissement": False,
        "caractereEmployeurEtablissement": "O",
        "changementCaractereEmployeurEtablissement": False,
    }


def search_document(known: Known, office: Known) -> dict[str, object]:
    """The body of `GET /search?q={siret}` of the public company search, with the head office of the firm."""
    firm = known.denomination or " ".join(filter(None, (known.first_name, known.family_name)))
    shown = UNDISCLOSED_BY_SEARCH if known.diffusion == "P" else firm or None
    unit = {
        "siren": known.siret[:9],
        "nom_complet": shown,
        "nom_raison_sociale": shown if known.denomination else None,
        "sigle": None,
        "nombre_etablissements": 2,
        "nombre_etablissements_ouverts": 1,
        "siege": _place(office, siege=True),
        "activite_principale": "25.62B",
        "categorie_entreprise": "PME",
        "date_creation": "2010-01-04",
        "date_fermeture": None,
        "date_mise_a_jour": "2026-09-20T07:59:51",
        "dirigeants": [],
        "etat_administratif": "A",
        "nature_juridique": "5710",
        "tranche_effectif_salarie": known.band,
        "statut_diffusion": known.diffusion,
        "matching_etablissements": [_place(known, siege=False)],
        "finances": {},
        "complements": {"est_entrepreneur_individuel": known.family_name is not None},
    }
    return {"results": [unit], "total_results": 1, "page": 1, "per_page": 10, "total_pages": 1}


NO_RESULT: dict[str, object] = {"results": [], "total_results": 0, "page": 1, "per_page": 10, "total_pages": 0}


def _place(known: Known, *, siege: bool) -> dict[str, object]:
    street = " ".join(filter(None, (known.complement, known.number, known.street_kind, known.street)))
    last = " ".join(filter(None, (known.postcode, known.commune, known.foreign_commune, known.country)))
    parts = (UNDISCLOSED_BY_SEARCH if known.diffusion == "P" else street, last)
    place = {
        "activite_principale": "25.62B",
        "ancien_siege": False,
        "annee_tranche_effectif_salarie": "2024",
        "adresse": " ".join(filter(None, parts)) or None,
        "caractere_employeur": "O",
        "code_postal": known.postcode,
        "commune": known.commune_code,
        "date_creation": "2015-03-01",
        "date_debut_activite": known.since,
        "date_fermeture": known.since if known.state == "F" else None,
        "epci": None,
        "est_siege": known.head_office is None,
        "etat_administratif": known.state,
        "latitude": None,
        "libelle_commune": known.commune,
        "liste_enseignes": [known.sign] if known.sign else None,
        "longitude": None,
        "nom_commercial": known.usual_name,
        "region": None,
        "siret": known.siret,
        "statut_diffusion_etablissement": known.diffusion,
        "tranche_effectif_salarie": known.band,
    }
    foreign = {"libelle_commune_etranger": known.foreign_commune, "libelle_pays_etranger": known.country}
    return place | foreign | ({"cedex": known.cedex, "libelle_cedex": known.cedex_label} if siege else {})
