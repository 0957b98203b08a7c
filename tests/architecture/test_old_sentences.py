"""Sentences that people misread, or that no longer hold, are in no text that people read, wherever it stands."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from law.opinion import tacit_council_notice
from models import validation_messages
from tests.architecture.repository import IN_THE_WHEEL, PACKAGES, ROOT, name, sentences, under

PAGES = {
    "Photographiez ce dessin": "Scannez ce QR code avec votre application d’authentification…",
    "Demander des codes": "Activer les codes à usage unique",
    "codes ne sont pas encore demandés": "Les codes à usage unique ne sont pas activés",
    "bon qu’une fois": "Il ne peut servir qu’une fois",
    "bon une fois et jusqu’au": "utilisable une seule fois, jusqu’au …",
    "n’est plus bon": "Vous n’avez pas reçu le code, ou il a expiré ?",
    "L’adresse est fausse": "Cette adresse est erronée ? Corrigez-la ici",
    "C’est noté": "Demande enregistrée.",
    "rien n’y dit qui a adhéré": "",
    "boîte aux lettres électronique": "Consultez votre messagerie",
    "Consultez votre boîte aux lettres": "Consultez votre messagerie",
    "et pas longtemps": "Il ne peut servir qu’une fois et expire au bout d’une heure.",
    "Pièces à fournir avant": "Pièces à fournir au plus tard le 20 décembre 2026",
    "Sans décision notifiée avant le": "Si aucune décision ne vous est notifiée au plus tard le 13 décembre à minuit",
    "délai recommencé": "Dernière pièce reçue : le délai recommence",
    "Récépissé scellé": "Récépissé délivré",
    "Attestation scellée": "Attestation délivrée",
    "Chacun peut être": "Toute personne à qui vous remettez un document peut le vérifier.",
    "Trop d’essais": "Trop de tentatives : réessayez dans 15 minutes.",
    "C’est le dernier interlocuteur": "Vous êtes le dernier interlocuteur principal : désignez-en un autre…",
    "Cette information est obligatoire": "Indiquez le SIRET.",
    "La clé de contrôle de ce SIRET": "Ce SIRET n’est pas valable : vérifiez ses 14 chiffres.",
    "Ce qui répond en ce moment": "Disponibilité du service",
    "L’appel est public": "",
    "leurs erreurs comprises": "les pages publiques, … et une partie de leurs messages d’erreur",
    "se déposent par l’API": "un bouton",
    "le jeton du compte qui a déposé": "un jeton d’un compte de l’établissement",
    "déjà celui d’un autre compte": "Un autre compte porte déjà cet identifiant.",
    "This is an invalid domain": "Les clés d’accès ne peuvent pas être utilisées à cette adresse.",
}
API = {
    "sont celles du {version}": "Les conditions en vigueur sont celles du 2 avril 2020",
    "mois et {days} jours": "12 mois seraient autorisés",
    "les demandes n’étaient plus acceptées": "Le délai de dépôt s’est achevé le 1er novembre 2026 à minuit.",
    "Cet IBAN est faux": "Cet IBAN n’est pas valable : recopiez-le depuis votre RIB.",
    "L’envoi dépasse": "Le fichier dépasse 10 Mo.",
    "Une décision demeure": "Ce dossier a déjà une issue",
    "Envoyez-le sans.": "Envoyez-le sans mot de passe.",
}
MAILS = {
    "rien été donné suite": "Aucune suite n’y a été donnée.",
    "invite à agir pour lui": "vous invite à agir au nom de cet établissement",
    "Quelqu’un, vous sans doute": "Vous avez demandé à choisir un nouveau mot de passe. Si ce n’est pas vous, …",
    "L’attestation est au dossier": "L’attestation est dans votre espace.",
    "L’avis de caducité est au dossier": "L’avis de caducité est dans l’espace.",
    "ne faites rien": "Si vous n’attendiez pas ce courriel, ignorez-le.",
    "seul compte ce qui est dans votre espace": "seuls les documents de votre espace font foi.",
    "N’y répondez pas": "Merci de ne pas répondre à ce message.",
    "demandée pour {subject} a été reçue": "demandée pour votre demande 075AXHB01 a été reçue",
    "est à activer avant": "Activez votre adhésion au plus tard le …",
    "À décider avant le": "À décider au plus tard le …",
}
DOCUMENTS = {
    "[Effectif]": "Salariés concernés",
    "[Heures chômées]": "Heures demandées",
    "[Contingent d’heures]": "Contingent autorisé",
    "Identifiants dus": "Code d’activation envoyé au plus tard le …",
    "#d.terms_version": "Version du 2 avril 2020",
    ", vu le code": "visas un par ligne, puis « Décide : Article 1er — … »",
    "tribunal administratif compétent": "tribunal administratif de Montpellier (…)",
    ", Responsable de l’unité": "…, le responsable de l’unité …",
    "Document #if sealed": "Fait à …, le …",
    "Notifiée à partir du": "Si elle vous était notifiée après le 13 décembre 2026 à minuit, … serait sans effet.",
    "jurisprudence sur le décompte": "jurisprudence : CE, 17 septembre 2010",
    "les règles sont celles d’un autre jour": "Dossier de formation : règles en vigueur au …",
}
COMMANDS = {
    "Cette commande ne se lit pas": "Argument en trop : extra.",
    "Là ?": "Présent ?",
    "désistée": "désistement",
    'le dossier {folder} sert déjà à un autre Tacite"': "Le dossier … sert déjà à un autre Tacite.",
    "Fournisseur d'identité": "Fournisseur d’identité",
    "certificat(s)": "1 certificat",
    "0 écarts": "aucun écart",
    "Apprendre au moteur": "Préparer le moteur : espace, attributs, version",
}
OLD = PAGES | API | MAILS | DOCUMENTS | COMMANDS
"""Sentence → what is said instead; nothing where it was dropped."""


@cache
def said() -> tuple[tuple[str, str], ...]:
    """Every text that people read, by file: strings of programs, joined where they are written in parts; templates."""
    return tuple(_said())


def _said() -> Iterator[tuple[str, str]]:
    for path in under(*PACKAGES, "tacite.py"):
        yield name(path), "\n".join([*map(_plain, sentences(path)), _parts(path)])
    for suffix in (".html", ".typ", ".js", ".yml"):
        for path in under(*IN_THE_WHEEL, suffix=suffix):
            yield name(path), _plain(path.read_text("utf-8"))


def _plain(text: str) -> str:
    return re.sub(r"[\s~]+", " ", text)


def _parts(path: Path) -> str:
    """Join string literals that follow one another over several lines, with their braces."""
    return _plain(re.sub(r'"\s*\n\s*f?"', "", path.read_text("utf-8")))


@pytest.mark.parametrize("sentence", OLD)
def test_an_old_sentence_is_said_no_more(sentence: str) -> None:
    assert [where for where, text in said() if sentence.casefold() in text.casefold()] == []


def test_choices_and_the_notice_of_an_attestation_are_worded_as_they_are_said() -> None:
    _, choices = validation_messages.sentence("literal_error", {"expected": "'grant' or 'refusal'"})
    assert choices == "Valeur non admise, choisissez parmi « grant » ou « refusal »."
    assert "présente décision" not in tacit_council_notice(date(2026, 12, 1))
    for file in ("activities/documents/kinds/attestation.py", "activities/documents/templates/attestation.typ"):
        assert "présente décision" not in (ROOT / file).read_text("utf-8")


def test_pages_documents_mails_and_commands_are_looked_at() -> None:
    files = {where for where, _ in said()}
    assert {"activities/mail/account_mails.py", "activities/documents/templates/letter.typ", "cli/terminal.py"} <= files
    assert "starter/pages/templates/verification.html" in files
    assert len(files) > 300
