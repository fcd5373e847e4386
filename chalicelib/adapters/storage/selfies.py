"""Table ``applicants``, its fingerprints of selfies: who sent which, to be found by half of it."""

from collections.abc import Sequence
from hashlib import sha256

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters.storage.applicants_item import ApplicantsItem, ApplicantsMeta
from chalicelib.adapters.storage.items import Write
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.lookalikes import Seen, look_keys
from chalicelib.domain.verification import Applicant, PhotoKind

_MOST_OF_A_KEY = 20
"""Half a fingerprint is one picture's of thousands, or everybody's: a blank sheet, one picture sent ten thousand times.
The first twenty tell staff all there is to know."""


class LookItem(ApplicantsItem):
    """pk = ``look#`` and a key of the fingerprint, sk = applicant id and upload; six for each accepted selfie."""

    class Meta(ApplicantsMeta):
        pass

    fingerprint = UnicodeAttribute()


def selfie_writes(applicant: Applicant) -> list[Write]:
    """New items, since the row of the applicant, written together with them, is the condition that it is news."""
    selfie = applicant.photo(PhotoKind.SELFIE)
    if selfie.fingerprint is None or selfie.object_key is None:
        return []
    upload = sha256(selfie.object_key.encode()).hexdigest()[:16]
    return [
        Write(
            LookItem(
                f"look#{key}",
                f"{applicant.id}#{upload}",
                kind="look",
                id=applicant.id,
                state="seen",
                fingerprint=selfie.fingerprint,
            ),
            0,
        )
        for key in look_keys(selfie.fingerprint)
    ]


def selfies_like(fingerprint: str) -> Sequence[Seen]:
    """What was written before it is asked is seen."""
    try:
        return [(ApplicantId(item.id), item.fingerprint) for key in look_keys(fingerprint) for item in _page(key)]
    except PynamoDBException as error:
        raise StoreUnavailable from error


def _page(key: str) -> list[LookItem]:
    return list(LookItem.query(f"look#{key}", limit=_MOST_OF_A_KEY, page_size=_MOST_OF_A_KEY, consistent_read=True))
