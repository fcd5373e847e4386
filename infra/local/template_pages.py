"""How every mail looks, in both languages, as text and as HTML: ``/mailbox/templates``."""

from html import escape

from chalicelib.adapters.mail.writing import JinjaMailWriter
from chalicelib.domain.mail import Language, Template
from infra.local.mailbox_pages import document, frame

_BLANKS: dict[str, str | int] = {
    "public_url": "https://prakerja.example",
    "link": "https://prakerja.example/verify#contoh",
    "code": "123456",
    "wave": 7,
    "reason": "not_drawn",
    "decree": "SK-0007/2026",
    "card_ending": "3456",
    "grant": "Rp3.500.000",
    "first_purchase_by": "30 Maret 2026",
    "balance_ends_on": "15 Desember 2026",
    "balance": "Rp1.250.000",
    "returned": "Rp1.250.000",
    "certificate_no": "SRT-2026-000042",
    "amount": "Rp600.000",
    "title": "pekerja yang terkena PHK",
    "body": "KEMNAKER",
}
"""Nobody's: what a preview fills in."""


def list_of_templates() -> str:
    rows = "".join(
        f"<li>{escape(template)} " + " ".join(_link(template, language) for language in Language) + "</li>"
        for template in Template
    )
    return document("Templates", f'<p><a href="/mailbox">All mail</a></p><ol>{rows}</ol>')


def preview(name: str) -> str | None:
    """``verify_email.id``, or None where there is no such template or language."""
    template, _, language = name.partition(".")
    if template not in set(Template) or language not in set(Language):
        return None
    subject, text, page = JinjaMailWriter().write(Template(template), Language(language), _BLANKS)
    back = '<p><a href="/mailbox/templates">All templates</a></p>'
    return document(subject, f"{back}{frame(page)}<h2>Text</h2><pre>{escape(text)}</pre>")


def _link(template: Template, language: Language) -> str:
    return f'<a href="/mailbox/templates/{template}.{language}">{language}</a>'
