"""Searches by name and by photo from the command line: what is sent to whom, with which yes, and a server of one's own."""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from privacyguard.model.statement import SENTENCE
from tests.conftest import Portraits
from tests.support.commands import CommandLine
from tests.support.fakes.facecheck import FACECHECK_KEY
from tests.support.fakes.searches import SEARCH_KEYS, file_names_in, form_in, lens_entry, searxng_result, tineye_match
from tests.support.keyring_session import Session
from tests.support.services import VISION_KEY, Scenario, Services

NAME = "Zoë Quatermain-Canary"
CAMERA = "CANARY-CAMERA-4711"
CODES = {**SEARCH_KEYS, "google-vision": VISION_KEY, "facecheck": FACECHECK_KEY}
ON = ("brave", "searxng", *CODES)
PAGE = "https://club.example/team"
GPS_IFD, PLACE = ExifTags.IFD.GPSInfo, {1: "N", 2: (51.0, 30.0, 26.0), 3: "W", 4: (0.0, 7.0, 39.0)}


@pytest.fixture
def services(free_portraits: Portraits) -> Iterator[Services]:
    """Each service knows two pictures on pages: the person and a stranger."""
    me, stranger = (portrait.read_bytes() for portrait in free_portraits)
    scenario = Scenario(pictures={"me.png": me, "other.jpg": stranger})
    with Services(scenario) as running:
        pictures = [running.picture_address(name) for name in ("me.png", "other.jpg")]
        known = scenario.searches
        known.gathered[NAME] = [searxng_result(picture, PAGE) for picture in pictures]
        known.lens["visual_matches"] = [lens_entry(PAGE, image=picture) for picture in pictures]
        scenario.faces.found = [(PAGE, me), ("https://club.example/others", stranger)]
        known.matches = [tineye_match([(picture, PAGE) for picture in pictures])]
        yield running


