"""Why a file of a claim is refused whole: each reason with its sentence, which says what to do."""

from models.labels import Labelled


class RefusalCode(Labelled):
    """A reason: code and French sentence."""

    EMPTY = "empty", "Ce fichier est vide."
    TOO_LARGE = "too-large", "Ce fichier dépasse 64 Mo : partagez-le."
    TYPE = "file-type", "Ce fichier n’est ni un CSV, ni un classeur XLSX, ni une DSN, ni du JSON."
    OLD_WORKBOOK = (
        "old-workbook",
        "Ce classeur est d’un ancien format (.xls) ou protégé par un mot de passe : enregistrez-le en XLSX sans mot de "
        "passe, ou en CSV.",
    )
    WORKBOOK_BROKEN = "workbook-broken", "Ce classeur est endommagé : enregistrez-le de nouveau, ou en CSV."
    WORKBOOK_TOO_LARGE = (
        "workbook-too-large",
        "Ce classeur, une fois décompressé, dépasse ce que nous lisons : ne gardez que la feuille de la demande.",
    )
    WORKBOOK_ENTITIES = (
        "workbook-entities",
        "Ce classeur déclare des entités XML, ce qu’aucun tableur n’écrit : enregistrez-le de nouveau, ou en CSV.",
    )
    WORKBOOK_FORMULAS = (
        "workbook-formulas",
        "Cette feuille contient des formules, que nous ne calculons pas : collez leurs valeurs à la place.",
    )
    NUL = "nul-characters", "Ce fichier contient des octets nuls : ce n’est pas un texte. Exportez-le de nouveau."
    LINE_TOO_LONG = "line-too-long", "Une ligne est trop longue pour être celle d’un salarié : vérifiez le fichier."
    TOO_MANY_COLUMNS = "too-many-columns", "Ce tableau a plus de colonnes que nous n’en lisons (500)."
    TOO_MANY_LINES = "too-many-lines", "Ce fichier a plus de lignes que nous n’en lisons (300 000) : partagez-le."
    QUOTES = "quotes", "Un guillemet ouvert n’est pas fermé : corrigez cette ligne."
    NO_HEADER = (
        "no-header",
        "Aucune ligne d’en-tête n’est reconnue parmi les 20 premières : écrivez le nom des colonnes, par exemple nir, "
        "nom, prenom, semaine, heures_travaillees, heures_chomees.",
    )
    NO_LINES = (
        "no-lines",
        "Ce fichier n’a aucune ligne de salarié et de semaine : vérifiez l’export.",
    )
    COLUMNS_MISSING = (
        "columns-missing",
        "Il manque des colonnes : ajoutez-les, ou dites-les dans un profil d’import.",
    )
    MONTH_UNKNOWN = (
        "month-unknown",
        "Les semaines de ces colonnes n’ont pas d’année : indiquez le mois demandé, ou écrivez S26/2021.",
    )
    WEEKS_UNNAMED = (
        "weeks-unnamed",
        "Plusieurs colonnes d’heures se répètent, et leur semaine ne se lit pas : écrivez-la dans chaque en-tête "
        "(« Travaillées S26/2021 »), ou sur la ligne juste au-dessus de ses deux colonnes.",
    )
    HOURS_BY_DAY = (
        "hours-by-day",
        "Ce tableau donne les heures jour par jour : donnez celles de chaque semaine, en deux colonnes (travaillées ou "
        "assimilées, et chômées).",
    )
    COLUMN_TWICE = (
        "column-twice",
        "Deux colonnes ont le même contenu : retirez l’une, ou dites au profil d’import laquelle est lue.",
    )
    HOURS_MIXED = (
        "hours-mixed",
        "Ce fichier écrit ses heures de plusieurs façons (7,5, 7.5 ou 7h30) : choisissez-en une seule.",
    )
    JSON_BROKEN = "json-broken", "Ce JSON est mal formé."
    JSON_SHAPE = "json-shape", "Une liste « lines » d’objets est attendue."
    DSN_BROKEN = (
        "dsn-broken",
        "Cette DSN est mal formée ou incomplète : chaque ligne s’écrit RUBRIQUE,'VALEUR', chaque contrat d’un salarié "
        "y est une fois, et elle se termine par le bloc S90.G00.90.",
    )
    DSN_NOBODY = (
        "dsn-nobody",
        "Aucun salarié de cette DSN n’a d’heures d’activité partielle (type 019).",
    )
    DSN_ESTABLISHMENTS = (
        "dsn-establishments",
        "Cette DSN a des heures d’activité partielle de plusieurs établissements : indiquez le SIRET de celui que vous "
        "demandez.",
    )
    DSN_OTHER_ESTABLISHMENT = (
        "dsn-other-establishment",
        "Cette DSN n’a pas d’heures d’activité partielle de cet établissement : vérifiez le SIRET, ou le fichier.",
    )
    DSN_MONTHS = (
        "dsn-months",
        "Cette DSN déclare plusieurs mois : indiquez celui que vous demandez.",
    )
    DSN_OTHER_MONTH = (
        "dsn-other-month",
        "Cette DSN n’a pas d’heures d’activité partielle de ce mois, mais d’autres mois : indiquez celui que vous "
        "demandez, ou vérifiez le fichier.",
    )
    UNREADABLE = (
        "unreadable",
        "Ce fichier ne se lit pas dans nos limites de temps et de mémoire : exportez-le de nouveau, ou en CSV.",
    )
