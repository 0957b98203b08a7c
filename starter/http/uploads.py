"""What a person is told of a file that is refused, by the verdict of its examination."""

from typing import Final

from models.examination.shapes import FileVerdict, MediaType, Refusal
from starter.http.problems import fault

REFUSALS: Final[dict[Refusal, str]] = {
    "file-empty": "Ce fichier est vide.",
    "file-type": "Envoyez un PDF, une image PNG ou JPEG, ou un tableau CSV.",
    "file-broken": "Ce fichier est endommagé ou incomplet : il ne peut pas être lu en entier.",
    "image-too-large": "Cette image a trop de points : réduisez-la, ou envoyez-la en PDF.",
    "pdf-encrypted": "Ce PDF est protégé : envoyez-le sans mot de passe.",
    "pdf-active": ("Ce PDF contient un programme ou une action automatique : envoyez-le sans (imprimez-le en PDF)."),
    "pdf-too-large": "Ce PDF a trop de pages ou d’éléments : imprimez-le en PDF, ou envoyez-le en plusieurs parties.",
}
"""Code of a refusal → what is said of it."""
RECOGNISED: Final = {
    "heic": "C’est une photo HEIC : exportez-la en JPEG, puis envoyez-la.",
    "tiff": "C’est une image TIFF : enregistrez-la en PDF, en JPEG ou en PNG.",
    "image": "Ce format d’image n’est pas admis : enregistrez-la en PNG ou en JPEG.",
    "letter": "C’est un document de bureautique : enregistrez-le en PDF, puis envoyez-le.",
    "sheet": "C’est un classeur de tableur : enregistrez-le en CSV ou en PDF, puis envoyez-le.",
    "archive": "C’est une archive de fichiers : envoyez les fichiers qu’elle contient, un par un.",
    "film": "C’est une vidéo : envoyez un PDF, une image PNG ou JPEG, ou un tableau CSV.",
    "sound": "C’est un enregistrement sonore : envoyez un PDF, une image PNG ou JPEG, ou un tableau CSV.",
    "mail": "C’est un courriel : imprimez-le en PDF, et envoyez à part ses pièces jointes.",
    "markup": "C’est une page ou des données à balises (HTML, XML) : imprimez-la en PDF.",
    "pdf-preceded": "Ce PDF est précédé d’autres données : réenregistrez-le, ou imprimez-le en PDF.",
    "data": "Ce sont des données JSON : envoyez un tableau CSV ou un PDF.",
    "program": "C’est un programme : il n’est pas admis.",
    "text": (
        "C’est un texte, et non un tableau : enregistrez-le en PDF. Un tableau CSV a le même nombre de colonnes à "
        "chaque ligne."
    ),
}
"""What a file of a refused type was recognised as → what to do."""
BROKEN: Final = {
    "image": "Cette image est endommagée ou incomplète.",
    "pdf": "Ce PDF est endommagé ou incomplet.",
    "pdf-errors": "Ce PDF comporte des erreurs : réenregistrez-le, ou imprimez-le en PDF.",
    "pdf-no-page": "Ce PDF n’a aucune page.",
}
ATTACHMENT: Final = (
    "Ce PDF contient un fichier joint qui peut être un programme : envoyez-le sans (imprimez-le en PDF)."
)
FILE_LINK: Final = (
    "Ce PDF contient un lien vers un fichier, et non vers une page du Web : retirez-le, ou imprimez le document en PDF."
)


def accepted_type(verdict: FileVerdict) -> MediaType:
    """Return the media type of an accepted file; raises `InvalidRequest` for a refused one."""
    if verdict.media_type is None or verdict.refusal is not None:
        code: Refusal = verdict.refusal or "file-type"
        raise fault("/file", code, _sentence(code, verdict.recognised))
    return verdict.media_type


def _sentence(code: Refusal, recognised: str) -> str:
    match code:
        case "file-type":
            return RECOGNISED.get(recognised, REFUSALS[code])
        case "file-broken":
            return BROKEN.get(recognised, REFUSALS[code])
        case "pdf-active" if recognised == "attachment":
            return ATTACHMENT
        case "pdf-active" if recognised == "file-link":
            return FILE_LINK
    return REFUSALS[code]
