"""An office that sends list files, and the platform that loads them step by step, as stream and queue drive it."""

from collections.abc import Callable, Iterable
from datetime import date

from chalicelib.domain.identifiers import ListName, StaffId
from chalicelib.domain.lists import PIECE_BYTES, ListVersion
from chalicelib.domain.nik import Nik
from chalicelib.use_cases.lists.activate_list import activate_list
from chalicelib.use_cases.lists.load_list import load_list
from chalicelib.use_cases.lists.receive_list import receive_list
from tests.builders import a_nik
from tests.fakes import World

BSU, LAID_OFF = ListName("BSU"), ListName("LAID_OFF")
HEADER = "nik,category,valid_from,valid_until"
LOADER, APPROVER = StaffId("ani"), StaffId("budi")
MOST_STEPS = 500


def a_line(number: int, *, category: str = "wage_subsidy", since: str = "2026-01-01", until: str = "") -> str:
    return f"{a_nik(number)},{category},{since},{until}"


def a_file(numbers: Iterable[int], **line: str) -> bytes:
    return "\n".join([HEADER, *(a_line(number, **line) for number in numbers)]).encode() + b"\n"


class Office:
    def __init__(self, world: World, *, list: ListName = BSU, piece_bytes: int = PIECE_BYTES) -> None:
        self.world = world
        self.list = list
        self._piece_bytes = piece_bytes
        self._files = 0

    def drops(self, content: bytes, **notes: object) -> str:
        self._files += 1
        key = f"lists/incoming/{self.list}/file-{self._files}.csv"
        self.world.list_files.receives(key, content, **{"loader": LOADER, **notes})
        return key

    def receives(self, object_key: str) -> None:
        world = self.world
        receive_list(object_key, lists=world.lists, files=world.list_files, clock=world.clock)

    def newest(self) -> ListVersion:
        return max((each for each in self.world.lists.all() if each.list == self.list), key=lambda each: each.number)

    def takes_step(self) -> None:
        version = self.newest()
        load_list(
            self.list,
            version.number,
            version.phase,
            version.step,
            lists=self.world.lists,
            files=self.world.list_files,
            entries=self.world.list_entries,
            indexer=self.world.indexer,
            piece_bytes=self._piece_bytes,
        )

    def loads(self, content: bytes, *, again: Callable[[], None] = lambda: None, **notes: object) -> ListVersion:
        """Dropped, received and loaded to its end. ``again`` is called before each step."""
        self.receives(self.drops(content, **notes))
        for _ in range(MOST_STEPS):
            if not self.newest().is_loading:
                return self.newest()
            again()
            self.takes_step()
        raise AssertionError("the load does not end")

    def activates(self, number: int | None = None, *despite: str, by: StaffId = APPROVER) -> ListVersion:
        number = number or self.newest().number
        return activate_list(self.list, number, by, despite, lists=self.world.lists, clock=self.world.clock)

    def sees(self, number: int, birth_date: date = date(1995, 3, 12)) -> list[str]:
        """On what a person stands: ``BSU wage_subsidy``."""
        matches = self.world.loaded_lists.look_up(Nik(a_nik(number)), birth_date)
        return [f"{match.source} {match.category}" for match in matches]
