"""Who joined, in columns: people of a published list, or made up."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from chalicelib.domain.selection.rows import KIN, LIST, Rows
from chalicelib.domain.selection.sorting import in_byte_order
from infra.draw_plan.published_file import PublishedFile
from infra.draw_plan.terms import Terms, WrongTerm

Column = Any
"""A numpy array with one value for each person."""
ALONE = -1
"""Of nobody's family more joined than one may ask about."""


@dataclass(frozen=True, slots=True)
class People:
    """In order of pseudonym. ``priority``: a place in ``priorities``, or their number where somebody has none.
    ``family``: a number, or ``ALONE``; ``taken``: places that the family had before. ``known_limit``: the list does
    not tell which families are too large for a smaller one than this."""

    priorities: tuple[str, ...]
    pseudonym: Rows
    province: Column
    priority: Column
    flags: Column
    has_aid: Column
    family: Column
    taken: Column
    known_limit: int = 0

    def __len__(self) -> int:
        return len(self.pseudonym)

    def may_join(self, terms: Terms) -> Column:
        return ~self.has_aid if terms.refuses_aid else np.ones(len(self), np.bool_)

    def group(self, terms: Terms) -> Column:
        """Under these terms. Whoever has no priority there is in the last group."""
        last = len(terms.groups)
        ranks = [terms.groups.index(name) if name in terms.groups else last for name in self.priorities]
        return np.array([*ranks, last], np.uint8)[self.priority]

    def check(self, terms: Terms) -> None:
        for name in terms.groups:
            if name not in self.priorities:
                raise WrongTerm(f"groups: the list does not say who is {name!r}; it knows {self.priorities or 'none'}")
        if terms.family_limit < self.known_limit:
            raise WrongTerm(
                f"--set family_limit: the list shows families of which more joined than {self.known_limit} places "
                f"allow, and no others: at least {self.known_limit} is expected, not {terms.family_limit}"
            )
        strange = set(np.unique(self.province).tolist()) - {int(code) for code in codes_of(terms)}
        if strange:
            raise WrongTerm(f"--basis: {terms.basis.name!r} does not know the list's provinces {sorted(strange)}")


def codes_of(terms: Terms) -> dict[str, str]:
    """Every province that the basis knows, today's included, and the one of the basis in which it lies."""
    return {**{code: code for code in terms.basis.labour_force}, **terms.basis.lies_in}


def people_in(file: PublishedFile) -> People:
    """Everybody in a published list. Of families it tells only of those of which too many joined."""
    codes = sorted(file.begins)
    lists = [file.list_of(code) for code in codes]
    listed = np.concatenate(lists) if lists else np.empty(0, LIST)
    province = np.repeat(np.array([int(code) for code in codes], np.uint8), [len(each) for each in lists])
    order = in_byte_order(listed, "pseudonym")
    listed = listed[order]
    pseudonym = np.ascontiguousarray(listed["pseudonym"])
    limit = int(file.conditions["family_limit"])
    family, taken = _families(file.families(), pseudonym, limit)
    return People(
        priorities=tuple(file.conditions["groups"]),
        pseudonym=pseudonym,
        province=province[order],
        priority=np.ascontiguousarray(listed["group"]),
        flags=listed["flags"] & np.uint8(3),
        has_aid=np.zeros(len(listed), np.bool_),
        family=family,
        taken=taken,
        known_limit=limit,
    )


def _families(section: Rows, pseudonym: Rows, limit: int) -> tuple[Column, Column]:
    family, taken = np.full(len(pseudonym), ALONE, np.int64), np.zeros(len(pseudonym), np.uint8)
    if len(section):
        members = np.ascontiguousarray(section["pseudonym"]).view("S16")
        place = np.searchsorted(pseudonym.view("S16"), members)
        _, number = np.unique(np.ascontiguousarray(section["family"]).view("S16"), return_inverse=True)
        family[place], taken[place] = number, limit - section["places_left"]
    return family, taken


def kin_of(people: People, terms: Terms, who: Column) -> Rows:
    """Rows of those of ``who`` who have family there, with what is left to it."""
    who = who[people.family[who] != ALONE]
    kin = np.zeros(len(who), KIN)
    number = np.zeros((len(who), 2), ">u8")
    number[:, 1] = people.family[who]
    kin["family"] = number.view("V16").ravel()
    kin["pseudonym"] = people.pseudonym[who]
    kin["province"] = [f"{code:02d}".encode() for code in people.province[who].tolist()]
    kin["group"], kin["flags"] = people.group(terms)[who], people.flags[who]
    kin["places_left"] = np.maximum(0, terms.family_limit - people.taken[who].astype(np.int64))
    return kin
