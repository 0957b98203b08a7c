"""No tracked file contains a trace of a machine, a registry or a secret."""

from pathlib import Path

import pytest

from tests.architecture.repository import found, name, tracked

PICTURES = {".png", ".pdf", ".ico", ".woff2"}
TEXTS = [path for path in tracked() if path.suffix not in PICTURES]
LOCKS = [path for path in tracked() if path.suffix == ".lock"]

REGISTRY = (
    r"\b(?:pypi|pythonhosted|npmjs|artifactory|nexus|devpi)\.[a-z]{2,}"
    r"|\bindex-url[ =]+\w|\bregistry\.[\w-]+\.\w+"
)
MACHINE = r"(?<![\w.:/])/(?:work|home|root|tmp|Users)/[\w.]"
SECRETS = (
    r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----",
    r"\b\w+://[\w.-]+:[\w.~-]{6,}@",
    r"\b(?:AKIA|ghp_|glpat-|xox[bp]-)\w{10,}",
)


@pytest.mark.parametrize("pattern", [REGISTRY, MACHINE, *SECRETS])
def test_no_file_names_a_registry_a_machine_or_a_secret(pattern: str) -> None:
    leaks = {name(path): found(pattern, [path.read_text("utf-8")]) for path in TEXTS}
    assert {path: what for path, what in leaks.items() if what} == {}


@pytest.mark.parametrize("path", LOCKS, ids=name)
def test_a_lock_pins_every_package_by_hash_and_names_no_host(path: Path) -> None:
    text = path.read_text("utf-8")
    pinned = found(r"^[\w.\[\],-]+==", text.splitlines())
    assert "://" not in text
    assert pinned
    assert text.count("--hash=sha256:") >= len(pinned)


def test_no_key_is_tracked() -> None:
    assert [name(path) for path in tracked() if path.suffix in (".key", ".p12", ".pfx", ".der", ".eml")] == []
