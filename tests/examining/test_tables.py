"""A table is taken in whatever encoding a spreadsheet writes; a letter, a page or a program is not one."""

import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from examining import tables
from examining.refused import Refused
from models.examination.shapes import FILE, FileVerdict
from tests.examining.conftest import Listening

TABLES = {
    "short rows": "version,nom,debut,fin\n1.1,Buzz,1993-08-16,1996-06-17\n12,Bookworm,2021-08-14\n13,Trixie\n",
    "semi": "nom;heures\nÉmilie;12\nJean;10\n",
    "comma": "nom,heures\nA,1\nB,2\n",
    "tab": "a\tb\n1\t2\n",
    "one col": "nom\nDupont\nMartin\n",
    "siret": "siret\n18405751130426\n35600000000048\n",
    "mac": "a;b\r1;2\r3;4\r",
    "quoted": 'nom;motif\n"Dupont";"Fermeture, atelier ; panne\nde courant du four et du secours"\n"Martin";"Idem"\n',
    "title": "Activité partielle novembre;;\nnom;date;heures\nA;01/11/2026;7\nB;02/11/2026;7,5\n",
    "decimal": "nom;heures;taux\nA;7,5;11,65\nB;8,25;12,10\n",
    "trail": "a;b;\n1;2;\n3;4;\n",
    "long text": "salarié,motif\nDupont,fermeture totale de l'atelier\nMartin,fermeture totale de l'atelier\n",
    "hours col": "12,5\n7,0\n8,25\n",
    "excel sep": "sep=;\na;b\n1;2\n",
    "names space": "Nom, Prénom\nDupont, Jean\nMartin, Luc\n",
    "one name per line comma": "Dupont, Jean\nMartin, Luc\nDurand, Anne\n",
    "emails": "mail\na@b.fr\nc@d.fr\n",
    "crlf": "a;b\r\n1;2\r\n",
    "header accents": "Salarié;Période d’activité partielle;Nombre d’heures chômées (h)\nX;du 1er au 30;35\n",
    "blank": "a;b\n\n1;2\n\n3;4\n",
    "pct": "taux;part\n60 %;0,4\n70 %;0,5\n",
    "cell ending with a bracket": "Nom;Fonction\nDupont;Chef d'équipe (\n",
    "words of programs": "Catégorie;Nombre\npublic interne;12\nprivate label;3\nSelect vins from Bordeaux;1\n",
    "calls": "Désignation;Qté\nPapier print (A4);12\nsystem (clim);3\nexec (2);1\n",
    "arrows": "Ligne;Détail\n1;A => B\n2;C => D\n",
    "cell of two lines": 'Nom;Commentaire\nDupont;"Absent le lundi (\nmaladie)"\nMartin;"ok"\n',
    "three quotes": 'Nom;Surnom\n"""Le grand""";a\n"Dupont ""Jeannot""";b\n',
    "braces": "Code;Libellé\nA{1:2};x\nB;y\n",
    "assignments": "a=1;b=2\nc=3;d=4\n",
    "dollars": "Prix;U\n12 $(US);1\n3 $(CA);2\n",
    "column of imports": "Mouvement\npackage\nimport Chine\nfrom Paris\n",
    "a tag in a cell": "Nom;Adresse\nDupont;1 rue X<br>75001 Paris\nMartin;2 rue\n",
    "less than": "<25 ans;12\n25 ans et plus;30\n",
    "names of a mail": "Date:;01/01/2026\nSubject:;Heures\nFrom:;DRH\nTo:;DDETS\n",
    "begins with begin": "BEGIN:;END:\n1;2\n",
    "title, blank": "Société Martin SARL\nÉtat des heures\n\nNom;Prénom;Heures\nDupont;Jean;35,5\nMartin;Luc;12\n",
    "title, blank, comma": "Société Martin\n\nNom,Heures\nDupont,35\n",
    "title, padded": "Société Martin;;\n;;\nNom;Prénom;Heures\nDupont;Jean;35,5\nMartin;Luc;12\n",
    "note below": "Nom;Heures\nDupont;35\nMartin;12\n\nFait à Paris le 3 novembre\n",
    "two tables": "Nom;H\nA;1\nB;2\n\nService;Effectif;Taux\nVente;3;10\nAtelier;4;20\n",
    "two titles": "Ventes\nNom;H\nA;1\n\nAtelier\nNom;H;T\nA;1;2\nB;1;2\n",
    "heading only": "Nom;Prénom;Heures\n",
    "one row": "DUPONT;Jean;35\n",
    "abbreviations": "M. Dupont Jr.\nMme Martin\nMartin S.A.\n",
    "zeros": "Nom;H\nD;3\n" + "\0" * 40,
    "formula": "Nom;H\nD;=SOMME(A1:A2)\nE;-3\n",
    "one col spaces": "Salarié\nJean Dupont\nAnne de La Tour\n",
}
OTHERS = {
    "py list": "WIDTHS = [\n    (0, 0),\n    (1, 1),\n    (2, 2),\n]\n",
    "py text": '"""Index interaction code\n"""\n',
    "letter, commas": "Madame, Monsieur, bonjour,\nNous fermons, faute de mieux.\nCordialement, Jean\n",
    "letter": "Madame, Monsieur,\n\nJe vous prie de trouver ci-joint, la liste.\n\nCordialement,\nJean Dupont\n",
    "letter2": "Madame, Monsieur,\nNous fermons, faute de commandes.\nCordialement, Jean\n",
    "letter3": "Bonjour,\nvoici le tableau demandé.\nMerci\n",
    "html": "<html><p>a;b</p>\n<p>c;d</p></html>",
    "js": "var a = 1;\nvar b = 2;\nalert(a);\n",
    "json": '{"a": 1, "b": 2}\n',
    "jsonl": '{"a": 1, "b": 2}\n{"a": 1, "b": 2}\n',
    "json arr": '["a","b"]',
    "xml": "<?xml version='1.0'?>\n<a>b</a>",
    "rtf": "{\\rtf1\\ansi a;b}",
    "sh": "#!/bin/sh\nls; pwd\n",
    "bonjour": "bonjour",
    "css": "a { color: red; }\nb { color: blue; }\n",
    "eml": "From: a@b.c\nTo: d@e.f\nSubject: x\nDate: y\n\nBonjour\n",
    "ics": "BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n",
    "pem": "-----BEGIN X-----\nabc\n",
    "svg": "<svg xmlns='x'/>",
    "vbs": 'Dim a\nSet b = CreateObject("x")\n',
    "php": "<?php echo 1; ?>",
    "letter semis": "Nous avons fermé l'atelier ; il fait froid ici\nNous avons perdu des commandes ; c'est ainsi\n",
    "prose no punct": "Nous demandons une autorisation car il est fermé\nla panne a duré trois jours\n",
    "ps": "$a = Get-Process\n$b = Stop-Process\n",
    "c": "int main() {\n return 0;\n}\n",
    "yaml": "a: 1\nb:\n  - c\n",
    "md": "# Titre\n\nUn texte.\n",
    "js min": "(function(){a;b})();\n",
    "js console": "console.log('a');\nconsole.log('b');\n",
    "ini": "[a]\nb=1\n",
    "jscall": "foo(1);\nbar(2);\nbaz(3);\n",
}

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "cp1252", "cp850"]
HARMLESS = {
    "shell": "net user x /add;1\ncalc.exe;2\n",
    "tag": "a;b\n<hta:application>;1\n",
    "formula": "a;b\n=cmd|' /C calc'!A0;1\n",
    "python": "from .palette import Palette\n\n\nA, b\nC, d\n",
}
"""Texts in the form of a table: as `text/csv`, whatever they say, they are rows."""
CALM = 3.0
"""CPU seconds that a table of a megabyte may take: it takes less than one."""


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_taken(examining: Listening, name: str) -> None:
    assert examining.client.examine(FILE, TABLES[name].encode()) == FileVerdict(media_type="text/csv")


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_whatever_the_spreadsheet_writes_is_read(examining: Listening, encoding: str, separator: str, end: str) -> None:
    rows = (("Salarié", "heures"), ("Émilie", "12"), ("Zoë", "10"))
    content = end.join(separator.join(row) for row in rows) + end
    if encoding == "utf-16-be":
        content = "\ufeff" + content
    assert examining.client.examine(FILE, content.encode(encoding)).media_type == "text/csv"


