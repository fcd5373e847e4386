"""Look at an uploaded photo and tell its owner at once whether it will do."""

from chalicelib.domain.photos import judge_photo
from chalicelib.domain.verification import PhotoState, record_photo
from chalicelib.ports import Applicants, Photos


def check_photo(object_key: str, *, photos: Photos, applicants: Applicants) -> None:
    """Idempotent: the clean copy's name follows from the upload's. A refused retry never undoes an accepted photo."""
    reading = photos.examine(object_key)
    applicant = applicants.get(reading.applicant_id)
    photo, known = judge_photo(reading), applicant.photo(reading.kind)
    if photo == known or (photo.state is PhotoState.REFUSED and known.state is PhotoState.ACCEPTED):
        return
    applicants.save(record_photo(applicant, reading.kind, photo))