@pytest.fixture(scope="module")
def prepared(running_store: Session, free_portraits: Portraits, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a face, the sentence, a name and all codes; and a photo with a place and a camera's name in it."""
    folder = tmp_path_factory.mktemp("prepared")
    privacyguard = CommandLine(running_store, folder / "home")
    assert privacyguard("enrol", "--consent", free_portraits.astronaut).status == 0
    assert privacyguard("statement", typed=SENTENCE).status == 0
    assert privacyguard("account", "add", "--kind", "name", "-", typed=NAME).status == 0
    for source_id, code in CODES.items():
        assert privacyguard("key", "set", source_id, typed=code).status == 0
    with Image.open(free_portraits.astronaut) as portrait:
        exif = Image.Exif()
        exif[ExifTags.Base.Model] = CAMERA
        exif.get_ifd(GPS_IFD).update(PLACE)
        portrait.convert("RGB").save(folder / "holiday-canary.jpg", exif=exif)
    return folder


@pytest.fixture
def ready(privacyguard: CommandLine, services: Services, prepared: Path) -> CommandLine:
    """A copy of the prepared home with these places switched on."""
    shutil.copytree(prepared / "home", privacyguard.folder)
    privacyguard.settings(services.settings_toml(on=ON))
    return privacyguard


def statuses(checkup: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {outcome["source"]: outcome["status"] for outcome in checkup["outcomes"]}


def uploads(services: Services) -> dict[str, int]:
    return {name: sum(bool(seen.body) for seen in services.requests_of(name)) for name in CODES}


def test_a_yes_to_one_place_is_none_to_another(ready: CommandLine, services: Services) -> None:
    done = ready("check", "--source", "tineye", "--json")
    assert done.status == 0
    assert {name for name, status in statuses(done.json).items() if status == "checked"} == {"tineye"}
    assert uploads(services) == {**dict.fromkeys(CODES, 0), "tineye": 1}
    (face,) = ready("findings", "--json").json  # the stranger is none
    assert (face["kind"], face["evidence"]["page"]) == ("face", PAGE)
    assert face["evidence"]["picture"] == services.picture_address("me.png")
    for words in ("TinEye", "200 dollars", "never keeps the photo", "the small cut of your face"):
        assert words in done.err


def test_without_a_name_of_a_place_no_photo_leaves(ready: CommandLine, services: Services) -> None:
    done = ready("check", "--json")
    found = statuses(done.json)
    assert (found["brave"], found["searxng"]) == ("checked", "checked")
    assert {found[name] for name in CODES if name != "brave"} == {"skipped"}
    assert sum(uploads(services).values()) == 0
    assert [name for name in CODES if services.requests_of(name)] == ["brave"]


def test_a_place_that_compares_faces_is_asked_only_after_a_yes_of_its_own(
    ready: CommandLine, services: Services, free_portraits: Portraits
) -> None:
    refused = ready("check", "--source", "facecheck", "--json")
    assert (refused.status, statuses(refused.json)["facecheck"], services.requests) == (1, "skipped", [])
    assert "To be sent to" not in refused.err
    assert "To say yes, this time: add --agree-face-search" in refused.err
    done = ready("check", "--source", "facecheck", "--agree-face-search", "--json")
    assert (done.status, statuses(done.json)["facecheck"]) == (0, "checked")
    for said in (refused.err, done.err):
        assert "FaceCheck.ID measures your face in the photo and compares it with faces on the web." in said
        assert "Your yes holds for this search only." in said
    assert "To be sent to FaceCheck.ID: the small cut of your face" in done.err
    (face,) = ready("findings", "--json").json  # the stranger that it found is none
    assert (face["kind"], face["evidence"]["page"]) == ("face", PAGE)
    assert services.scenario.faces.kept == {}  # erased there
    asked = len(services.requests)
    assert statuses(ready("check", "--source", "facecheck", "--json").json)["facecheck"] == "skipped"
    child = ("--person", "Ben", "--relation", "my-child")
    assert ready("enrol", "--consent", *child, free_portraits.grace_hopper).status == 0
    for source_id in ("facecheck", "tineye"):
        agreed = ["--agree-face-search"] if source_id == "facecheck" else []
        done = ready("check", "--person", "Ben", "--source", source_id, *agreed)
        assert done.status == 1
        assert "To be sent to" not in done.err
        assert "about a child" in done.out
    assert len(services.requests) == asked


@pytest.mark.parametrize(("source_id", "field"), [("tineye", "image_upload"), ("serpapi-lens", "image")])
def test_the_photo_that_leaves_has_nothing_hidden_in_it(
    ready: CommandLine, services: Services, prepared: Path, source_id: str, field: str
) -> None:
    photo = prepared / "holiday-canary.jpg"
    with Image.open(photo) as original:  # it is there before
        assert original.getexif()[ExifTags.Base.Model] == CAMERA
        assert original.getexif().get_ifd(GPS_IFD)[1] == "N"
    assert ready("check", "--source", source_id, "--photo", photo).status == 0
    (upload,) = [seen for seen in services.requests_of(source_id) if seen.body]
    sent = form_in(upload)[field]
    with Image.open(io.BytesIO(sent)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (512, 512))
        assert not picture.getexif()
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"Exif" not in upload.body
    assert CAMERA.encode() not in upload.body
    assert file_names_in(upload) == ["photo.jpg"]
    assert b"holiday" not in upload.body


def test_only_a_photo_of_the_person_alone_is_sent(
    ready: CommandLine, services: Services, free_portraits: Portraits, tmp_path: Path
) -> None:
    with Image.open(free_portraits.astronaut) as me, Image.open(free_portraits.grace_hopper) as stranger:
        both = Image.new("RGB", (1024, 600))
        both.paste(me.convert("RGB"), (0, 0))
        both.paste(stranger.convert("RGB"), (512, 0))
        both.save(tmp_path / "both.png")
        Image.new("RGB", (300, 300), "grey").save(tmp_path / "nobody.png")
    for photo in (free_portraits.grace_hopper, tmp_path / "both.png", tmp_path / "nobody.png", tmp_path / "gone.png"):
        assert ready("check", "--source", "tineye", "--photo", photo).status == 1
    assert ready("check", "--photo", free_portraits.astronaut).status == 2
    assert ready("check", "--source", "brave", "--photo", free_portraits.astronaut).status == 2
    assert ready("check", "--source", "tineye", "--agree-face-search").status == 2
    assert services.requests == []


def test_codes_and_names_are_in_no_file_and_no_word(ready: CommandLine, services: Services) -> None:
    services.scenario.searches.left["tineye"] = 0
    done = [
        ready("check", "--json", *(word for name in ON for word in ("--source", name))),
        ready("key", "test", "serpapi-lens"),
        ready("key", "test", "tineye"),
        ready("disclosures"),
        ready("doctor", "--json"),
    ]
    assert statuses(done[0].json)["tineye"] == "failed"
    assert statuses(done[0].json)["serpapi-lens"] == "checked"
    assert "used up" in done[0].out
    written = b"".join(file.read_bytes() for file in ready.folder.rglob("*") if file.is_file())
    said = written + "".join(each.out + each.err for each in done).encode()
    assert not [code for code in (*CODES.values(), "Quatermain") if code.encode() in said]
    assert any(SEARCH_KEYS["serpapi-lens"] in seen.path for seen in services.requests)  # so that it could have been


def test_a_server_of_ones_own_is_asked_once_it_was_confirmed(ready: CommandLine, services: Services) -> None:
    address = services.base_urls()["searxng"]
    ready.settings(services.settings_toml(on=ON).replace(f'base_url = "{address}"\n', ""))
    assert statuses(ready("check", "--source", "searxng", "--json").json)["searxng"] == "skipped"
    refused = ready("source", "base", "searxng", address, typed="")
    assert refused.status == 2
    assert "learn your name" in refused.err
    assert ready("source", "base", "searxng", "--json").json == {"source": "searxng", "base": None}
    done = ready("source", "base", "searxng", "-", "--yes", "--json", typed=f"{address}/\n")
    assert (done.status, done.json) == (0, {"source": "searxng", "base": address})
    cards = {card["id"]: card for card in ready("sources", "--json").json}
    assert cards["searxng"]["ready"]
    assert f"Your server: {address}" in ready("sources").out
    checked = ready("check", "--source", "searxng", "--json")
    assert statuses(checked.json)["searxng"] == "checked"
    assert [seen.path.partition("?")[0] for seen in services.requests_of("searxng")] == ["/search"]
    assert len(ready("findings", "--json").json) == 1
    doctor = ready("doctor", "--json").out
    assert "asks a server that was named for: searxng" in doctor
    assert address not in doctor
    assert ready("source", "base", "searxng", "--remove", "--json").json == {"source": "searxng", "base": None}
    assert not {card["id"]: card for card in ready("sources", "--json").json}["searxng"]["ready"]


@pytest.mark.parametrize(
    "address",
    [
        *(
            "ftp://search.example.org",
            "search.example.org",
            "https://zoe:pw@search.example.org",
            "http://8.8.8.8",
            "https://",
        ),
        *(
            "https://search.example.org/?q=1",
            "http://169.254.169.254",
            "http://0x7f.1",
            "https://search.example.org/#a",
        ),
    ],
)
def test_an_address_that_may_not_be_asked_is_not_kept(privacyguard: CommandLine, address: str) -> None:
    done = privacyguard("source", "base", "searxng", address, "--yes")
    assert done.status == 2
    assert "zoe" not in done.err
    assert privacyguard("source", "base", "searxng", "--json").json["base"] is None


def test_other_places_have_servers_of_their_own(privacyguard: CommandLine) -> None:
    assert privacyguard("source", "base", "brave", "https://search.example.org", "--yes").status == 2
    assert privacyguard("source", "base", "searxng", "https://a.example.org", "--remove").status == 2
