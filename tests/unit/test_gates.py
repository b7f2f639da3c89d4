"""What the code must not hold, each with a sample that proves that the gate sees it."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from privacyguard.model.person import Identifier, IdentifierKind
from tests.support import gates

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "privacyguard"
MODULES = [ROOT / "main.py", *sorted(PROGRAM.rglob("*.py")), *sorted((ROOT / "packaging").rglob("*.py"))]

NOT_PERSONAL = frozenset(
    {
        "privacyguard/analysis/looker.py",  # the name of a request, inside a worker
        "privacyguard/commands/call.py",  # how long a name may be
        "privacyguard/commands/details.py",  # a number, and why the value cannot be taken
        "privacyguard/faces/weights.py",  # a file of ours
        "privacyguard/report/report_json.py",  # the name of a type
        "packaging/selftest_samples.py",  # our own samples
        "privacyguard/settings.py",  # settings hold nothing personal
    }
)
"""Modules whose errors name what is not of the person."""

# Nowhere, but in the modules that are there for it.
NOWHERE: list[tuple[gates.Gate, frozenset[str]]] = [
    (gates.unpickling, frozenset()),
    (gates.shells, frozenset()),
    (gates.evaluation, frozenset()),
    (gates.unchecked_connections, frozenset()),
    (gates.ways_past_the_gateway, frozenset({"privacyguard/net/dialer.py"})),  # the one look-up
    (gates.rich_text, frozenset()),
    (gates.labels_of_qt, frozenset({"privacyguard/ui/widgets/text.py"})),
    (gates.pictures_read_by_qt, frozenset({"privacyguard/ui/program.py"})),  # our own icon
    (gates.composed_log_lines, frozenset()),
    (gates.values_in_errors, NOT_PERSONAL),
    (gates.long_functions, frozenset()),
]
IN_ONE_MODULE = [gates.addresses_opened, gates.temporary_files]

BAD: list[tuple[gates.Gate, str]] = [
    (gates.unpickling, "import pickle"),
    (gates.unpickling, "from pickle import loads"),
    (gates.unpickling, "def f():\n    import marshal"),
    (gates.unpickling, "answer = connection.recv()"),
    (gates.unpickling, "from concurrent.futures import ProcessPoolExecutor"),
    (gates.unpickling, "multiprocessing.get_context('spawn').Pool(2)"),
    (gates.unpickling, "numpy.load(file, allow_pickle=True)"),
    (gates.shells, "os.system('ls')"),
    (gates.shells, "subprocess.getoutput('ls')"),
    (gates.shells, "subprocess.run(command, shell=True)"),
    (gates.shells, "subprocess.run(command, shell=chosen)"),
    (gates.evaluation, "eval(text)"),
    (gates.evaluation, "exec(text)"),
    (gates.unchecked_connections, "session.get(url, verify=False)"),
    (gates.unchecked_connections, "session.verify = False"),
    (gates.unchecked_connections, "context.check_hostname = False"),
    (gates.unchecked_connections, "context.verify_mode = ssl.CERT_NONE"),
    (gates.unchecked_connections, "ssl._create_unverified_context()"),
    (gates.ways_past_the_gateway, "requests.get(url)"),
    (gates.ways_past_the_gateway, "requests.Session()"),
    (gates.ways_past_the_gateway, "urllib3.request('GET', url)"),
    (gates.ways_past_the_gateway, "urllib.request.urlopen(url)"),
    (gates.ways_past_the_gateway, "http.client.HTTPSConnection(host)"),
    (gates.ways_past_the_gateway, "socket.create_connection(place)"),
    (gates.ways_past_the_gateway, "socket.getaddrinfo(host, 443)"),
    (gates.ways_past_the_gateway, "ssl.create_default_context()"),
    (gates.ways_past_the_gateway, "session.trust_env = False"),
    (gates.ways_past_the_gateway, "QNetworkAccessManager(self).get(request)"),
    (gates.rich_text, "view.setHtml(text)"),
    (gates.rich_text, "label.setTextFormat(Qt.TextFormat.RichText)"),
    (gates.rich_text, "view.setMarkdown(text)"),
    (gates.labels_of_qt, "QLabel(title)"),
    (gates.labels_of_qt, "class Title(QtWidgets.QLabel): pass"),
    (gates.labels_of_qt, "QMessageBox.warning(parent, title, text)"),
    (gates.labels_of_qt, "def ask():\n    box = QMessageBox()\n    box.setText(text)"),
    (gates.pictures_read_by_qt, "QImage('a.png')"),
    (gates.pictures_read_by_qt, "QPixmap(str(path))"),
    (gates.pictures_read_by_qt, "QtGui.QIcon(path)"),
    (gates.pictures_read_by_qt, "QImage('a.png', 'PNG')"),
    (gates.pictures_read_by_qt, "QPixmap().loadFromData(content)"),
    (gates.pictures_read_by_qt, "QImage.fromData(content)"),
    (gates.pictures_read_by_qt, "image.load(path)"),
    (gates.pictures_read_by_qt, "QImageReader(path).read()"),
    (gates.composed_log_lines, "logger.info(f'found {name}')"),
    (gates.composed_log_lines, "self._logger.warning('found ' + name)"),
    (gates.composed_log_lines, "log.error('found %s' % name)"),
    (gates.composed_log_lines, "logging.getLogger('x').error('found {}'.format(name))"),
    (gates.composed_log_lines, "logger.error('failed: %s', str(error))"),
    (gates.values_in_errors, "raise UnexpectedReply(f'no answer about {address}')"),
    (gates.values_in_errors, "raise ValueError(str(error)) from None"),
    (gates.values_in_errors, "raise ExportUnreadable('line %s' % row)"),
    (gates.values_in_errors, "raise errors.SourceError('{}'.format(reply.body))"),
    (gates.addresses_opened, "QDesktopServices.openUrl(url)"),
    (gates.addresses_opened, "import webbrowser"),
    (gates.temporary_files, "import tempfile"),
    (gates.temporary_files, "from tempfile import mkdtemp"),
    (gates.long_functions, "def f():\n" + "    pass\n" * 51),
]
GOOD: list[tuple[gates.Gate, str]] = [
    (gates.unpickling, "connection.recv_bytes(limit); socket.recv(4096); import multiprocessing"),
    (gates.unpickling, "from concurrent.futures import ThreadPoolExecutor"),
    (gates.unpickling, "numpy.load(file, allow_pickle=False)"),
    (gates.shells, "subprocess.run(['ls'], shell=False); platform.system()"),
    (gates.evaluation, "ast.literal_eval(text); dialog.exec(); model.eval()"),
    (gates.unchecked_connections, "session.verify = True; session.get(url, verify=path)"),
    (
        gates.ways_past_the_gateway,
        "requests.Request('GET', url).prepare(); Session(paths); gateway.get(url); getproxies()",
    ),
    (gates.rich_text, "label.setTextFormat(Qt.TextFormat.PlainText)"),
    (gates.labels_of_qt, "Text(title)"),
    (gates.labels_of_qt, "def ask():\n    box = QMessageBox()\n    box.setTextFormat(Qt.TextFormat.PlainText)"),
    (gates.pictures_read_by_qt, "QImage(pixels, 96, 96, QImage.Format.Format_RGB888); QPixmap(); QIcon()"),
    (
        gates.pictures_read_by_qt,
        "QPixmap(QSize(4, 4)); QPixmap(width, height); QPixmap.fromImage(image); json.load(file)",
    ),
    (gates.composed_log_lines, "logger.info('found %d', count); math.log(2.0 + x); dialog.info(f'{x}')"),
    (gates.values_in_errors, "raise UnexpectedReply(f'status {reply.status}'); raise CodeRefused(str(reply.status))"),
    (gates.values_in_errors, "raise; raise Cancelled; raise ExportUnreadable(self._line); raise UnexpectedReply('x')"),
    (gates.addresses_opened, "open(path)"),
    (gates.temporary_files, "from privacyguard.paths import temporary_files"),
    (gates.long_functions, "def f():\n" + "    pass\n" * 50),
]


def tree(module: Path) -> ast.AST:
    return ast.parse(module.read_text("utf-8"))


def name(module: Path) -> str:
    return module.relative_to(ROOT).as_posix()


def sample_id(value: object) -> str | None:
    return getattr(value, "__name__", None)


@pytest.mark.parametrize(("gate", "code"), BAD, ids=sample_id)
def test_the_gate_sees_the_bad_sample(gate: gates.Gate, code: str) -> None:
    assert list(gate(ast.parse(code)))


@pytest.mark.parametrize(("gate", "code"), GOOD, ids=sample_id)
def test_the_gate_lets_the_good_sample_pass(gate: gates.Gate, code: str) -> None:
    assert not list(gate(ast.parse(code)))


def test_every_gate_has_a_bad_and_a_good_sample() -> None:
    used = {gate for gate, _ in NOWHERE} | set(IN_ONE_MODULE)
    assert {gate for gate, _ in BAD} == {gate for gate, _ in GOOD} == used


@pytest.mark.parametrize(("gate", "allowed"), NOWHERE, ids=sample_id)
def test_the_program_passes_the_gate(gate: gates.Gate, allowed: frozenset[str]) -> None:
    assert [
        f"{name(module)}:{line}" for module in MODULES if name(module) not in allowed for line in gate(tree(module))
    ] == []


@pytest.mark.parametrize("gate", IN_ONE_MODULE, ids=sample_id)
def test_one_module_at_most_does_it(gate: gates.Gate) -> None:
    found = [name(module) for module in MODULES if list(gate(tree(module)))]
    assert len(found) <= 1, found


def test_the_gates_stand_before_every_module_that_is_in_the_program() -> None:
    listed = {name(module) for module in MODULES}
    for package in ("sources/breaches", "analysis", "advice", "checkup", "commands", "net", "vault", "ui/presenters"):
        assert {name(file) for file in (PROGRAM / package).iterdir() if file.suffix == ".py"} <= listed, package
    new = (
        "analysis/export_worker sources/breaches/passwords advice/letters checkup/leaks net/home vault/letters".split()
    )
    assert {f"privacyguard/{each}.py" for each in new} <= listed


def test_no_module_is_longer_than_300_lines() -> None:
    assert [name(module) for module in MODULES if len(module.read_text("utf-8").splitlines()) > 300] == []


def test_an_identifier_does_not_show_its_value() -> None:
    identifier = Identifier(IdentifierKind.EMAIL, "zoe@example.org")
    assert "zoe" not in f"{identifier!r} {identifier}"


# A registry's address, an option that names one, or a folder of the computer that this was written on.
FOREIGN = re.compile(
    r"/packages/[0-9a-f]{2}/[0-9a-f]{2}/|--(?:extra-)?index-url|\"resolved\": \"http|find[-]links|"
    r"pythonhosted\.org|//pypi\.org|//deb\.debian\.org|(?<![\w.~])/work/(?:main|shared)|" + re.escape(str(ROOT))
)


def tracked_files() -> Iterator[Path]:
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return (ROOT / path for path in listed.stdout.split("\0") if path and (ROOT / path).is_file())


def test_the_pattern_sees_what_must_not_be_there() -> None:
    for text in (
        "https://files.python" + "hosted.org/packages" + "/ab/cd/x.whl",
        "pip install --extra-index" + "-url http://x",
        f"see {ROOT}/README.md",
        "cd /work" + "/main",
    ):
        assert FOREIGN.search(text)
    assert not FOREIGN.search("--no-emit-index" + "-url ../shared/lfw-dev /home/zoe/network/main")


def test_no_file_names_a_registry_or_a_folder_of_a_workplace() -> None:
    files = list(tracked_files())
    assert ROOT / "Makefile" in files
    found = [name(file) for file in files if FOREIGN.search(file.read_bytes().decode(errors="replace"))]
    assert found == []
