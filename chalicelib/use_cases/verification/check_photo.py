"""Look at an uploaded photo and tell its owner at once whether it will do."""

from chalicelib.domain.photos import is_news, judge_photo
from chalicelib.domain.verification import PhotoKind, PhotoState, record_photo
from chalicelib.ports import Applicants, Photos


def check_photo(object_key: str, *, photos: Photos, applicants: Applicants) -> None:
    """Idempotent: the clean copy's name follows from the upload, and what is known already is no news. A photo that is
    refused, or came before the one that counts, undoes nothing."""
    reading = photos.examine(object_key)
    applicant, photo = applicants.get(reading.applicant_id), judge_photo(reading)
    if not is_news(applicant, reading.kind, photo):
        return
    if photo.state is PhotoState.ACCEPTED:
        photos.keep(reading)
    is_fingerprinted = photo.state is PhotoState.ACCEPTED and reading.kind is PhotoKind.SELFIE
    save = applicants.save_selfie if is_fingerprinted else applicants.save
    save(record_photo(applicant, reading.kind, photo))
