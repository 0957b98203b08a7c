"""What pages call the states, documents and events of a case, in French."""

from typing import Final

STATUSES: Final = {
    "under_review": "En cours d’instruction",
    "awaiting_completion": "Pièces demandées",
    "authorized": "Autorisée",
    "tacitly_authorized": "Acceptée implicitement",
    "refused": "Refusée",
    "desisted": "Abandonnée par l’employeur",
    "withdrawn": "Autorisation retirée",
    "closed": "Dossier clos",
}
OUTCOMES: Final = {
    "granted": "Autorisée par décision",
    "tacit": "Acceptée implicitement",
    "refused": "Refusée par décision",
    "desisted": "Abandonnée par l’employeur",
}
DOCUMENTS: Final = {
    "receipt": "Récépissé de dépôt",
    "completion_receipt": "Récépissé de complétude",
    "completion_request": "Demande de pièces",
    "attestation": "Attestation d’acceptation implicite",
    "grant": "Décision d’autorisation",
    "partial_grant": "Décision d’autorisation partielle",
    "refusal": "Décision de refus",
    "void_notice": "Avis de caducité d’une décision",
}
EVENTS: Final = {
    "request_received": "Demande reçue",
    "receipt_issued": "Récépissé scellé",
    "completion_requested": "Pièces demandées, délai arrêté",
    "completion_received": "Dernière pièce reçue, délai recommencé",
    "completion_request_voided": "Demande de pièces caduque",
    "works_council_opinion_received": "Avis du CSE reçu",
    "decision_notified": "Décision notifiée",
    "decision_voided": "Décision caduque",
    "authorization_tacitly_granted": "Acceptation implicite acquise",
    "attestation_issued": "Attestation scellée",
    "request_desisted": "Demande abandonnée",
    "handed_to_asp": "Autorisation transmise à l’ASP",
    "document_read": "Document lu pour la première fois",
    "case_closed": "Dossier clos",
}
"""Events that an employer is told of; the others are the service’s own."""
PARTS: Final = {"main": "interlocuteur principal", "member": "membre", "mandate": "mandataire"}
SCOPES: Final = {"read": "lire", "write": "lire et agir"}
