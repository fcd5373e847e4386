"""An identity as it comes in: stated whole, or corrected in parts."""

from datetime import date

from pydantic import Field

from chalicelib.domain.verification import Sex
from chalicelib.handlers.doors import Body, Line


class IdentityStated(Body):
    """As on the identity card (KTP) and the family card (KK)."""

    nik: str = Field(max_length=32, examples=["3174054505950001"])
    family_card_no: str = Field(max_length=32)
    full_name: Line = Field(max_length=100)
    birth_date: date
    sex: Sex
    mother_name: Line = Field(max_length=100)
    street: Line = Field(max_length=200)
    province_code: str = Field(pattern=r"^[0-9]{2}$")
    regency_code: str = Field(pattern=r"^[0-9]{4}$")
    phone: str = Field(pattern=r"^\+62[0-9]{8,13}$", examples=["+6281200000001"])
    occupation: Line = Field(max_length=100)
    disabled: bool = False


class CorrectedFields(Body):
    """Those that were stated wrongly."""

    nik: str | None = Field(None, max_length=32)
    family_card_no: str | None = Field(None, max_length=32)
    full_name: Line | None = Field(None, max_length=100)
    birth_date: date | None = None
    sex: Sex | None = None
    mother_name: Line | None = Field(None, max_length=100)
    street: Line | None = Field(None, max_length=200)
    province_code: str | None = Field(None, pattern=r"^[0-9]{2}$")
    regency_code: str | None = Field(None, pattern=r"^[0-9]{4}$")
    phone: str | None = Field(None, pattern=r"^\+62[0-9]{8,13}$")


class IdentityAmended(CorrectedFields):
    """What was typed wrongly; all else stays as it was stated."""

    occupation: Line | None = Field(None, max_length=100)
    disabled: bool | None = None
