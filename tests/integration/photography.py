"""Photos of the cast, and how they come into the bucket."""

from functools import cache

import boto3

from chalicelib.domain.verification import PhotoKind
from infra.local import portraits
from tests.integration.cast import CAST, Person
from tests.integration.town import STAGE, Town


def send_photo(town: Town, person: Person, kind: str, upload: str = "unggahan-1") -> None:
    key = f"uploads/{person.id}/{kind}/{upload}"
    boto3.client("s3").put_object(Bucket=f"prakerja-{STAGE}-files", Key=key, Body=photo(kind, person.nik))
    town.tell("check_photos", Records=[{"s3": {"object": {"key": key}}}])


def fill_bucket() -> None:
    """What the samples of photos are about: an upload of budi's, and yani's selfie."""
    yani = CAST["yani"]
    pictures = {
        f"uploads/{CAST['budi'].id}/selfie/unggahan-1": photo(of=CAST["budi"].nik),
        clean_key(yani, PhotoKind.SELFIE): photo(of=yani.nik),
    }
    for key, content in pictures.items():
        boto3.client("s3").put_object(Bucket=f"prakerja-{STAGE}-files", Key=key, Body=content)


@cache
def photo(kind: str = "selfie", of: str = "") -> bytes:
    """Of nobody in particular, unless it is somebody's own NIK."""
    return portraits.id_card(of) if kind == "id_card" else portraits.selfie(of)


def clean_key(person: Person, kind: PhotoKind) -> str:
    return f"photos/{person.id}/{kind}/unggahan-1.jpg"
