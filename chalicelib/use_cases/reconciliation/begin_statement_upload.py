"""A form for a bank's statement. Its name fixes channel and day: what is in the file must agree."""

from datetime import date

from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.photos import UploadForm
from chalicelib.domain.statements import check_day, object_key_of
from chalicelib.ports import Chance, Clock, StatementFiles


def begin_statement_upload(
    bank: str, day: date, staff: StaffId, *, files: StatementFiles, chance: Chance, clock: Clock
) -> UploadForm:
    check_day(bank, day, now=clock.now())
    return files.upload_form(object_key_of(bank, day, chance.token()), staff)
