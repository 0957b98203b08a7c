"""Keys inside a PKCS#11 device, simulated by SoftHSM; skipped where its library is not installed."""

import json
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from activities.documents.render import render
from activities.signing.errors import SignerUnavailable
from activities.signing.keys import load_signer
from activities.signing.sign import sign
from activities.signing.timestamp import FailoverTimeStamper
from tests.activities.documents.examples import AT, a_grant, every_document
from tests.judging import verify

LIBRARIES = (
    Path("/usr/lib/softhsm/libsofthsm2.so"),
    Path("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
    Path("/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so"),
    Path("/opt/homebrew/lib/softhsm/libsofthsm2.so"),
)
LIBRARY = next((library for library in LIBRARIES if library.exists()), None)
PIN = "271828"

pytestmark = pytest.mark.skipif(LIBRARY is None, reason="SoftHSM is not installed (Debian: softhsm2)")


@pytest.fixture(scope="module")
def device(authority_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A key folder whose key is inside the device."""
    folder = tmp_path_factory.mktemp("device")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
        _tool("--init-token", "--free", "--label", "essai", "--so-pin", "3141592", "--pin", PIN)
        key = str(authority_folder / "seal" / "key.pem")
        _tool("--import", key, "--token", "essai", "--label", "cachet", "--id", "01", "--pin", PIN)
        for name in ("certificate.pem", "chain.pem"):
            (folder / name).write_bytes((authority_folder / "seal" / name).read_bytes())
        (folder / "pin").write_text(f"{PIN}\n")
        _describe(folder, label="cachet", pin_file="pin")
        yield folder
        load_signer.cache_clear()


def test_a_document_is_signed_inside_the_device(
    device: Path, authority_folder: Path, timestamps: FailoverTimeStamper
) -> None:
    signed = sign(render(every_document()["receipt"], AT), load_signer(device), timestamps, reason="Essai")
    assert verify(signed, authority_folder / "trust", online=True).valid


def test_eight_threads_share_the_device(device: Path, authority_folder: Path, timestamps: FailoverTimeStamper) -> None:
    pdf = render(every_document()["receipt"], AT)
    with ThreadPoolExecutor(8) as pool:
        done = pool.map(lambda _: sign(pdf, load_signer(device), timestamps, reason="Essai"), range(16))
        for signed in done:
            assert verify(signed, authority_folder / "trust", online=True).valid


def test_a_wrong_label_or_pin_is_a_matter_of_waiting(
    device: Path, tmp_path: Path, timestamps: FailoverTimeStamper
) -> None:
    for name in ("certificate.pem", "chain.pem"):
        (tmp_path / name).write_bytes((device / name).read_bytes())
    (tmp_path / "pin").write_text(PIN)
    _describe(tmp_path, label="absent", pin_file="pin")
    with pytest.raises(SignerUnavailable):
        sign(render(a_grant(), AT), load_signer(tmp_path), timestamps, reason="Essai")
    load_signer.cache_clear()
    _describe(tmp_path, label="cachet", pin_file="nowhere")
    with pytest.raises(SignerUnavailable):
        load_signer(tmp_path)


def _describe(folder: Path, label: str, pin_file: str) -> None:
    settings = {"module": str(LIBRARY), "token": "essai", "pin_file": str(folder / pin_file), "label": label}
    (folder / "pkcs11.json").write_text(json.dumps(settings))


def _tool(*arguments: str) -> None:
    subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True)
