"""An open vault, its key in memory, and the id of one person in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from privacyguard.model.person import Relation
from privacyguard.vault.vault import Vault
from tests.support.keystores import MemoryKeyStore
from tests.support.vault_samples import open_vault


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with open_vault(tmp_path / "home", MemoryKeyStore()) as vault:
        yield vault


@pytest.fixture
def ann(vault: Vault) -> str:
    return vault.add_person("Ann", Relation.ME, True).person_id
