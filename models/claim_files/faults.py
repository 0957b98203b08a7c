"""What may be wrong in a file of a claim: kinds of fault of a line, each with its sentence and what to do.

Four stand beside the 25 kinds that every file may have; the last three are warnings of a DSN: what it holds beside the
claim of a month, and hours that it gives for several months together.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple, Self

from models.claim_files.fields import Field
from models.labels import Labelled


class FaultCode(Labelled):
    """A kind of fault: code, French sentence, and what to do."""

    advice: str

    def __new__(cls, code: str, label: str, advice: str) -> Self:
        """Create a member whose value is its code."""
        member = cls._labelled(code, label)
        member.advice = advice
        return member

    NIR_MISSING = (
        "nir-missing",
        "Le numéro de sécurité sociale (NIR) manque.",
        "Indiquez les 13 chiffres du NIR, avec ou sans sa clé.",
    )
    NIR_FORM = (
        "nir-form",
        "Ce numéro de sécurité sociale n’a pas la forme d’un NIR.",
        "Recopiez ses 13 chiffres (2A ou 2B pour la Corse), avec ou sans la clé de 2 chiffres.",
    )
    NIR_KEY = (
        "nir-key",
        "La clé de ce numéro de sécurité sociale n’est pas la sienne.",
        "Vérifiez chaque chiffre sur un document de l’assurance maladie.",
    )
    NIR_TEMPORARY = (
        "nir-temporary",
        "C’est un numéro provisoire (NTT, ou NIR en attente d’immatriculation).",
        "Demandez le NIR définitif à l’assurance maladie ; ce salarié se déclare ensuite, dans le délai.",
    )
    NAME_MISSING = ("name-missing", "Le nom ou le prénom manque.", "Indiquez le nom et le prénom du salarié.")
    NAME_CHARACTERS = (
        "name-characters",
        "Ce nom contient des signes qu’un nom n’a pas.",
        "Corrigez-le ; si les accents sont illisibles, enregistrez le fichier en UTF-8.",
    )
    CATEGORY_UNKNOWN = (
        "category-unknown",
        "Cette catégorie socioprofessionnelle n’est pas connue.",
        "Écrivez ouvrier, employé, technicien, agent de maîtrise ou cadre, ou ajoutez votre code au profil d’import.",
    )
    MODE_UNKNOWN = (
        "mode-unknown",
        "Ce mode d’aménagement du temps de travail n’est pas connu.",
        "Écrivez un code de 01 à 10 (rubrique S21.G00.40.078 de la DSN), ou ajoutez le vôtre au profil d’import.",
    )
    WEEK_UNREADABLE = (
        "week-unreadable",
        "Cette semaine ne se lit pas.",
        "Écrivez une seule semaine : 2021-W26, 26/2021, la date du lundi, ou « du 28/06/2021 au 04/07/2021 » ; S26 "
        "demande le mois.",
    )
    WEEK_OUTSIDE_MONTH = (
        "week-outside-month",
        "Aucun jour de cette semaine n’est du mois demandé.",
        "Déclarez-la dans la demande de son mois.",
    )
    WEEK_OUTSIDE_PERIOD = (
        "week-outside-period",
        "Cette semaine est hors de la période autorisée.",
        "Retirez cette ligne : seules les semaines de l’autorisation sont indemnisées.",
    )
    WEEK_TWICE = (
        "week-twice",
        "Ce salarié a déjà une ligne pour cette semaine.",
        "Gardez une seule ligne par salarié et par semaine, avec le total des heures.",
    )
    NIR_TWO_NAMES = (
        "nir-two-names",
        "Ce numéro de sécurité sociale a deux noms dans le fichier.",
        "Vérifiez le numéro, ou écrivez le même nom sur toutes ses lignes.",
    )
    HOURS_NOT_A_NUMBER = (
        "hours-not-a-number",
        "Cette valeur n’est pas un nombre.",
        "Écrivez 7,5 ou 7h30 pour sept heures et demie, 10,15 pour un taux horaire.",
    )
    HOURS_NEGATIVE = ("hours-negative", "Ce nombre est négatif.", "Indiquez un nombre positif ou nul.")
    HOURS_TOO_PRECISE = (
        "hours-too-precise",
        "Ce nombre a trop de décimales.",
        "Arrondissez-le : deux décimales pour des heures, quatre pour un taux horaire.",
    )
    HOURS_ABOVE_CALENDAR = (
        "hours-above-calendar",
        "Les heures travaillées et chômées dépassent ce que la semaine permet.",
        "Vérifiez les deux nombres : ils sont d’une seule semaine, et seulement de ses jours du mois.",
    )
    IDLE_ABOVE_PAYABLE = (
        "idle-above-payable",
        "Les heures chômées dépassent les heures indemnisables.",
        "Ramenez-les aux heures indemnisables, ou corrigez les heures travaillées.",
    )
    ABOVE_LEGAL_WEEK = (
        "above-legal-week",
        "Les heures chômées au-delà de la durée légale demandent un motif.",
        "Déclarez l’horaire d’équivalence ou les heures supplémentaires structurelles, sinon ramenez-les à la durée "
        "légale.",
    )
    CONTRACT_HOURS = (
        "contract-hours",
        "La durée hebdomadaire du contrat manque ou n’est pas possible.",
        "Indiquez les heures par semaine du contrat, par exemple 35.",
    )
    WAGE_MISSING = (
        "wage-missing",
        "Le taux horaire brut manque.",
        "Indiquez-le : l’allocation de cette date en dépend.",
    )
    WAGE_BELOW_SMIC = (
        "wage-below-smic",
        "Le taux horaire est inférieur au SMIC.",
        "Corrigez-le, ou indiquez que le salarié est en alternance.",
    )
    WAGE_OUTLIER = (
        "wage-outlier",
        "Ce taux horaire est inhabituel.",
        "Vérifiez qu’il est bien brut et horaire, et la place de sa virgule.",
    )
    IBAN = ("iban", "Cet IBAN n’est pas valable.", "Recopiez-le depuis le RIB du salarié.")
    LINE_LENGTH = (
        "line-length",
        "Cette ligne n’a pas le même nombre de colonnes que l’en-tête.",
        "Vérifiez les séparateurs et les guillemets de cette ligne.",
    )
    APPRENTICE_UNKNOWN = (
        "apprentice-unknown",
        "Cette réponse ne dit pas si le salarié est en alternance.",
        "Écrivez oui ou non.",
    )
    PAYEE_INCOMPLETE = (
        "payee-incomplete",
        "Une donnée du paiement direct manque ou ne se lit pas.",
        "Le paiement direct demande nom de naissance, civilité, date et commune INSEE de naissance, adresse et IBAN.",
    )
    PAYEE_DIFFERS = (
        "payee-differs",
        "Les données du paiement direct de ce salarié ne sont pas les mêmes sur toutes ses lignes.",
        "Écrivez les mêmes sur chacune : un seul compte est payé.",
    )
    HOURS_TO_COME = (
        "hours-to-come",
        "Cette semaine n’est pas encore passée.",
        "Demandez ses heures une fois qu’elles sont chômées.",
    )
    HOURS_OF_ANOTHER_MONTH = (
        "hours-of-another-month",
        "Ces heures d’activité partielle sont d’un autre mois : elles ne sont pas comptées.",
        "Déclarez-les dans la demande de leur mois.",
    )
    HOURS_OF_ANOTHER_ESTABLISHMENT = (
        "hours-of-another-establishment",
        "Cette DSN a aussi des heures d’activité partielle de cet établissement : elles ne sont pas comptées.",
        "Déclarez-les dans la demande de cet établissement.",
    )
    HOURS_OF_SEVERAL_MONTHS = (
        "hours-of-several-months",
        "Cette période de paie tient sur plusieurs mois, et la DSN en déclare un autre : toutes ses heures d’activité "
        "partielle sont attribuées à son premier mois.",
        "Répartissez-les entre les demandes de chaque mois.",
    )


OF_IDENTITY: Final = frozenset(
    {
        FaultCode.NAME_MISSING,
        FaultCode.NAME_CHARACTERS,
        FaultCode.NIR_TWO_NAMES,
        FaultCode.IBAN,
        FaultCode.PAYEE_INCOMPLETE,
        FaultCode.PAYEE_DIFFERS,
    }
)
"""Kinds whose column holds a name, a birth, an address or an account: what was read there is stored nowhere."""

OF_CODES: Final[Mapping[FaultCode, Field]] = {
    FaultCode.CATEGORY_UNKNOWN: Field.CATEGORY,
    FaultCode.MODE_UNKNOWN: Field.MODE,
}
"""Kinds of a value that an import profile may explain, and what the value states."""


class Fault(NamedTuple):
    """A fault of one line."""

    code: FaultCode
    line: int
    column: str
    """Header as the file writes it, without control characters; empty for a whole line."""
    shown: str = ""
    """What was read, short; a NIR or an IBAN is masked."""
    detail: str = ""
    """French, what a check adds to the sentence: « 35 h indemnisables pour 39 h déclarées. »"""

    @property
    def message(self) -> str:
        """The French sentence, with what to do."""
        return " ".join(filter(None, (self.code.label, self.detail, self.code.advice)))
