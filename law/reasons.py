"""Reasons of law and of fact of a refusal, whole or partial (CRPA, L. 211-5; R. 5122-4).

« La motivation exigée par le présent chapitre doit être écrite et comporter l’énoncé des considérations de droit et
de fait qui constituent le fondement de la décision. » One sentence cites an article that can be the basis of a
refusal on that day; another one states what is found in this case. Nothing is added in the agent’s place.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from law.citations import cited_articles, cites, letters, stated_words
from law.dated import Dated, DatedValue
from law.texts import Cited, Objection, Text, objection


class LegalBasis(Cited):
    """Fondement de droit d’un refus, que l’agent choisit."""

    NO_LOSS_OF_ACTIVITY = (
        "no_loss_of_activity",
        Text.L_5122_1,
        "Absence de fermeture ou de réduction d’horaire",
    )
    GROUND_NOT_MET = "ground_not_met", Text.R_5122_1, "Circonstances étrangères aux motifs de recours"
    FILED_LATE = "filed_late", Text.R_5122_3, "Demande présentée hors délai"
    NOT_PRIOR = "not_prior", Text.R_5122_2, "Demande postérieure au placement des salariés"
    OPINION_MISSING = "opinion_missing", Text.R_5122_2, "Avis préalable du comité manquant"
    COLLECTIVE_DISPUTE = "collective_dispute", Text.R_5122_8, "Différend collectif de travail"
    ANNUAL_FORFAIT = "annual_forfait", Text.R_5122_8, "Forfait annuel sans fermeture"
    TOO_LONG = "too_long", Text.R_5122_9, "Durée maximale atteinte"
    COMMITMENTS_MISSING = "commitments_missing", Text.R_5122_9, "Engagements non souscrits"
    QUOTA_EXCEEDED = "quota_exceeded", Text.R_5122_6, "Contingent annuel d’heures dépassé"


class ClaimBasis(Cited):
    """Fondement de droit du refus d’une demande d’indemnisation, que l’agent choisit."""

    NO_LOSS_OF_PAY = "no_loss_of_pay", Text.L_5122_1, "Salariés sans perte de rémunération"
    OPINION_NEVER_SENT = "opinion_never_sent", Text.R_5122_2, "Avis du comité jamais transmis"
    OUTSIDE_AUTHORIZATION = "outside_authorization", Text.R_5122_4, "Demande étrangère à l’autorisation"
    NOT_A_CLAIM_OF_THE_MONTH = "not_a_claim_of_the_month", Text.R_5122_5, "Demande irrégulière ou incomplète"
    HOURS_BEYOND_QUOTA = "hours_beyond_quota", Text.R_5122_6, "Heures au-delà du contingent annuel"
    EXCLUDED = "excluded", Text.R_5122_8, "Salariés ou heures exclus du dispositif"
    NOT_PAYABLE = "not_payable", Text.R_5122_11, "Heures qui ne sont pas indemnisables"


CLAIM_BASES: Final = tuple(ClaimBasis)
"""The same on every day since 1 July 2013: no text says on which articles a claim may be refused (practice)."""

_BASES: Final = Dated[frozenset[LegalBasis]](
    "les fondements d’un refus",
    DatedValue(date(2013, 7, 1), frozenset(LegalBasis), Text.R_5122_4, Text.CODE_2013),
    DatedValue(
        date(2020, 3, 26),
        frozenset(LegalBasis) - {LegalBasis.ANNUAL_FORFAIT},
        Text.R_5122_4,
        Text.DECREE_2020_325_1,
    ),
)

MIN_FACT_WORDS: Final = 4
"""Different words of a sentence that states a fact. No text sets a number: a floor against « non » (practice)."""
MIN_FACT_LETTERS: Final = 20
"""Letters of those words."""
MIN_OWN_WORDS: Final = 2
MIN_OWN_LETTERS: Final = 10
"""The same once words of formulas are left out: « Le compte n’est pas lisible » has two (practice)."""
_FORMULA_WORDS: Final = (
    "l d n s c qu la le les de des du a au aux en et est sont sera ne pas que ce cet cette ces par pour selon vu "
    "dans sur avec sans ni ou car donc ainsi non aucun aucune autre cela sa son ses ils elle il on nous vous votre "
    "notre y etre etant ete "
    "voir article articles alinea code travail texte textes loi disposition condition exigence demande motif prevu "
    "vise susvise conforme contraire respecte satisfait remplie rempli meconnait meconnu meconnue application "
    "applique applicable vertu titre sens regard refus refuse refusee rejet rejete "
    "complet incomplet recevable irrecevable fonde infonde motive immotive justifie injustifie justification "
    "suffisant insuffisant insuffisamment suffisamment valable valide invalide pertinent etabli competent competence "
    "administration autorite service prefet prefecture dossier piece present presente manifeste evident clairement "
    "idem ci dessus dessous joint explication precedent precedemment donnee telephone telephonique mail courriel "
    "verbal oral neant objet particulier rien cas raison decision suite favorable defavorable accorde accorder "
    "reglementation reglementaire reglement vigueur critere eligibilite eligible reuni requis requise exige exigee "
    "espece tenu element fourni fournie transmis transmise communique produit remplit remplissent remplissez "
    "droit juridique legal legale cadre dispositif activite partiel partielle beneficier benefice octroi attribution "
    "autorisation autorise permet permettent permettre pouvoir peut peuvent pourra lieu donner donnee reserver "
    "examen instruction analyse etude appreciation consideration avis nature caractere situation circonstance "
    "satisfaire repond repondre repondent correspond relever releve relevent invoquee entre champ prise charge "
    "apparait apparaitre ressort constate constat estime considere juge decide conclut necessaire obligatoire "
    "obligation formalite procedure regle norme prescription attente fait faits egard ensemble different divers "
    "tout tous toute toutes plus moins bien mal tel telle celui celle ceux ici ainsi toutefois cependant neanmoins "
    "effet consequence consequent afin lorsque puisque comme dont leur leurs entreprise etablissement employeur "
    "veuillez merci consulter contacter site internet davantage information cordialement "
    "lorem ipsum dolor sit amet consectetur adipiscing elit"
)
"""Words of formulas and of administrative stock sentences, which state nothing about a case: they are counted in no
sentence, in any of their forms. A floor, not a judge: whoever wants to say nothing finds other words."""
_DENIALS: Final = frozenset({"ni", "non", "pas", "sans", "aucun", "autre", "hors", "sauf", "rien", "neant"})
_CITING_WORDS: Final = (
    "je j n ne nous on il y a s se est sont cite cites citer citons mentionne mentionner vise viser invoque invoquer "
    "retiens retient retenir fonde fonder applique appliquer concerne utilise utiliser parle parler ici pour decision "
    "refus dans ce cette sur"
)
"""Words of a sentence about citing itself: « je ne cite pas R. 5122-1 »."""
_JOINING: Final = frozenset({"l", "d", "la", "le", "de", "du", "des", "et", "ou", "que", "article", "articles"})


BLANK: Final = "[…]"
"""What a model leaves for the agent to complete."""
_BLANK: Final = re.compile(r"\[\s*(?:…|\.{2,})\s*\]")


def legal_bases(received_on: date) -> tuple[LegalBasis, ...]:
    """Return the legal bases of a refusal for a request received on a day; raises BeforeFirstText."""
    admitted = _BASES.on(received_on).value
    return tuple(basis for basis in LegalBasis if basis in admitted)


def reasons_objections(
    reasons: Sequence[str], bases: Sequence[LegalBasis | ClaimBasis] = tuple(LegalBasis)
) -> tuple[Objection, ...]:
    """Return why reasons are insufficient: no sentence cites one of the bases, or no other one states a fact."""
    in_law = [at for at, each in enumerate(reasons) if cites(each, _articles(bases)) and not _is_denied(each)]
    found = []
    if not in_law:
        named = ", ".join(dict.fromkeys(_articles(bases)))
        message = (
            "Il manque le motif de droit : citez, dans une phrase, l’article sur lequel la décision se fonde "
            f"({named}), par exemple « article R. 5122-1 du code du travail »."
        )
        found.append(objection("/grounds", "reasons-without-law", message, Text.CRPA_L_211_5))
    if not _states_a_fact_beside(reasons, in_law):
        message = (
            "Il manque le motif de fait : dans une autre phrase que celle qui cite l’article, écrivez ce qui est "
            f"constaté dans ce dossier ({MIN_FACT_WORDS} mots différents et {MIN_FACT_LETTERS} lettres au moins, et "
            "non une formule)."
        )
        found.append(objection("/grounds", "reasons-without-facts", message, Text.CRPA_L_211_5))
    if any(_BLANK.search(each) for each in reasons):
        message = f"Complétez chaque « {BLANK} » des phrases proposées, ou retirez la phrase."
        found.append(objection("/grounds", "reasons-to-complete", message, Text.CRPA_L_211_5))
    return tuple(found)


def states_a_fact(sentence: str, beside: str = "") -> bool:
    """Tell whether a sentence states more than an article, the label of a legal basis, or the sentence `beside` it.

    A floor: words that are no formula may still be about nothing, which only a reader can tell.
    """
    words = set(stated_words(sentence))
    repeated = any(
        words <= set(stated_words(each)) for each in (beside, *(basis.label for basis in (*LegalBasis, *ClaimBasis)))
    )
    own = {each for each in words if _stem(each) not in _FORMULAS}
    if cited_articles(sentence):
        words = own
    is_enough = len(words) >= MIN_FACT_WORDS and letters(words) >= MIN_FACT_LETTERS
    return not repeated and is_enough and len(own) >= MIN_OWN_WORDS and letters(own) >= MIN_OWN_LETTERS


def law_and_fact(reasons: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Separate the reasons of law from those of fact, as the decision prints them (CRPA, art. L. 211-5).

    A reason that cites an article is of law. When each one does, the first is of law and the others of fact.
    """
    in_law = tuple(each for each in reasons if cited_articles(each))
    in_fact = tuple(each for each in reasons if not cited_articles(each))
    return (in_law, in_fact) if in_fact else (in_law[:1], in_law[1:])


def _stem(word: str) -> str:
    """Return a word without the endings of its gender, number and adverb."""
    return word.removesuffix("s").removesuffix("ment").rstrip("e")


_FORMULAS: Final = frozenset(map(_stem, _FORMULA_WORDS.split()))
_CITING: Final = frozenset(_CITING_WORDS.split())


def _is_denied(sentence: str) -> bool:
    """Tell whether a sentence only says that it does not rest on what it cites: « je ne cite pas R. 5122-1 ».

    A bare « non » beside an article refuses the request; it does not deny the article.
    """
    words = set(stated_words(sentence))
    return bool(words & _DENIALS) and words != {"non"} and words <= _DENIALS | _JOINING | _CITING


def _articles(bases: Sequence[LegalBasis | ClaimBasis]) -> list[Text]:
    return [basis.article for basis in bases]


def _states_a_fact_beside(reasons: Sequence[str], in_law: Sequence[int]) -> bool:
    if not in_law:
        return any(states_a_fact(each) for each in reasons)
    return any(states_a_fact(fact, reasons[law]) for law in in_law for at, fact in enumerate(reasons) if at != law)