@pytest.mark.parametrize("name", OTHERS)
def test_a_letter_a_page_or_a_program_is_no_table(examining: Listening, name: str) -> None:
    verdict = examining.client.examine(FILE, OTHERS[name].encode())
    assert (verdict.media_type, verdict.refusal) == (None, "file-type")


@pytest.mark.parametrize(
    "content", [b"a;b\n1;\0\n", b"\x01\x02;\x03\n", b"a;b\n\x81;\xc4\n", "a;b\n\1".encode("utf-16-le")]
)
def test_what_is_no_text_is_no_table(examining: Listening, content: bytes) -> None:
    assert examining.client.examine(FILE, content).refusal == "file-type"


@pytest.mark.parametrize("name", HARMLESS)
def test_what_a_table_says_is_not_judged(examining: Listening, name: str) -> None:
    assert examining.client.examine(FILE, HARMLESS[name].encode()) == FileVerdict(media_type="text/csv")


def test_half_a_sign_at_the_end_is_left_out(examining: Listening) -> None:
    for content in ("a;b\n1;2\n".encode("utf-16") + b"\n", "Œuf;b\n1;2\n".encode("utf-16-be") + b"\0"):
        assert examining.client.examine(FILE, content).media_type == "text/csv"


SHAPES: dict[str, Callable[[int], str]] = {
    "blank lines": lambda size: "a;b\n1;2\n" + "\n" * size,
    "blank lines between": lambda size: "a;b\n\n" * (size // 5),
    "lines of spaces": lambda size: "a;b\n" + " \n" * (size // 2) + "x",
    "one line of spaces": lambda size: "a;b\n" + " " * size + "x",
    "braces": lambda size: "a;b\n" + "{" * size,
    "braces in cells": lambda size: "a;b\n" + "{;1\n" * (size // 4),
    "one brace": lambda size: "a;b\n{;1\n" + "1;2\n" * (size // 4),
    "quotes": lambda size: '"' * size,
    "open quote": lambda size: 'a;b\n"' + "1;2\n" * (size // 4),
    "quotes and separators": lambda size: '";"' * (size // 3),
    "one huge line": lambda size: "a" * size,
    "one line of all separators": lambda size: "1;2,3\t4|" * (size // 8),
    "separators": lambda size: ";\n" + ";" * size,
    "brackets": lambda size: "[" * size,
    "json": lambda size: '{"a":' * (size // 5),
    "tags": lambda size: "x\n" + "<" * size,
    "assignment": lambda size: "a=" * (size // 2),
    "numbers": lambda size: "1 " * (size // 2) + "\n2",
    "points": lambda size: "x\n" + "1." * (size // 2) + "x\n",
    "zeros": lambda size: "a;b\n1;2\n" + "\0" * size,
    "zeros between": lambda size: "a;b\n1;\0" * (size // 7),
    "rows": lambda size: "nom;heures\n" + "Émilie;12\n" * (size // 10),
    "column": lambda size: "Émilie\n" * (size // 7),
    "letter": lambda size: "Madame, nous fermons, faute de mieux.\n\n" * (size // 39),
    "line ends": lambda size: "a;b" + "\r\n\x0c\x85" * (size // 4),
}


def cpu_seconds(content: bytes) -> float:
    began = time.process_time()
    with suppress(Refused):
        tables.check(content)
    return time.process_time() - began


@pytest.mark.parametrize("name", SHAPES)
def test_the_time_of_a_table_grows_as_its_size(name: str) -> None:
    small, large = (cpu_seconds(SHAPES[name](size).encode()) for size in (65_536, 1_048_576))
    assert small < CALM / 4
    assert large < CALM
    assert large < 0.2 + 3 * 16 * small
