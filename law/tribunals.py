"""The administrative courts: seat, jurisdiction, name and address, by département (CJA, R. 221-3, R. 221-1).

« Le siège et le ressort des tribunaux administratifs sont fixés comme suit » (R. 221-3). Courts have the name of their
town; since the decree of 2015 those overseas have the name of their territory (R. 221-1).
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from law.dated import Dated, DatedValue
from law.departments import OVERSEAS_ZONES
from law.directory import department as department_of
from law.texts import Text

# Seats and jurisdictions: R. 221-3. Postal addresses are those that the courts publish, recalled and not verified.
_COURTS: Final = """\
Amiens|02 60 80|14, rue Lemerchier, CS 81114, 80011 Amiens Cedex 01
Bastia|2A 2B|Villa Montépiano, 20407 Bastia Cedex
Besançon|25 39 70 90|30, rue Charles-Nodier, 25044 Besançon Cedex 3
Bordeaux|24 33 47|9, rue Tastet, CS 21490, 33063 Bordeaux Cedex
Caen|14 50 61|3, rue Arthur-Le-Duc, BP 25086, 14050 Caen Cedex 4
Cergy-Pontoise|92 95|2-4, boulevard de l’Hautil, BP 30322, 95027 Cergy-Pontoise Cedex
Châlons-en-Champagne|08 10 51 52|25, rue du Lycée, 51036 Châlons-en-Champagne Cedex
Clermont-Ferrand|03 15 43 63|6, cours Sablon, CS 90129, 63033 Clermont-Ferrand Cedex 1
Dijon|21 58 71 89|22, rue d’Assas, CS 61616, 21016 Dijon Cedex
Grenoble|26 38 73 74|2, place de Verdun, BP 1135, 38022 Grenoble Cedex
Lille|59 62|5, rue Geoffroy-Saint-Hilaire, CS 62039, 59014 Lille Cedex
Limoges|19 23 36 87|2, cours Bugeaud, CS 40410, 87011 Limoges Cedex
Lyon|01 07 42 69|184, rue Duguesclin, 69433 Lyon Cedex 03
Marseille|04 05 13|31, rue Jean-François-Leca, 13235 Marseille Cedex 2
Melun|77 94|43, rue du Général-de-Gaulle, 77008 Melun Cedex
Montpellier|11 34 66|6, rue Pitot, CS 99002, 34063 Montpellier Cedex 02
Montreuil|93|7, rue Catherine-Puig, 93558 Montreuil Cedex
Nancy|54 55 88|5, place de la Carrière, CO 20038, 54036 Nancy Cedex
Nantes|44 49 53 72 85|6, allée de l’Île-Gloriette, CS 24111, 44041 Nantes Cedex
Nice|06|18, avenue des Fleurs, CS 61039, 06050 Nice Cedex 1
Nîmes|30 48 84|16, avenue Feuchères, CS 88010, 30941 Nîmes Cedex 09
Orléans|18 28 37 41 45|28, rue de la Bretonnerie, 45057 Orléans Cedex 1
Paris|75|7, rue de Jouy, 75181 Paris Cedex 04
Pau|32 40 64 65|50, cours Lyautey, CS 50543, 64010 Pau Cedex
Poitiers|16 17 79 86|15, rue de Blossac, CS 80541, 86020 Poitiers Cedex
Rennes|22 29 35 56|3, contour de la Motte, CS 44416, 35044 Rennes Cedex
Rouen|27 76|53, avenue Gustave-Flaubert, 76000 Rouen
Strasbourg|57 67 68|31, avenue de la Paix, BP 51038, 67070 Strasbourg Cedex
Toulon|83|5, rue Racine, CS 40510, 83041 Toulon Cedex 9
Toulouse|09 12 31 46 81 82|68, rue Raymond-IV, BP 7007, 31068 Toulouse Cedex 7
Versailles|78 91|56, avenue de Saint-Cloud, 78011 Versailles Cedex
Basse-Terre|971|6, rue Victor-Hugues, 97100 Basse-Terre
Fort-de-France|972|12, rue du Citronnier, plateau Fofo, CS 17103, 97271 Schœlcher Cedex
Cayenne|973|7, rue Schœlcher, BP 5030, 97305 Cayenne Cedex
Saint-Denis|974|27, rue Félix-Guyon, CS 61107, 97404 Saint-Denis Cedex
Saint-Pierre|975|Préfecture, place du Lieutenant-Colonel-Pigeaud, BP 4200, 97500 Saint-Pierre
Mamoudzou|976|Les Hauts du Jardin du Collège, 97600 Mamoudzou
"""
_SEATS: Final = {
    code: (seat, address)
    for seat, codes, address in (line.split("|") for line in _COURTS.splitlines())
    for code in codes.split()
}
# Mayotte and Saint-Pierre-et-Miquelon had the name of their territory before the others.
_NAMED_AS_TERRITORIES: Final = Dated[frozenset[str]](
    "les tribunaux administratifs",
    DatedValue(date(2013, 7, 1), frozenset({"975", "976"}), Text.CJA_R_221_1, Text.CJA_R_221_3),
    DatedValue(date(2015, 10, 18), frozenset(OVERSEAS_ZONES), Text.CJA_R_221_1, Text.DECREE_2015_1145),
)


@dataclass(frozen=True, slots=True)
class Tribunal:
    """An administrative court; `name` as in « tribunal administratif de Montpellier », `address` on one line."""

    name: str
    address: str

    @property
    def sentence(self) -> str:
        """The court with its address, as remedies print it."""
        return f"{self.name} ({self.address})"


def tribunal(department: str, on: date | None = None) -> Tribunal:
    """Return the court of the establishments of a département, with its name of a day; without one, the latest name.

    Raises UnknownDepartment and BeforeFirstText.
    """
    found = department_of(department)
    seat, address = _SEATS[found.code]
    named = _NAMED_AS_TERRITORIES.on(on) if on else next(iter(reversed(_NAMED_AS_TERRITORIES)))
    if found.code in named.value:
        return Tribunal(f"tribunal administratif {found.genitive}", address)
    return Tribunal(f"tribunal administratif {'d’' if seat[0] in 'AEIOU' else 'de '}{seat}", address)
