"""Published examples of what an idle hour is worth: day, gross hourly pay, what is said of it, allowance, indemnity.

Where the source gives one of the two amounts, the other is None. « M » is the ministry (its questions and answers as
legisocial.fr reproduces them), other sources are pages of the press of law and payroll.
"""

from dataclasses import dataclass
from typing import Any

M = "legisocial.fr, exemples du questions-réponses du ministère du travail"
LEGISOCIAL_2019 = "legisocial.fr, indemnités et allocations en 2019"
LEGISOCIAL_2021 = "legisocial.fr, chiffrage de juillet, octobre, novembre et décembre 2021"
LEGISOCIAL_APLD = "legisocial.fr, APLD en 2020, 2021 et janvier 2022"
LES_ECHOS = "2m-consulting.fr, Les Echos Publishing, 13 mai 2022"
JURITRAVAIL = "juritravail.com, chômage partiel, 2024"
CGCONSULTING = "cgconsulting.corsica, 1er octobre 2021"
LEGIEST = "legiest.blog, 12 novembre 2020"
BAKER_TILLY = "bakertilly.fr, taux de 2021"
KOHERENCE = "koherence.fr, mémo de l’employeur"
CHIDO = "décret n° 2025-254"
KALI = "convention collective, texte de 2015 (KALIARTI000036232093)"
LIAISONS = "liaisons-sociales.fr, l’activité partielle après la réforme de 2013"
FORFAIT = "legisocial.fr, heures indemnisables d’un forfait annuel, texte de 2013"
FGTAFO = "fgtafo.fr, l’apprentissage et la crise sanitaire, 26 mars 2020"
ACTUALITES_PAIE = "actualites-paie.com, fiche de paie d’activité partielle, 2020"
TRAJECTOIRES = "trajectoires-tourisme.com, rémunération mensuelle minimale, 2020"
HOTELLERIE = "lhotellerie-restauration.fr, indemnité des apprentis, avril 2020"
BDO = "bdo.fr, allocation à compter du 1er juin 2020"
ABSOLUCE = "absoluce.net, prise en charge depuis le 1er juin 2020"
CEC = "cabinet-cec.fr, activité partielle de longue durée, 2020"
DORIA = "doria-avocats.fr, février 2021"
BLOHORN = "blohorn-avocats.fr, décret n° 2021-435, heures chômées dès le 1er avril 2021"
CERFRANCE = "gascogne-occitane.cerfrance.fr, garde d’enfant et personnes vulnérables, avril 2021"
LEFEBVRE = "open.lefebvre-dalloz.fr, tableau de l’indemnisation en 2022"
PREVISSIMA = "previssima.fr, tableau du 1er mai 2022"
CAP_METIERS = "cap-metiers.pro, décret n° 2022-654"
PALAIS = "journal-du-palais.fr, août 2022"
FIBA = "groupe-fiba.fr, personnes vulnérables, août et septembre 2022"
PUBLIC_2022 = "entreprendre.service-public.fr, A15840, 2 août 2022"
ALERTES = "mesalertesetconseils.fr, indemnisation au 1er janvier 2023"
DAUPHINE = "cgadauphine.fr, nouveautés de 2023"
SVP = "svp.com, taux au 1er mai 2023"
PUBLIC_2024 = "entreprendre.service-public.fr, A17907, 9 décembre 2024"
EFL = "efl.fr, indemnisation au 1er novembre 2024"
G2S = "groupe-2s.com, montants de 2026"
KLESIA = "klesiaprosocial.fr, taux planchers au 1er janvier 2026"
LEGISOCIAL_2026 = "legisocial.fr, 7776, taux planchers au 1er janvier 2026"
SOCIAL_RH = "info-socialrh.fr, Mayotte, décret n° 2022-40"
AUDIT_2C = "2c-audit.fr, Mayotte depuis le 1er mai 2022"
LEXPLICITE = "lexplicite.fr, Mayotte, décret n° 2022-1241"
CODE = "code.travail.gouv.fr, D. 5522-87, heures chômées dès le 1er janvier 2024"
LES_AIDES = "les-aides.fr, cyclone Chido"
EURAUDIT = "euraudit.re, Mayotte, prolongation au 30 septembre 2025"

