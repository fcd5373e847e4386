"""Something to begin with: an open wave, two partners and a few courses of the launch list, made through the API."""

import json
import urllib.request
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.domain.time import WIB

if TYPE_CHECKING:
    from infra.local.platform import Platform

PLATFORM = "pijar"
PROVIDER = "lembaga-karya"
COURSES = (
    ("pengenalan-ti", "Pengenalan Teknologi Informasi untuk Pemula", 450_000),
    ("akuntansi-pemula", "Akuntansi untuk Pemula", 600_000),
    ("manajemen-warung-kopi", "Manajemen Warung Kopi", 750_000),
    ("bahasa-inggris-wisata", "Bahasa Inggris Praktis untuk Pelaku Pariwisata", 500_000),
)
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def plan_sample(platform: "Platform", *, wave: int = 1, quota: int = 100) -> None:
    """An engine that remembers has it already: then nothing is done."""
    token = platform.enrol_staff("contoh", "staff")
    if call(platform.url, "GET", "/v1/waves", None, token)["waves"]:
        return
    opens = platform.clock.now().astimezone(WIB) + timedelta(seconds=5)
    plan = {
        "number": wave,
        "opens_at": opens.isoformat(),
        "closes_at": (opens + timedelta(days=4)).isoformat(),
        "announces_at": (opens + timedelta(days=5)).isoformat(),
        "quota": quota,
        "scheme": "2023",
    }
    planned = call(platform.url, "POST", "/v1/staff/waves", plan, token)
    approval, approver = {"version": planned["version"]}, platform.enrol_staff("contoh-2", "approver")
    call(platform.url, "POST", f"/v1/staff/waves/{wave}/approval", approval, approver)
    sign_keys = enrol_partners(platform.url, token)
    list_courses(platform.url, token, platform.clock.now().astimezone(WIB).date(), seats=150)
    for code, key in sign_keys.items():
        print(f"  sample partner {code}, sign key {key}", flush=True)


def enrol_partners(url: str, token: str) -> dict[str, str]:
    """Client code -> sign key."""
    return {
        code: call(url, "POST", "/v1/staff/partners", {"client_code": code, "name": code.title()}, token)["sign_key"]
        for code in (PLATFORM, PROVIDER)
    }


def list_courses(url: str, token: str, today: Any, *, seats: int) -> None:
    for code, title, price in COURSES:
        course = {"title": title, "platform": PLATFORM, "provider": PROVIDER, "price_rupiah": price, "method": "online"}
        call(url, "PUT", f"/v1/staff/courses/{code}", course, token)
        schedule = {
            "starts_on": str(today),
            "ends_on": str(today + timedelta(days=120)),
            "sessions": 2,
            "seats": seats,
        }
        call(url, "PUT", f"/v1/staff/courses/{code}/schedules/{code}-1", schedule, token)


def call(url: str, method: str, path: str, body: Any, token: str) -> dict[str, Any]:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    content = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url + path, data=content, headers=headers, method=method)
    with _DIRECT.open(request, timeout=30) as answer:
        text = answer.read()
    found: dict[str, Any] = json.loads(text) if text else {}
    return found
