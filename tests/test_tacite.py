"""The command line: wrong use in French, exit codes, nothing but the answer on standard output."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import tacite
from local.processes import ROOT

WRONG = [
    (["nothing"], "Commande inconnue : nothing"),
    (["--bogus"], "Option inconnue : --bogus."),
    (["incidents", "extra"], "Argument en trop : extra."),
    (["advance"], "Il manque la référence du dossier."),
    (["deadline"], "Il manque --received-at."),
    (["deadline", "--received-at"], "Il manque --received-at."),
    (["deadline", "--received-at", "2026-12-01T09:00:00"], "Un instant doit porter son décalage horaire"),
    (["deadline", "--received-at", "demain"], "Écrivez l’instant de réception ainsi"),
    (["deadline", "--received-at", "2013-06-30T23:59:59+02:00"], "Aucun texte connu"),
    (["deadline", "--received-at", "2013-07-01T03:00:00+02:00", "--department", "971"], "Aucun texte connu"),
    (["deadline", "--received-at", "9999-12-31T23:59:59-12:00"], "Écrivez l’instant de réception ainsi"),
    (["deadline", "--received-at", "2026-12-01T09:00:00Z", "--department", "20"], "Département inconnu"),
    (["deadline", "--received-at", "2026-12-01T09:00:00Z", "--colour", "red"], "Option inconnue : --colour."),
    (["window", "--ground", "strike", "--placement-on", "2026-12-01"], "Motif inconnu"),
    (["window", "--ground", "restructuring", "--placement-on", "2013-06-30"], "Aucun texte connu"),
    (["window", "--ground", "restructuring", "--placement-on", "31/12/2026"], "Écrivez le jour du placement"),
    (["accounts", "create", "--role", "king"], "n’est pas admise. Valeurs admises : employer, agent,"),
    (["accounts", "create", "--role", "employer"], "au moins un --siret"),
    (["accounts", "create", "--role", "employer", "--siret", "35600000000048"], "Indiquez le --department"),
    (["accounts", "create", "--role", "agent"], "au moins un --department"),
    (["accounts", "create", "--role", "agent", "--department", "96"], "Département inconnu"),
    (["accounts", "create", "--role", "employer", "--siret", "1"], "Le SIRET compte 14 chiffres."),
    (["accounts", "create", "--role", "operator", "--name", "\u200b"], "Ce texte est vide ou trop court."),
    (["accounts", "create", "--role", "operator", "--name", "A\nB"], "Ce texte tient sur une ligne"),
    (["accounts", "create", "--role", "operator", "--email", "=?utf-8?q?a?=@exemple.fr"], "Avant « @ »"),
    (["accounts", "create", "--role", "employer", "--siret", "3560000000004A"], "ne contient que des chiffres."),
    (["advance", "034AAAA01", "15j"], "Écrivez la durée ainsi"),
    (["advance", "034AAAA01"], "Il manque la durée."),
    (["verify", "nowhere.pdf"], "nowhere.pdf n’est pas un fichier lisible."),
    (["verify", "nowhere.pdf", "--trust", "."], "nowhere.pdf n’est pas un fichier lisible."),
    (["verify", ".", "--trust", "."], "n’est pas un fichier lisible."),
    (["verify", "x.pdf", "--trust", "nowhere"], "nowhere ne contient aucune autorité lisible."),
    (
        ["verify", "x.pdf", "--trust", ".", "--register", "nowhere.json"],
        "nowhere.json n’est pas un fichier lisible.",
    ),
    (["demo", "--out", "unused", "--cases", "nowhere.json"], "doit être une liste JSON"),
    (["demo", "--out", "x.pdf"], "x.pdf n’est pas un dossier."),
    (["keys", "erase", "034AAAA01"], "Il manque --reason."),
    (["audit", "--anchors", "nowhere"], "nowhere n’est pas un dossier."),
    (["tokens", "revoke"], "Donnez un jeton, ou --account."),
    (["claims", "check", "nowhere.csv"], "nowhere.csv n’est pas un fichier lisible."),
    (["claims", "check", "x.pdf", "--month", "mars"], "--month : Écrivez ce mois ainsi"),
    (["claims", "check", "x.pdf", "--paid-to", "me"], "n’est pas admise. Valeurs admises : establishment,"),
    (["claims", "check"], "Il manque le fichier."),
    (["replay"], "au moins un historique"),
    (["replay", "nowhere.json"], "n’est pas un historique lisible"),
]
LONELY = [
    ["incidents"],
    ["resume", "034AAAA01", "--reason", "x"],
    ["advance", "034AAAA01", "1d"],
    ["doctor"],
    ["audit"],
    ["tokens", "list"],
    ["audit", "--all", "--json"],
    ["reconcile"],
    ["migrate"],
    ["keys", "erase", "034AAAA01", "--reason", "x"],
    ["replay", "034AAAA01"],
    ["verify", "x.pdf"],
    ["claims", "check", "x.pdf", "--reference", "034AAAA01"],
]


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No installation of Tacite is in reach."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.pdf").write_bytes(b"%PDF-1.7")
    monkeypatch.setenv("COLUMNS", "200")
    for name in list(os.environ):
        if name.startswith("TACITE_"):
            monkeypatch.delenv(name)


@pytest.mark.parametrize(("arguments", "sentence"), WRONG, ids=lambda value: " ".join(value)[:60])
def test_wrong_use_is_said_in_french_and_exits_2(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tacite.run(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert sentence in said.err


@pytest.mark.parametrize("arguments", LONELY, ids=" ".join)
def test_without_a_tacite_at_hand_a_dependency_is_missing(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert tacite.run(arguments) == 3
    assert "Aucun Tacite ici" in capsys.readouterr().err


def test_help_is_in_french(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([], ["deadline", "--help"], ["accounts", "--help"]):
        assert tacite.run(arguments) == 0
    shown = capsys.readouterr().out
    assert "Montrer cette aide." in shown
    assert not [word for word in ("Usage:", "required", "Display", "Parameters", "Commands") if word in shown]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["deadline", "--received-at", "2026-12-01T09:00:00+01:00", "--json"], 0),
        (["deadline", "--received-at", "hier"], 2),
        (["incidents", "--json"], 3),
        (["--version"], 0),
    ],
    ids=lambda value: str(value),
)
def test_the_program_ends_with_the_same_codes(arguments: list[str], code: int) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tacite.py"), *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == code
    assert bool(done.stdout) == (code == 0)
    assert bool(done.stderr) == (code != 0)


CLAIM = (
    "nir;nom;nom_usage;prenom;categorie;mode;duree_contrat;semaine;heures_travaillees;heures_chomees;taux_horaire;"
    "alternance\n180017511100102;Martin;;Zoé;ouvrier;02;35;2021-W09;14;21;15,2;non\n"
)


@pytest.mark.parametrize(
    "arguments",
    [
        ["deadline", "--received-at", "2026-12-01T09:00:00+01:00"],
        ["deadline", "--received-at", "2026-12-01T09:00:00+01:00", "--json"],
        ["claims", "convert", "paie.csv"],
    ],
    ids=lambda value: value[-1],
)
def test_a_reader_that_leaves_ends_the_program_without_a_word(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "paie.csv").write_text(CLAIM, "utf-8")
    reading, writing = os.pipe()
    os.close(reading)
    program = [sys.executable, str(ROOT / "tacite.py"), *arguments]
    done = subprocess.run(program, stdout=writing, stderr=subprocess.PIPE, text=True, check=False, cwd=tmp_path)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize("role", ["operator", "auditor"])
def test_in_production_this_command_opens_employers_only(
    role: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    required = ("DATABASE", "MASTER_KEY", "BLIND_KEY", "TRUST", "SEAL", "SIGNATORIES")
    for name in required:
        monkeypatch.setenv(f"TACITE_{name}", "/nowhere")
    monkeypatch.setenv("TACITE_AGENCY", "file:///nowhere")
    monkeypatch.setenv("TACITE_TIMESTAMPS", "[]")
    assert tacite.run(["accounts", "create", "--role", role]) == 2
    assert "tacite agents open" in capsys.readouterr().err