MAYOTTE = {"department": "976"}
APLD = {"scheme": "apld"}


@dataclass(frozen=True)
class Example:
    """One published example."""

    on: str
    gross: str
    said: dict[str, Any]
    allowance: str | None
    indemnity: str | None
    source: str


EXAMPLES = [
    Example("2019-02-15", "12.00", {"headcount": 15}, "7.74", None, LEGISOCIAL_2019),
    Example("2019-03-15", "12.00", {"headcount": 300}, "7.23", None, LEGISOCIAL_2019),
    Example("2015-06-01", "10.00", {"headcount": 250}, "7.74", "7.00", KOHERENCE),
    Example("2015-06-01", "10.00", {"headcount": 251}, "7.23", "7.00", KOHERENCE),
    Example("2020-03-17", "10.15", {}, "8.03", "8.03", M),
    Example("2020-04-15", "17.80", {}, "12.46", "12.46", "legisocial.fr, calcul de l’indemnité, exemple 1"),
    Example("2020-11-12", "13.00", {}, "8.03", "9.10", LEGIEST),
    Example("2020-11-12", "20.00", {}, "12.00", "14.00", LEGIEST),
    Example("2020-11-12", "20.00", {"sector": "protected"}, "14.00", "14.00", LEGIEST),
    Example("2021-06-15", "20.00", {}, "10.40", "14.00", BAKER_TILLY),
    Example("2021-07-15", "20.00", {"sector": "protected"}, "12.00", "14.00", BAKER_TILLY),
    Example("2021-08-15", "20.00", {"sector": "protected"}, "10.40", "14.00", BAKER_TILLY),
    Example("2021-09-15", "30.00", {"sector": "protected"}, "10.80", "18.00", BAKER_TILLY),
    Example("2021-10-15", "20.00", {"sector": "closed"}, "14.00", "14.00", BAKER_TILLY),
    Example("2021-07-15", "20.00", {"sector": "protected_loss"}, "14.00", "14.00", LEGISOCIAL_2021),
    Example("2021-10-15", "10.48", {}, "7.47", None, M),
    Example("2021-10-15", "11.00", {}, "7.47", "8.30", LEGISOCIAL_2021),
    Example("2021-12-15", "11.00", {}, "7.47", "8.30", LEGISOCIAL_2021),
    Example("2021-11-15", "20.00", {"sector": "vulnerable"}, "14.00", "14.00", LEGISOCIAL_2021),
    Example("2021-10-15", "11.00", {"sector": "ski"}, "8.30", "8.30", CGCONSULTING),
    Example("2021-10-15", "13.00", {"scheme": "apld"}, "8.30", "9.10", CGCONSULTING),
    Example("2020-10-15", "11.00", {"scheme": "apld"}, "7.23", "8.03", LEGISOCIAL_APLD),
    Example("2021-02-15", "60.00", {"scheme": "apld"}, None, "32.29", LEGISOCIAL_APLD),
    Example("2022-01-15", "11.00", {"sector": "closed"}, "8.37", "8.37", LEGISOCIAL_APLD),
    Example("2022-05-15", "10.85", {"scheme": "apld"}, "8.59", "8.59", LES_ECHOS),
    Example("2022-05-15", "60.00", {"scheme": "apld"}, "29.30", "34.18", LES_ECHOS),
    Example("2024-06-15", "11.65", {}, None, "9.22", JURITRAVAIL),
    Example("2024-06-15", "60.00", {}, None, "31.46", JURITRAVAIL),
    Example("2025-01-15", "50.00", {"sector": "chido", "department": "976"}, "28.29", "28.29", CHIDO),
    Example("2025-01-15", "9.00", {"sector": "chido", "department": "976"}, "8.10", "8.10", CHIDO),
    # Flat amounts, by headcount
    Example("2013-09-02", "12.00", {"headcount": 250}, "7.74", None, LIAISONS),
    Example("2013-09-02", "12.00", {"headcount": 251}, "7.23", None, LIAISONS),
    Example("2015-11-02", "15.00", {"headcount": 100}, "7.74", "10.50", KALI),
    Example("2015-11-02", "15.00", {"headcount": 600}, "7.23", "10.50", KALI),
    Example("2018-06-04", "20.00", {"headcount": 40}, "7.74", None, FORFAIT),
    Example("2018-06-04", "20.00", {"headcount": 400}, "7.23", None, FORFAIT),
    # 2020: 70 %, then 60 % for the employer; floors, ceilings, minimum monthly pay by the hour
    Example("2020-03-30", "10.50", {}, None, "8.03", TRAJECTOIRES),
    Example("2020-04-06", "60.00", {}, "31.97", None, ACTUALITES_PAIE),
    Example("2020-04-06", "5.84", {"apprentice": True}, None, "5.84", HOTELLERIE),
    Example("2020-06-15", "60.00", {}, "27.41", None, BDO),
    Example("2020-07-15", "10.15", {}, "8.03", "8.03", ABSOLUCE),
    Example("2020-09-15", "10.15", APLD, "7.23", None, CEC),
    Example("2020-09-15", "60.00", APLD, "27.41", None, CEC),
    # 2021
    Example("2021-02-15", "60.00", {}, "27.68", "32.29", DORIA),
    Example("2021-02-15", "60.00", {"sector": "protected"}, "32.29", "32.29", DORIA),
    Example("2021-04-01", "10.25", {"sector": "vulnerable"}, "8.11", "8.11", CERFRANCE),
    Example("2021-04-05", "20.00", {"sector": "childcare"}, "14.00", "14.00", BLOHORN),
    Example("2021-03-31", "20.00", {"sector": "childcare"}, "12.00", "14.00", CERFRANCE),
    # 2022
    Example("2022-02-15", "10.57", {}, "7.53", None, LEFEBVRE),
    Example("2022-02-15", "60.00", {}, "17.12", "28.54", LEFEBVRE),
    Example("2022-02-15", "60.00", {"sector": "vulnerable"}, "33.30", "33.30", LEFEBVRE),
    Example("2022-02-15", "10.57", {"sector": "childcare"}, "8.37", None, LEFEBVRE),
    Example("2022-02-15", "60.00", {"sector": "closed"}, "33.30", "33.30", LEFEBVRE),
    Example("2022-02-15", "60.00", {"sector": "protected_loss"}, "33.30", "33.30", LEFEBVRE),
    Example("2022-03-15", "60.00", {"sector": "protected_loss"}, "17.12", "28.54", LEFEBVRE),
    Example("2022-02-15", "60.00", APLD, "28.54", "33.30", LEFEBVRE),
    Example("2022-05-16", "10.85", {}, "7.73", None, CAP_METIERS),
    Example("2022-05-16", "60.00", {}, "17.58", None, PREVISSIMA),
    Example("2022-05-16", "10.85", {"sector": "childcare"}, "8.59", None, PREVISSIMA),
    Example("2022-05-16", "60.00", {"sector": "vulnerable"}, "34.18", None, PREVISSIMA),
    Example("2022-08-16", "11.07", {}, "7.88", "8.76", PALAIS),
    Example("2022-08-16", "60.00", {}, "17.93", None, PALAIS),
    Example("2022-08-16", "11.07", APLD, "8.76", None, PUBLIC_2022),
    Example("2022-08-16", "11.07", {"sector": "vulnerable"}, "8.76", "8.76", FIBA),
    Example("2022-09-15", "20.00", {"sector": "vulnerable"}, "12.00", "14.00", FIBA),
    Example("2022-09-15", "11.07", {"sector": "vulnerable"}, "8.76", None, FIBA),
    # 2023 to 2026
    Example("2023-01-16", "11.27", {}, "8.03", "8.92", ALERTES),
    Example("2023-01-16", "60.00", {}, "18.26", "30.43", ALERTES),
    Example("2023-01-16", "11.27", APLD, "8.92", None, DAUPHINE),
    Example("2023-01-16", "11.27", {"sector": "vulnerable"}, "8.92", None, DAUPHINE),
    Example("2023-05-15", "11.52", {}, "8.21", None, SVP),
    Example("2023-05-15", "11.52", APLD, "9.12", None, SVP),
    Example("2024-10-31", "11.65", {}, "8.30", None, PUBLIC_2024),
    Example("2024-10-31", "11.65", APLD, "9.22", None, PUBLIC_2024),
    Example("2024-11-04", "11.88", {}, "8.46", "9.40", EFL),
    Example("2024-11-04", "60.00", {}, "19.25", "32.08", EFL),
    Example("2024-11-04", "11.88", APLD, "9.40", "9.40", EFL),
    Example("2024-11-04", "60.00", APLD, "32.08", "37.42", EFL),
    Example("2026-01-15", "12.02", {}, "8.57", "9.52", G2S),
    Example("2026-01-15", "60.00", {}, "19.47", "32.45", G2S),
    Example("2026-01-15", "12.02", APLD, "9.52", "9.52", KLESIA),
    Example("2026-01-15", "12.02", {"scheme": "apld_r"}, "9.52", None, LEGISOCIAL_2026),
    # Mayotte
    Example("2022-01-17", "7.98", MAYOTTE, "6.54", None, SOCIAL_RH),
    Example("2022-01-17", "7.98", MAYOTTE | {"sector": "closed"}, "7.27", None, SOCIAL_RH),
    Example("2022-05-16", "8.19", MAYOTTE, "6.71", None, AUDIT_2C),
    Example("2022-05-16", "60.00", MAYOTTE, "13.27", None, AUDIT_2C),
    Example("2022-05-16", "8.19", MAYOTTE | APLD, "7.46", None, AUDIT_2C),
    Example("2022-05-16", "60.00", MAYOTTE | APLD, "22.11", None, AUDIT_2C),
    Example("2022-05-16", "60.00", MAYOTTE | {"sector": "vulnerable"}, "25.80", None, AUDIT_2C),
    Example("2022-08-16", "8.35", MAYOTTE, "6.85", None, LEXPLICITE),
    Example("2022-08-16", "8.35", MAYOTTE | APLD, "7.61", None, LEXPLICITE),
    Example("2024-06-17", "8.80", MAYOTTE, "7.14", None, CODE),
    Example("2024-10-31", "8.80", MAYOTTE | APLD, "7.93", None, PUBLIC_2024),
    Example("2024-11-04", "8.98", MAYOTTE, "7.29", None, PUBLIC_2024),
    Example("2024-11-04", "8.98", MAYOTTE | APLD, "8.10", None, PUBLIC_2024),
    Example("2025-06-16", "60.00", MAYOTTE | {"sector": "chido"}, "28.29", "28.29", LES_AIDES),
    Example("2025-06-16", "8.98", MAYOTTE | {"sector": "chido"}, "8.10", "8.10", LES_AIDES),
    Example("2025-09-30", "60.00", MAYOTTE | {"sector": "chido"}, "28.29", None, EURAUDIT),
]


@dataclass(frozen=True)
class Total:
    """One published total: days, hours and gross hourly pay, what is said of it, allowance and indemnity."""

    on: str
    to: str
    hours: str
    gross: str
    said: dict[str, Any]
    allowance: str | None
    indemnity: str | None
    source: str


TOTALS = [
    Total("2020-02-03", "2020-02-21", "105", "12.00", {"headcount": 20}, "812.70", None, FGTAFO),
    Total("2020-04-06", "2020-04-24", "105", "10.15", {}, "843.15", "843.15", M),
    Total("2020-04-01", "2020-04-30", "151.67", "10.50", {}, None, "1217.91", TRAJECTOIRES),
]
