"""look: pictures and saved pages from the command line, on two free portraits."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from privacyguard.model.statement import SENTENCE
from tests.conftest import Portraits
from tests.support import saved_pages as made
from tests.support.commands import CommandLine
from tests.support.saved_pages import Result

CLUB = "https://club.example.org/p/1"


@pytest.fixture
def hers(free_portraits: Portraits) -> bytes:
    with Image.open(free_portraits.astronaut) as image:
        ground = Image.new("RGB", (640, 480), (30, 90, 60))
        ground.paste(ImageOps.mirror(image.convert("RGB").crop((150, 10, 300, 230))), (400, 200))
        file = io.BytesIO()
        ground.save(file, "PNG")
        return file.getvalue()


def test_what_is_brought_in_is_told_a_line_for_each_file(
    enrolled: CommandLine, free_portraits: Portraits, hers: bytes, tmp_path: Path
) -> None:
    page = tmp_path / "results\x1b[2J.mhtml"
    page.write_bytes(made.mhtml([Result(hers, CLUB), Result(free_portraits.grace_hopper.read_bytes(), CLUB)]))
    (tmp_path / "a.png").write_bytes(hers)
    (tmp_path / "letter.txt").write_text("no page", "utf-8")
    refused = enrolled("look", page)
    assert refused.status == 1
    assert "first type the sentence" in refused.err
    assert enrolled("statement", typed=SENTENCE).status == 0
    files = [page, tmp_path / "a.png", free_portraits.grace_hopper, tmp_path / "letter.txt"]
    done = enrolled("look", *files, "--json")
    assert done.status == 1  # the letter
    of_page, of_picture, of_stranger, of_letter = done.lines
    assert [each["path"] for each in done.lines] == [str(path) for path in files]
    assert [each["page"] for each in of_page["matches"]] == [CLUB]
    assert (of_page["seen"], of_page["copies"], of_page["provenance"], of_page["hidden"]) == (2, [], None, None)
    assert [each["closeness"] for each in of_picture["matches"]] == ["a-lot"]
    assert (of_stranger["matches"], of_stranger["problem"]) == ([], None)
    assert of_letter["matches"] == []
    assert "not a picture" in of_letter["problem"]
    found = {each["key"]: each for each in enrolled("findings", "--json").json}
    assert set(found) == {of_page["matches"][0]["finding"], of_picture["matches"][0]["finding"]}
    assert [each["sources"] for each in found.values()] == [["by-hand"]] * 2
    said = enrolled("look", page, free_portraits.grace_hopper)
    assert said.status == 0
    assert CLUB in said.out
    assert "Nothing that looks like you. That is no promise." in said.out
    assert "\x1b" not in said.out + said.err


def test_what_is_hidden_is_told_of_ones_own_file_only(
    enrolled: CommandLine, free_portraits: Portraits, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x0110] = "Example Phone 3"
    with Image.open(free_portraits.astronaut) as image:
        image.convert("RGB").save(tmp_path / "own.jpg", exif=exif)
    assert enrolled("statement", typed=SENTENCE).status == 0
    (own,) = enrolled("look", "--own", tmp_path / "own.jpg", "--json").lines
    assert "device" in own["hidden"]["kinds"]
    assert "Example Phone 3" in own["hidden"]["device"]
    (other,) = enrolled("look", tmp_path / "own.jpg", "--json").lines
    assert other["hidden"] is None
    assert other["matches"]


def test_without_a_face_there_is_nothing_to_look_for(privacyguard: CommandLine, free_portraits: Portraits) -> None:
    assert privacyguard("look", free_portraits.astronaut).status == 3


def test_a_childs_face_is_refused(privacyguard: CommandLine, free_portraits: Portraits) -> None:
    arguments = ("enrol", "--person", "Kim", "--relation", "my-child", "--consent", free_portraits.astronaut)
    assert privacyguard(*arguments).status == 0
    done = privacyguard("look", free_portraits.astronaut)
    assert done.status == 1
    assert "child" in done.err
    assert privacyguard("findings", "--json").json == []
