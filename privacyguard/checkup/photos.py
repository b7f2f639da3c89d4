"""Which photo is sent where the person agreed to send one, and no other is at hand: the kept cut of their own face."""

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.model.person import Person
from privacyguard.pictures.png import png_of


def photos_to_send(person: Person, pool: AnalysisPool) -> tuple[bytes, ...]:
    """The person's first kept face cut, as JPEG without hidden details; empty without a face pattern."""
    if person.template is None:
        return ()
    return (pool.prepare_upload(png_of(person.template.photos[0].cut)),)
