"""Table ``waves``: where the freezing and drawing of each wave stands."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.adapters.storage.fields import from_fields, to_fields
from chalicelib.adapters.storage.items import found, save
from chalicelib.adapters.storage.wave_indexes import WavesItem, WavesMeta
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.selection.work import DrawWork

_WORKS = "draw-work"


class DrawWorkItem(WavesItem):
    """pk = ``draw-work``, sk = the wave's number in six digits."""

    class Meta(WavesMeta):
        pass

    wave = NumberAttribute()
    pieces = NumberAttribute()
    began_at = UnicodeAttribute()
    run = NumberAttribute()
    draw_attempt = NumberAttribute()


class DrawWorkTable:
    def get(self, wave: WaveNumber) -> DrawWork | None:
        item = found(DrawWorkItem, _WORKS, _number(wave))
        return from_fields(DrawWork, item, attempt=int(item.draw_attempt)) if item else None

    def save(self, work: DrawWork) -> None:
        key = _number(work.wave)
        fields = to_fields(work, without=("attempt",)) | {"draw_attempt": work.attempt}
        save(DrawWorkItem(_WORKS, key, kind="draw_work", id=key, **fields), read_version=work.version)


def _number(wave: WaveNumber) -> str:
    return f"{wave:06d}"
