"""Small files of claims in every format, read when the program starts: a process that judges can open nothing."""

from collections.abc import Iterator
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

from examining.claims.reader import Context
from examining.samples import ENCODINGS
from models.claim_files.profile import ReadingContext

LONG: Final = (
    "nir;nom;prenom;categorie;mode;duree_contrat;semaine;heures_travaillees;heures_chomees;taux_horaire;commentaire\n"
    "295109912611193;Martin;Élodie;employé;02;35;2021-W26;7,5;27,5;12,30;\n"
    "295109912611199;=1+1;;C;x;y;z;a;b;c;d\n"
)
WIDE: Final = (
    "NIR,Nom,Prénom,CSP,Mode,Horaire hebdo,S26 trav,S26 chômées\n2951099126111,Martin,Élodie,employé,2,35,7h30,27h30\n"
)
DIRECT: Final = (
    "nir;nom;prenom;categorie;mode;duree_contrat;semaine;heures_travaillees;heures_chomees;nom_naissance;civilite;"
    "naissance;commune_insee;adresse;code_postal;ville;iban\n"
    "295109912611193;Martin;Élodie;employé;02;35;28/06/2021;7;28;Durand;Mme;01/10/1995;99126;1 rue Haute;75001;Paris;"
    "FR7630006000011234567890189\n"
)
DSN: Final = (
    "S10.G00.00.001,'x'\nS20.G00.05.005,'01062021'\nS21.G00.30.001,'2951099126111'\nS21.G00.30.002,'MARTIN'\n"
    "S21.G00.30.004,'ELODIE'\nS21.G00.40.001,'01012020'\nS21.G00.40.004,'543a'\nS21.G00.40.011,'10'\n"
    "S21.G00.40.013,'151.67'\nS21.G00.40.078,'02'\nS21.G00.51.011,'019'\nS21.G00.51.012,'27.50'\n"
    "S90.G00.90.001,'14'\nS90.G00.90.002,'1'\n"
)
JSON: Final = '{"month": "2021-06", "lines": [{"nir": "2951099126111", "week": "2021-06-28", "worked": 7.5}, 1]}'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/relationships"


def samples() -> Iterator[tuple[bytes, Context]]:
    """Yield files, good ones and broken ones, each with what is told of it."""
    context = Context(reading=ReadingContext(month="2021-06"))
    for encoding in ENCODINGS:
        yield LONG.encode(encoding), context
    for text in (WIDE, DSN, JSON, "{", "nothing"):
        yield text.encode(), context
    yield LONG.replace("Élodie", "Ã‰lodie").encode(), context
    yield DIRECT.encode(), Context(reading=ReadingContext(payee="employees"))
    good = workbook([line.split(";") for line in LONG.splitlines()])
    yield from ((each, context) for each in (good, good[: len(good) // 2], good.replace(b"xl/", b"yl/")))


def workbook(rows: list[list[str]]) -> bytes:
    """Return a workbook of one sheet whose cells are text."""
    cells = [[f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row] for row in rows]
    data = "".join(f"<row>{''.join(row)}</row>" for row in cells)
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" '
        f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{data}</sheetData></worksheet>',
    }
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return written.getvalue()
