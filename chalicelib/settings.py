"""The only reader of the environment. A missing variable stops the function before it does anything.

Names of tables, queues, buckets and secrets all follow from ``STAGE``, because packaging sees nothing else.
"""

import os
import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from chalicelib.domain.errors import Misconfigured

if TYPE_CHECKING:
    from chalicelib.domain.registry_budget import Quota

PROGRAMME = "prakerja"
QUICKNET = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
"""drand's chain of the League of Entropy with a round every three seconds."""


def stage() -> str:
    return _required("STAGE")


def region() -> str:
    """Lambda sets ``AWS_REGION``; people's shells set ``AWS_DEFAULT_REGION``."""
    return os.environ.get("AWS_REGION") or _required("AWS_DEFAULT_REGION")


def resource_name(name: str) -> str:
    """``accounts`` -> ``prakerja-dev-accounts``: the name of a table, bucket, secret or key alias."""
    return f"{PROGRAMME}-{stage()}-{name}"


def queue_name(name: str) -> str:
    return resource_name(name)


def stream_arn(table: str) -> str:
    """Stands where Chalice wants a stream's ARN, which only the deployment knows; ``infra/overlay.py`` puts in the
    table's own (``Fn::GetAtt``) and the laptop's pump looks it up by the table's name."""
    return f"arn:aws:dynamodb:ap-southeast-3:000000000000:table/{resource_name(table)}/stream/latest"


def edge_key() -> str | None:
    """By which the edge (CloudFront) proves that a request came through it; None where there is none."""
    return os.environ.get("EDGE_KEY")


@dataclass(frozen=True, slots=True)
class Settings:
    stage: str
    public_url: str
    """Where people and partners reach us, without a trailing slash."""
    mail_sender: str
    population_registry_url: str
    education_registry_url: str
    social_registry_url: str
    bank_url: str
    beacon_url: str
    beacon_chain: str
    """Of public random values: drand's hash of the chain, in hex."""
    sendgrid_url: str
    ses_quota: tuple[float, int] | None
    """Mails a second and a day; None: as SES itself says."""
    sendgrid_quota: tuple[float, int]
    """As agreed."""
    upload_endpoint_url: str | None
    """Only where uploads do not go to Amazon's own address (the laptop)."""

    @property
    def is_production(self) -> bool:
        return self.stage == "prod"


@cache
def settings() -> Settings:
    return Settings(
        stage=stage(),
        public_url=_required("PUBLIC_URL").rstrip("/"),
        mail_sender=_required("MAIL_SENDER"),
        population_registry_url=_required("POPULATION_REGISTRY_URL"),
        education_registry_url=_required("EDUCATION_REGISTRY_URL"),
        social_registry_url=_required("SOCIAL_REGISTRY_URL"),
        bank_url=_required("BANK_URL"),
        beacon_url=os.environ.get("BEACON_URL", "https://api.drand.sh"),
        beacon_chain=os.environ.get("BEACON_CHAIN", QUICKNET),
        sendgrid_url=_required("SENDGRID_URL"),
        ses_quota=_quota(os.environ["SES_QUOTA"]) if "SES_QUOTA" in os.environ else None,
        sendgrid_quota=_quota(os.environ.get("SENDGRID_QUOTA", "10/second, 40000/day")),
        upload_endpoint_url=os.environ.get("UPLOAD_ENDPOINT_URL") or None,
    )


@dataclass(frozen=True, slots=True)
class AwsAccess:
    """What Lambda puts into the environment of every function; it is renewed with the function, never within it."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str | None = field(repr=False)
    endpoint_url: str | None
    """Only where the service is not at Amazon's own address (the laptop)."""


def plain_aws_access(service: str) -> AwsAccess | None:
    """To one service, by the name it has in ``AWS_ENDPOINT_URL_<SERVICE>``. None where credentials come another way
    (profiles, roles), or where ``REGISTRATION_SENDER=botocore`` says so."""
    found = os.environ.get("AWS_ACCESS_KEY_ID"), os.environ.get("AWS_SECRET_ACCESS_KEY")
    if None in found or os.environ.get("REGISTRATION_SENDER") == "botocore":
        return None
    endpoint_url = os.environ.get(f"AWS_ENDPOINT_URL_{service.upper()}") or os.environ.get("AWS_ENDPOINT_URL")
    return AwsAccess(str(found[0]), str(found[1]), os.environ.get("AWS_SESSION_TOKEN"), endpoint_url)


@cache
def registry_quota(registry: str) -> "Quota":
    """As agreed with the ministry: ``POPULATION_REGISTRY_QUOTA=50/second, 1000000/day``; without a word, little."""
    from chalicelib.domain.registry_budget import Quota

    return Quota(*_quota(os.environ.get(f"{registry.upper()}_REGISTRY_QUOTA", "10/second, 100000/day")))


def _quota(written: str) -> tuple[float, int]:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)/second, (\d+)/day", written)
    if found is None or float(found[1]) <= 0:
        raise Misconfigured("setting_invalid", found=written, expected="14/second, 50000/day")
    return float(found[1]), int(found[2])


def _required(name: str) -> str:
    try:
        return os.environ[name]
    except KeyError:
        raise Misconfigured("setting_missing", variable=name) from None
