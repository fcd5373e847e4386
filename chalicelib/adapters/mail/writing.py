"""Mail templates: Jinja2, one text per template and language in ``web/templates/mail``.

The first line is the subject, paragraphs are parted by empty lines. The HTML form is made of the same paragraphs by one
layout, so that the two can never say different things: a paragraph that is a link of ours becomes a button, one that is
a code is set large.
"""

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from chalicelib.domain.mail import Language, Template

_FOLDER = Path(__file__).parents[2] / "web" / "templates" / "mail"


class JinjaMailWriter:
    def __init__(self) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(_FOLDER), autoescape=select_autoescape(["html"]), undefined=StrictUndefined
        )

    def write(self, template: Template, language: Language, blanks: Mapping[str, str | int]) -> tuple[str, str, str]:
        written = self._environment.get_template(f"{template}.{language}.txt").render(blanks)
        subject, _, text = written.strip().partition("\n")
        paragraphs = [each.strip() for each in text.strip().split("\n\n")]
        layout = self._environment.get_template("layout.html")
        page = layout.render(blanks, subject=subject, paragraphs=paragraphs, language=language)
        return subject, text.strip() + "\n", page
