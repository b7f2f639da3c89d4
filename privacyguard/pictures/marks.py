"""The marks that programs leave in the pictures that they make with AI: what a file says, and never the reverse.

The forms are those that the programs document or write: the web interfaces of Stable Diffusion ("parameters"), ComfyUI
("prompt" and "workflow"), InvokeAI, NovelAI, Fooocus, FLUX, Midjourney (the job's number in the description), Google and
OpenAI; and the IPTC's digital source type (https://cv.iptc.org/newscodes/digitalsourcetype/, as of 2024-10-23). Ordinary
editors and cameras make no claim. Free of decoders.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from privacyguard.model.provenance import Making

Mark = tuple[str, Making]
"""Who says so, and what."""

IPTC, CONTENT_CREDENTIALS = "IPTC", "Content Credentials"
_MADE, _CHANGED = Making.MADE_BY_AI, Making.CHANGED_BY_AI

_SOURCE_TYPES = {
    "trainedalgorithmicmedia": _MADE,
    "compositewithtrainedalgorithmicmedia": _CHANGED,
    # "Composite including generative AI elements". The other types are of cameras, films, hands and plain calculation.
    "compositesynthetic": _CHANGED,
}
_SOFTWARE = (
    ("stable diffusion", "Stable Diffusion"),
    ("automatic1111", "Stable Diffusion"),
    ("comfyui", "ComfyUI"),
    ("invokeai", "InvokeAI"),
    ("invoke-ai", "InvokeAI"),
    ("novelai", "NovelAI"),
    ("fooocus", "Fooocus"),
    ("midjourney", "Midjourney"),
    ("dall-e", "DALL·E"),
    ("dall·e", "DALL·E"),
    ("openai", "OpenAI"),
    ("chatgpt", "OpenAI"),
    ("adobe firefly", "Adobe Firefly"),
    ("draw things", "Draw Things"),
    ("bing image creator", "Bing Image Creator"),
)
_GOOGLE = (("made with google ai", _MADE), ("edited with google ai", _CHANGED))
MARKS = frozenset({IPTC, CONTENT_CREDENTIALS, "FLUX", "Google AI", *(mark for _needle, mark in _SOFTWARE)})
"""Every name that there is: our own words, never the picture's."""

_PARAMETERS = re.compile(r"\bSteps: \d+, .{0,400}\b(?:Sampler|CFG scale|Seed|Model hash|Model): ", re.DOTALL)
_MIDJOURNEY = re.compile(r"\bJob ID: [0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b")
_GRAPH = re.compile(r'"class_type"\s*:\s*"(\w{1,100})')
_LOADS, _STARTS_EMPTY = re.compile(r"LoadImage"), re.compile(r"Empty\w*Latent")


@dataclass(frozen=True)
class Told:
    """What a file says in words, wherever it stands. All of it is untrusted.

    ``texts``: by keyword (PNG); ``software``: programs; ``descriptions``: captions and comments; ``credits``: credit lines;
    ``source_types``: IPTC digital source types; ``make`` and ``model``: of the device, as some programs misuse them.
    """

    texts: Mapping[str, str] = field(default_factory=dict, repr=False)
    software: tuple[str, ...] = field(default=(), repr=False)
    descriptions: tuple[str, ...] = field(default=(), repr=False)
    credits: tuple[str, ...] = field(default=(), repr=False)
    source_types: tuple[str, ...] = field(default=(), repr=False)
    make: str = field(default="", repr=False)
    model: str = field(default="", repr=False)


def source_type(untrusted_address: str) -> Making | None:
    """What an IPTC digital source type, an address or only its last word, says of AI; None for all others."""
    return _SOURCE_TYPES.get(untrusted_address.strip().rstrip("/").rpartition("/")[2].rpartition(":")[2].lower())


def software_mark(untrusted_name: str) -> str | None:
    """The name of the AI program that this one is, by our own words; None for any other."""
    name = untrusted_name[:400].lower()
    if name.startswith("ai generated") and "flux" in name:
        return "FLUX"
    return next((mark for needle, mark in _SOFTWARE if needle in name), None)


def marks_of(told: Told) -> tuple[Mark, ...]:
    """Every mark in what a file says, each once."""
    return tuple(dict.fromkeys(_marks(told)))


def strongest(makings: Iterator[Making]) -> Making | None:
    """The strongest of these claims: made comes before changed."""
    found = set(makings)
    return next((making for making in (_MADE, _CHANGED) if making in found), None)


def _marks(told: Told) -> Iterator[Mark]:
    for address in told.source_types:
        if (making := source_type(address)) is not None:
            yield IPTC, making
    for name in (*told.software, told.texts.get("Software", "")):
        if (mark := software_mark(name)) is not None:
            yield mark, _CHANGED if mark == "FLUX" and "txt2img" not in name.lower() else _MADE
    for credit in told.credits:
        yield from (("Google AI", making) for words, making in _GOOGLE if words in credit.lower())
    if any(_MIDJOURNEY.search(text) for text in (told.texts.get("Description", ""), *told.descriptions)):
        yield "Midjourney", _MADE
    yield from _of_stable_diffusion(told)
    yield from _of_graphs(told)


def _of_stable_diffusion(told: Told) -> Iterator[Mark]:
    for parameters in (told.texts.get("parameters", ""), *told.descriptions):
        if _PARAMETERS.search(parameters):
            mark = "Fooocus" if "fooocus_scheme" in told.texts else "Stable Diffusion"
            yield mark, _CHANGED if "Mask blur: " in parameters else _MADE
    if "fooocus_scheme" in told.texts:
        yield "Fooocus", _MADE
    if told.texts.keys() & {"invokeai_metadata", "invokeai_graph", "sd-metadata"}:
        yield "InvokeAI", _MADE


def _of_graphs(told: Told) -> Iterator[Mark]:
    """ComfyUI keeps its graph of steps: in PNG texts, in other formats in the names of maker and model of the camera."""
    for prefix, graph in (("", told.texts.get("prompt", "")), ("prompt:", told.model), ("prompt:", told.make)):
        if not graph.startswith(prefix):
            continue
        steps = _GRAPH.findall(graph)
        if steps:
            begins_with_a_picture = any(map(_LOADS.search, steps)) and not any(map(_STARTS_EMPTY.search, steps))
            yield "ComfyUI", _CHANGED if begins_with_a_picture else _MADE
