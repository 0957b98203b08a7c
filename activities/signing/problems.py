"""Why a signature is not accepted, in French, from the standard's own indications (ETSI EN 319 102-1)."""

from typing import Final

from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate, AdESSubIndic

_UNKNOWN_AUTHORITY: Final = "Le certificat du signataire n’est pas émis par une autorité reconnue."
_REVOKED: Final = "Le certificat du signataire était révoqué au moment de la signature."
_OUT_OF_DATE: Final = "Le certificat du signataire n’était pas en cours de validité au moment de la signature."
_UNCHECKED: Final = "L’état du certificat du signataire n’a pas pu être vérifié : les données de révocation manquent."
_WEAK: Final = "La signature emploie un algorithme qui n’est plus admis."

_SENTENCES: Final[dict[AdESSubIndic, str]] = {
    AdESFailure.REVOKED: _REVOKED,
    AdESIndeterminate.REVOKED_NO_POE: _REVOKED,
    AdESIndeterminate.REVOKED_CA_NO_POE: "Le certificat d’une autorité du signataire est révoqué.",
    AdESFailure.NOT_YET_VALID: _OUT_OF_DATE,
    AdESIndeterminate.NOT_YET_VALID: _OUT_OF_DATE,
    AdESIndeterminate.EXPIRED: _OUT_OF_DATE,
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: _OUT_OF_DATE,
    AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED: _OUT_OF_DATE,
    AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND: _UNKNOWN_AUTHORITY,
    AdESIndeterminate.NO_SIGNING_CERTIFICATE_FOUND: _UNKNOWN_AUTHORITY,
    AdESIndeterminate.CERTIFICATE_CHAIN_GENERAL_FAILURE: _UNCHECKED,
    AdESIndeterminate.REVOCATION_OUT_OF_BOUNDS_NO_POE: _UNCHECKED,
    AdESIndeterminate.TRY_LATER: _UNCHECKED,
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE: _WEAK,
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE: _WEAK,
    AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE: "Ce certificat n’est pas fait pour signer un document.",
    AdESIndeterminate.TIMESTAMP_ORDER_FAILURE: "Les horodatages de la signature se contredisent.",
}


def french(indication: AdESSubIndic) -> str:
    """Return a sentence on what prevents a signature from being accepted."""
    return _SENTENCES.get(indication, "La signature n’a pas pu être vérifiée.")
