"""How the paying agency that we play answers deposits of claims: it opens each nominal file, and writes in `retrait/`.

A row that it took before is « already integrated » (3436), with the digest of the document that it had then; one that
it refused by order stays refused. Files without nominal files are not claims, and are not answered.

Orders, while these files are in FOLDER; those with a content say it in one line:
`reject` (a code, and optionally numbers of authorizations) refuses rows, `reject-people` (numbers of lines)
refuses people inside, `other-digest` quotes another document, `unknown-line`, `wrong-stream`, `malformed` and `huge`
spoil the file, `partial` answers every other row, `reversed` answers the last row first, `silent` answers nothing yet,
`twice` answers again what was fetched, `differently` answers again, the contrary.
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import Final, cast

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs7 import pkcs7_decrypt_der
from cryptography.x509 import load_pem_x509_certificate

ACCEPTED: Final = ("0000", "Ligne intégrée")
REPEATED: Final = ("3436", "Ligne déjà intégrée")
REFUSED: Final = "Ligne refusée"
UNREADABLE: Final = ("3201", "Fichier nominatif absent ou illisible")
INCOMPLETE: Final = ("3301", "Salariés refusés dans le fichier nominatif")
SUFFIX: Final = "_FichierRetour.json"
HUGE_BYTES: Final = 9 * 1024 * 1024
Line = dict[str, object]


class AnswerDesk:
    """Answers the deposits of one folder, and judges each row once, however often it is killed.

    What it judged of a row is in `known.json` (a code, the digest of its document), what it answered in `answered/`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._deposits, self._answers = folder / "files" / "depot", folder / "files" / "retrait"
        self._answered = folder / "answered"
        self._answered.mkdir(exist_ok=True)
        self._known = folder / "known.json"
        self._others: set[str] = set()
        """Deposits that are no claims: they are read once."""

    def answer_all(self) -> None:
        """Answer every deposit that is not answered yet, or is to be answered again."""
        if self._has("silent"):
            return
        for deposit in sorted(each for each in self._deposits.glob("*.json") if each.name not in self._others):
            times = len(list(self._answered.glob(f"{deposit.stem}.*")))
            again = self._has("twice") or self._has("differently") or self._has("partial")
            fetched = not (self._answers / f"{deposit.stem}{SUFFIX}").exists()
            if fetched and (times == 0 or (times == 1 and again)):
                self._answer(deposit, times)

    def _answer(self, deposit: Path, times: int) -> None:
        document = _read(deposit)
        if document is None:
            return
        lines = cast("list[Line]", document["lignesTelechargement"])
        if not all("empreinteNominatif" in each for each in lines):
            self._others.add(deposit.name)
            return
        answered = [self._judge(each, times) for each in lines]
        if self._has("partial"):
            answered = [each for each in answered if (cast(int, each["numLigne"]) + times) % 2]
        if self._has("reversed"):
            answered.reverse()
        content = self._spoil(json.dumps(document | {"lignesTelechargement": answered}).encode(), answered)
        written = self._answers / f"{deposit.stem}{SUFFIX}"
        _write(written, content)
        (self._answered / f"{deposit.stem}.{times}").touch()

    def _judge(self, line: Line, times: int) -> Line:
        """Return a row with its answer."""
        code, label = self._verdict(line)
        if times and self._has("differently"):
            code, label = UNREADABLE if code in (ACCEPTED[0], REPEATED[0]) else ACCEPTED
        answer: Line = line | {"codeTraitement": code, "libelleTraitement": label}
        if people := self._ordered("reject-people").split():
            answer |= {"codeTraitement": INCOMPLETE[0], "libelleTraitement": INCOMPLETE[1]}
            answer["lignesRejetees"] = [int(each) for each in people]
        if self._has("other-digest"):
            code, label = REPEATED
            answer |= {"codeTraitement": code, "libelleTraitement": label, "empreinteDocument": "0" * 64}
        return answer

    def _verdict(self, line: Line) -> tuple[str, str]:
        known: dict[str, tuple[str, str]] = json.loads(self._known.read_text("utf-8")) if self._known.exists() else {}
        key, digest = str(line["cleLigne"]), str(line["empreinteDocument"])
        if key in known:
            code, line["empreinteDocument"] = known[key]
            return REPEATED if code == ACCEPTED[0] else (code, REFUSED)
        if not self._opens(str(line["empreinteNominatif"])):
            return UNREADABLE
        code, *numbers = self._ordered("reject").split() or [ACCEPTED[0]]
        is_refused = code != ACCEPTED[0] and (not numbers or line["numAutorisation"] in numbers)
        judged = (code, REFUSED) if is_refused else ACCEPTED
        _write(self._known, json.dumps(known | {key: (judged[0], digest)}).encode())
        return judged

    def _opens(self, digest: str) -> bool:
        """Whether the nominal file of this digest is there, is what its name says, and is enveloped to us."""
        file = self._deposits / f"{digest}.p7m"
        if not file.is_file() or sha256(file.read_bytes()).hexdigest() != digest:
            return False
        certificate = load_pem_x509_certificate((self._folder / "certificate.pem").read_bytes())
        key = load_pem_private_key((self._folder / "envelope_key.pem").read_bytes(), None)
        try:
            opened = pkcs7_decrypt_der(file.read_bytes(), certificate, cast(RSAPrivateKey, key), [])
        except ValueError:
            return False
        return len(opened.splitlines()) > 1

    def _spoil(self, content: bytes, answered: list[Line]) -> bytes:
        """Return the file as an order wants it."""
        if self._has("malformed"):
            return content[:-40]
        if self._has("huge"):
            return content + b" " * HUGE_BYTES
        document = json.loads(content)
        if self._has("wrong-stream"):
            document["lignesTelechargement"] = [each | {"typeMouvement": "M"} for each in answered]
        if self._has("unknown-line"):
            document["lignesTelechargement"] = [*answered, answered[0] | {"numLigne": 9_999}]
        return json.dumps(document).encode()

    def _has(self, order: str) -> bool:
        return (self._folder / order).exists()

    def _ordered(self, order: str) -> str:
        try:
            return (self._folder / order).read_text("utf-8").strip()
        except FileNotFoundError:  # no such order, or none any more
            return ""


def _write(file: Path, content: bytes) -> None:
    """Write a file whole, or not at all."""
    partial = file.with_suffix(".tmp")
    partial.write_bytes(content)
    partial.rename(file)


def _read(deposit: Path) -> Line | None:
    """Return the content of a deposit; None for what is not one, as while it is being written."""
    try:
        document = json.loads(deposit.read_bytes())
    except (OSError, ValueError):
        return None
    return document if isinstance(document, dict) and "lignesTelechargement" in document else None
