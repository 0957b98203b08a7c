"""Errors of signatures: those of the world (retried, then parked) and those of the message (refused)."""


class SigningUnavailable(Exception):
    """Something that signing needs is away or wrongly installed: try again later."""


class SignersUnpublished(SigningUnavailable):
    """The list of published signers is missing beside the trust anchors, or unreadable."""


class SignerUnavailable(SigningUnavailable):
    """The key or its certificate cannot be used now: token away, file missing, certificate out of date."""


class CertificateRevoked(SignerUnavailable):
    """The authority revoked the certificate: nothing that it signs from now on is valid."""


class TimestampUnavailable(SigningUnavailable):
    """No time-stamp authority answers."""


class RevocationUnavailable(SigningUnavailable):
    """The revocation data of a certificate cannot be fetched now."""


class SigningRefused(Exception):
    """No later attempt can succeed with the same message."""


class SignatoryNotAllowed(SigningRefused):
    """The person may not sign for that département on that day; the message is a French sentence."""


class DocumentNotSignable(SigningRefused):
    """The bytes are not a document that can be signed or archived."""


class SignerNotTrusted(SigningRefused):
    """The signature leads to no trusted authority, or its certificate was revoked."""
