"""settings.toml: typed, closed, private, written in one step."""

import stat
from pathlib import Path

import pytest

from privacyguard.errors import SettingsDamaged
from privacyguard.settings import MAX_BYTES, Settings, read, switch


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def written(file: Path, text: str) -> Settings:
    file.write_text(text, "utf-8")
    return read(file, obeys_redirections=True)


def test_no_file_means_the_first_settings(file: Path) -> None:
    settings = read(file, obeys_redirections=True)
    assert settings == Settings()
    assert settings.is_on("folders", on_at_first=True)
    assert not settings.is_on("hibp", on_at_first=False)
    assert not settings.where_was_answered


def test_the_example_of_the_contract_is_understood(file: Path) -> None:
    settings = written(
        file,
        '[sources.hibp]\non = true\nbase_url = "http://127.0.0.1:8080/api/v3"\n'
        '[net]\nresolve = { "club.example" = "127.0.0.1:8081" }\n',
    )
    assert settings.is_on("hibp", on_at_first=False)
    assert settings.bases == {"hibp": "http://127.0.0.1:8080/api/v3"}
    assert settings.resolve == {"club.example": "127.0.0.1:8081"}
    assert settings.where_was_answered


def test_a_base_alone_is_no_answer_to_where_may_we_look(file: Path) -> None:
    assert not written(file, '[sources.hibp]\nbase_url = "http://127.0.0.1:1/"\n').where_was_answered


def test_redirections_are_only_named_where_they_do_not_count(file: Path) -> None:
    file.write_text(
        '[sources.hibp]\non = true\nbase_url = "http://127.0.0.1:8080"\n'
        '[net.resolve]\n"club.example" = "127.0.0.1:8081"\n'
    )
    settings = read(file, obeys_redirections=False)
    assert (settings.bases, settings.resolve) == ({}, {})
    assert settings.not_obeyed == ("sources.hibp.base_url", "net.resolve.club.example")
    assert settings.is_on("hibp", on_at_first=False)


@pytest.mark.parametrize(
    "text",
    [
        "colour = 1",
        "[sources.hibp]\nkey = 'x'",
        "[sources.hibp]\non = 1",
        "[sources.hibp]\non = 'yes'",
        "[sources]\nhibp = true",
        "sources = 3",
        "[sources.'../x']\non = true",
        "[sources.HIBP]\non = true",
        "[net]\nproxy = 'x'",
        "[net]\nresolve = 'x'",
        "[net.resolve]\n'club.example' = 5",
        "[net.resolve]\n'club.example' = '127.0.0.1'",
        "[net.resolve]\n'club.example' = '192.168.0.1:80'",
        "[net.resolve]\n'club.example' = '127.0.0.1:80/x'",
        "[net.resolve]\n'a b' = '127.0.0.1:80'",
        "not toml",
        "[" * 5000,
    ],
)
def test_what_is_not_known_is_refused(file: Path, text: str) -> None:
    with pytest.raises(SettingsDamaged):
        written(file, text)


@pytest.mark.parametrize(
    "base",
    [
        "https://api.example.org/",
        "http://127.0.0.1/",
        "http://127.0.0.1:0/",
        "http://127.0.0.1:99999/",
        "http://10.0.0.1:80/",
        "http://127.0.0.1@evil.example:80/",
        "http://127.0.0.1:80\\\\@evil.example/",
        "ftp://127.0.0.1:80/",
        "http://127.0.0.1:80/?q=1",
        "http://127.0.0.1:80/#x",
        "http://127.0.0.1.evil.example:80/",
        "127.0.0.1:80",
        "",
    ],
)
def test_a_base_anywhere_else_is_refused(file: Path, base: str) -> None:
    with pytest.raises(SettingsDamaged, match="base_url"):
        written(file, f'[sources.hibp]\nbase_url = "{base}"')


@pytest.mark.parametrize("base", ["http://localhost:8080", "http://[::1]:9/x", "https://127.0.0.1:8443/api"])
def test_a_base_on_this_computer_is_taken(file: Path, base: str) -> None:
    assert written(file, f'[sources.hibp]\nbase_url = "{base}"').bases == {"hibp": base}


def test_the_text_of_the_error_repeats_no_value(file: Path) -> None:
    with pytest.raises(SettingsDamaged) as caught:
        written(file, '[sources.hibp]\nbase_url = "http://zoe@example.org"')
    assert "zoe" not in str(caught.value)
    with pytest.raises(SettingsDamaged) as caught:
        written(file, "zoe@example.org = = 1")
    assert "zoe" not in str(caught.value)


def test_a_file_that_is_too_long_or_a_folder_is_refused(file: Path) -> None:
    with pytest.raises(SettingsDamaged):
        written(file, "#" * (MAX_BYTES + 1))
    file.unlink()
    file.mkdir()
    with pytest.raises(SettingsDamaged):
        read(file, obeys_redirections=True)


def test_a_switch_is_kept_with_all_else_and_private(file: Path) -> None:
    file.write_text('# my own note\n[sources.hibp]\nbase_url = "http://127.0.0.1:8080"\n')
    file.chmod(0o644)
    switch(file, {"hibp": True, "gravatar": False})
    settings = read(file, obeys_redirections=True)
    assert settings.is_on("hibp", on_at_first=False)
    assert not settings.is_on("gravatar", on_at_first=True)
    assert settings.bases == {"hibp": "http://127.0.0.1:8080"}
    assert file.read_text().startswith("# my own note")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_a_switch_makes_the_file_and_can_be_turned_again(file: Path) -> None:
    switch(file, {"hibp": True})
    switch(file, {"hibp": False, "google-vision": True})
    settings = read(file, obeys_redirections=True)
    assert not settings.is_on("hibp", on_at_first=True)
    assert settings.is_on("google-vision", on_at_first=False)


def test_a_damaged_file_is_not_written_over(file: Path) -> None:
    file.write_text("[sources.hibp]\ncolour = 1\n")
    with pytest.raises(SettingsDamaged):
        switch(file, {"hibp": True})
    assert file.read_text() == "[sources.hibp]\ncolour = 1\n"
