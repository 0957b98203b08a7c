"""Reasons of law and of fact: one sentence cites a legal basis of that day, another one states a fact."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.reasons import LegalBasis, law_and_fact, legal_bases, reasons_objections, states_a_fact

LAW = "La demande ne relève d’aucun motif de l’article R. 5122-1 du code du travail."
FACT = "Les ateliers sont restés ouverts tout le mois."
NOT_CITED = ("je ne cite pas R. 5122-1", "R. 5122-1 n’est pas cité ici", "La décision ne se fonde pas sur R. 5122-1")
BOTH = ["reasons-without-law", "reasons-without-facts"]


def codes(*reasons: str) -> list[str]:
    return [each.code for each in reasons_objections(reasons)]


def test_a_sentence_of_law_and_one_of_fact_suffice_in_any_order() -> None:
    assert codes(LAW, FACT) == codes(FACT, LAW) == []
    assert codes("L. 5122-1", "Aucun", FACT) == []


@pytest.mark.parametrize("reasons", [(), ("non",), ("Non.", "non"), ("fait fait fait fait fait fait",)])
def test_reasons_that_say_nothing_lack_law_and_fact(reasons: tuple[str, ...]) -> None:
    assert codes(*reasons) == BOTH
    assert all(each.pointer == "/grounds" and "Il manque" in each.message for each in reasons_objections(reasons))


@pytest.mark.parametrize(
    "fact",
    [
        "",
        "non",
        "fait fait fait fait fait fait",
        "xxxxxx yyyyyy zzzzzz wwwwww vvvvvv",
        "Motif non établi",
        "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16",
        "L’article R. 5122-1 du code du travail n’est pas respecté.",
        "Les conditions prévues par l’article R. 5122-1 ne sont pas remplies par la demande.",
        "Circonstances étrangères aux motifs de recours (R. 5122-1)",
        "La demande ne relève d’aucun motif.",
        LAW,
        "Demande incomplète et irrecevable manifestement.",
        "Demande non fondée, refus de l’administration compétente.",
        "La demande est refusée car insuffisamment motivée.",
        "Les demandes incomplètes, insuffisamment justifiées, ne sont pas recevables.",
        "lorem ipsum dolor consectetur adipiscing",
        "Idem ci-dessus voir explications précédentes données téléphone",
        "Pas de motif valable dans la présente demande susvisée",
        "Motif : sans objet néant néant néant particulier",
        "Votre demande ne remplit pas les conditions exigées par la réglementation en vigueur",
        "Compte tenu des éléments fournis, la demande est rejetée",
        "Les critères d’éligibilité ne sont pas réunis en l’espèce",
        "Après examen de votre dossier, il apparaît que la demande ne peut être accordée.",
        "Votre situation ne permet pas de bénéficier du dispositif d’activité partielle.",
        "Les éléments transmis ne permettent pas de donner une suite favorable à votre demande.",
        "Votre établissement n’entre pas dans le champ d’application du dispositif.",
        "L’ensemble des conditions légales et réglementaires n’est pas satisfait.",
        "Au regard des pièces produites, l’autorisation ne peut vous être accordée.",
        "La demande ne répond pas aux exigences réglementaires requises.",
        "Il ressort de l’instruction que les critères requis ne sont pas remplis.",
        "La nature de votre demande ne correspond pas au cadre juridique applicable.",
        "Les conditions d’octroi ne sont pas réunies dans le cas d’espèce.",
        "Votre entreprise n’est pas éligible au dispositif prévu par les textes en vigueur.",
        "Les circonstances invoquées ne relèvent pas des motifs prévus par la réglementation.",
        "L’appréciation de votre situation ne permet pas la prise en charge.",
    ],
)
def test_a_sentence_that_only_repeats_or_says_nothing_is_no_fact(fact: str) -> None:
    assert codes(LAW, fact) == ["reasons-without-facts"]


def test_one_sentence_cannot_be_both_law_and_fact_but_a_fact_may_cite_too() -> None:
    both = "L’atelier est resté ouvert tout le mois de novembre (R. 5122-1)."
    assert codes(both) == ["reasons-without-facts"]
    assert codes("Article L. 5122-1 du code du travail.", both) == []


@pytest.mark.parametrize("fact", ["ÉTABLISSEMENT RESTÉ OUVERT EN NOVEMBRE", "L’usine de Sète n’a jamais fermé", FACT])
def test_words_are_counted_without_case_or_accents(fact: str) -> None:
    assert states_a_fact(fact)


@pytest.mark.parametrize(
    "fact",
    [
        "Le chiffre d’affaires de l’établissement a augmenté en 2020.",
        "Les salariés ont travaillé à temps plein en novembre.",
        "Le compte n’est pas lisible.",
        "Le carnet de commandes est plein jusqu’en juin.",
        "L’avis du comité n’a pas été transmis malgré la relance du 3 mars.",
        "La demande est arrivée 45 jours après le début de la fermeture.",
        "Aucun salarié n’a vu son horaire réduit.",
        "La panne de la chaudière a été réparée le lendemain.",
        "Le sinistre déclaré date de 2018.",
        "L’entreprise a déjà utilisé les mille heures de son contingent.",
        "Les salariés visés sont en grève depuis le 2 mars.",
        "Le magasin est resté ouvert tous les jours.",
        "La baisse d’activité tient à la saison touristique habituelle.",
        "La société a embauché douze intérimaires le même mois.",
        "Le bail du local est arrivé à échéance.",
        "La commande annulée représente deux pour cent des ventes.",
        "Le compte bancaire est lisible mais le bilan manque.",
        "La fermeture annuelle pour congés était prévue de longue date.",
        "Les heures demandées dépassent la durée légale du travail.",
        "L’effectif déclaré, 40, dépasse celui de la déclaration sociale, 12.",
        "L’inspection a constaté sur place une production normale.",
        "Les travaux de modernisation ne commencent qu’en septembre.",
        "L’activité partielle est demandée pour deux apprentis partis en avril.",
    ],
)
def test_a_true_fact_of_a_case_is_one(fact: str) -> None:
    assert codes(LAW, fact) == []


def test_the_article_must_be_a_basis_of_a_refusal() -> None:
    for article in ("R. 5122-20", "L. 3121-27", "R. 5122-1 du code de la santé publique", "décret n° 2020-325"):
        assert codes(f"Voir {article}.", FACT) == ["reasons-without-law"], article


def test_an_article_that_is_only_denied_is_no_basis() -> None:
    for denied in (
        "Ni R. 5122-1 ni autre",
        "Sans R. 5122-1",
        "Pas l’article R. 5122-1",
        "Aucun autre que R. 5122-1",
        *NOT_CITED,
    ):
        assert codes(denied, FACT) == ["reasons-without-law"], denied
    for kept in ("R. 5122-1", "r 5122 1", "Ni la conjoncture ni un sinistre au sens de R. 5122-1", LAW):
        assert codes(kept, FACT) == [], kept


def test_legal_bases_are_those_in_force_on_the_day() -> None:
    assert LegalBasis.ANNUAL_FORFAIT in legal_bases(date(2020, 3, 25))
    assert LegalBasis.ANNUAL_FORFAIT not in legal_bases(date(2020, 3, 26))
    assert all(each.article and each.label for each in LegalBasis)


@given(st.lists(st.text(max_size=80), max_size=5))
def test_nothing_is_printed_that_the_agent_did_not_write(reasons: list[str]) -> None:
    in_law, in_fact = law_and_fact(reasons)
    assert sorted((*in_law, *in_fact)) == sorted(reasons)


@given(st.lists(st.text(max_size=80), max_size=5))
def test_any_text_is_judged_and_a_proper_reason_beside_it_suffices(reasons: list[str]) -> None:
    assert set(codes(*reasons)) <= set(BOTH)
    assert codes(*reasons, LAW, FACT) == []


def test_reasons_that_cite_an_article_are_those_of_law() -> None:
    assert law_and_fact([LAW, FACT]) == ((LAW,), (FACT,))
    assert law_and_fact([LAW]) == ((LAW,), ())
    assert law_and_fact([FACT]) == ((), (FACT,))
    assert law_and_fact([LAW, "R. 5122-1 : ouvert."]) == ((LAW,), ("R. 5122-1 : ouvert.",))
