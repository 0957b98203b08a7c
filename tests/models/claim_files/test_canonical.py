"""The canonical CSV, as it is documented; that it reads the same is tried in `examining/claims/test_reader.py`."""

from datetime import date
from decimal import Decimal

from models.claim_files.canonical import write
from models.claim_files.fields import Category
from models.claim_files.lines import ClaimLine, Payee

LINE = ClaimLine(
    line=2,
    nir="295109912611193",
    family_name="Durand; dit Martin",
    usage_name="-Martin",
    first_name="Élodie",
    category=Category.SUPERVISOR,
    mode="02",
    contract_hours=Decimal(35),
    week=date(2020, 12, 28),
    worked=Decimal("7.5"),
    idle=Decimal("27.25"),
    hourly_gross=Decimal("12.1234"),
    apprentice=True,
)


def test_values_stand_as_the_documentation_says() -> None:
    assert "".join(write([LINE, LINE._replace(hourly_gross=None, apprentice=False)])) == (
        "nir;nom;nom_usage;prenom;categorie;mode;duree_contrat;semaine;heures_travaillees;heures_chomees;taux_horaire;"
        "alternance\n"
        '295109912611193;"Durand; dit Martin";\'-Martin;Élodie;agent de maîtrise;02;35;2020-W53;7,5;27,25;12,1234;oui\n'
        '295109912611193;"Durand; dit Martin";\'-Martin;Élodie;agent de maîtrise;02;35;2020-W53;7,5;27,25;;non\n'
    )


def test_direct_payment_adds_eight_columns() -> None:
    payee = Payee("Durand", "Mme", date(1995, 10, 1), "2B096", "1 rue Haute", "01000", "Bourg", "FR76")
    header, paid, unpaid = write([LINE._replace(payee=payee), LINE], direct=True)
    assert header.endswith(";nom_naissance;civilite;naissance;commune_insee;adresse;code_postal;ville;iban\n")
    assert paid.endswith(";oui;Durand;Mme;1995-10-01;2B096;1 rue Haute;01000;Bourg;FR76\n")
    assert unpaid.endswith(";oui;;;;;;;;\n")
