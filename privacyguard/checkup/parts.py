"""What a checkup works with, and what one source brought so far."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from privacyguard.analysis.page_reader import PageReader
from privacyguard.analysis.pool import AnalysisPool
from privacyguard.model.finding import Finding
from privacyguard.model.webpage import LeftOut
from privacyguard.net.gateway import Network
from privacyguard.sources.base import Source
from privacyguard.vault.vault import Vault


@dataclass(frozen=True)
class Parts:
    """What a checkup works with, joined by the composition root.

    ``api_key``: the person's code for a source id, or None; ``pages``: reads the pages of named sites. It starts nothing
    before the first page; who gives it closes it.
    """

    vault: Vault
    sources: Sequence[Source]
    network: Network
    pool: AnalysisPool
    clock: Callable[[], datetime]
    api_key: Callable[[str], str | None]
    pages: PageReader = field(default_factory=PageReader)


@dataclass
class Tally:
    """What one source brought so far.

    ``findings``: not in the vault yet; ``kept``: keys of those that are; ``new``: which of them the person has not seen
    before; ``left``: identifiers still to be asked about, where the source is asked about each with requests of its own;
    ``left_out``: pages and pictures of named sites that were not looked at, by reason.
    """

    findings: list[Finding] = field(default_factory=list)
    seen: int = 0
    total: int | None = None
    unreadable: int = 0
    kept: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    left: int = 0
    left_out: Counter[LeftOut] = field(default_factory=Counter)

    @property
    def keys(self) -> tuple[str, ...]:
        """Of everything found, each once."""
        return tuple(dict.fromkeys([*self.kept, *(finding.key for finding in self.findings)]))
