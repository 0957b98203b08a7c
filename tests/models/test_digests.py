"""The register keeps a digest of a secret, by which it finds it again and from which nobody reads it."""

from models.digests import digest


def test_a_secret_has_one_digest_and_another_secret_another() -> None:
    assert digest("tacite_secret") == digest("tacite_secret")
    assert digest("tacite_secret") != digest("tacite_secreT")


def test_a_digest_has_32_bytes_and_holds_nothing_of_the_secret() -> None:
    assert len(digest("")) == len(digest("é" * 1_000)) == 32
    assert b"secret" not in digest("secret")
