"""What the program's code must not hold (threat-model, T10), found in its syntax tree.

A gate takes the tree of one module and yields the lines that break it.
"""

import ast
import re
from collections.abc import Callable, Iterator

Gate = Callable[[ast.AST], Iterator[int]]

_UNPICKLING = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
_UNPICKLING_POOLS = {"ProcessPoolExecutor", "Pool", "SimpleQueue", "JoinableQueue", "Manager"}
_SHELLS = {"system", "popen", "getoutput", "getstatusoutput"}
_UNCHECKED = {"_create_unverified_context", "CERT_NONE", "disable_warnings"}
_PAST_THE_GATEWAY = {
    *("urlopen", "urlretrieve", "create_connection", "create_default_context", "getaddrinfo", "gethostbyname"),
    *("HTTPConnection", "HTTPSConnection", "PoolManager", "ProxyManager"),
    *("QNetworkAccessManager", "QTcpSocket", "QUdpSocket", "QSslSocket", "QWebSocket", "QHostInfo", "QWebEngineView"),
}
_RICH_TEXT = {"setHtml", "insertHtml", "appendHtml", "setMarkdown", "RichText", "AutoText", "MarkdownText"}
_PICTURE_READERS = {"QImage", "QPixmap", "QIcon", "QImageReader", "QMovie"}
_LOGGER = re.compile(r"(?:^|_)log(?:ger|ging)?$|^getLogger$")
_NUMBERS = {"status", "code", "line"}
_LOGGER_METHODS = {"debug", "info", "warning", "error", "exception", "critical", "log"}


def unpickling(tree: ast.AST) -> Iterator[int]:
    """Objects made from bytes that a worker or a file sent: code of theirs would run here."""
    for node in ast.walk(tree):
        if _imported(node) & _UNPICKLING or (_imported(node) & {"multiprocessing", "concurrent"} and _names(node)):
            yield node.lineno  # type: ignore[attr-defined]
        if isinstance(node, ast.Call):
            called = _called(node)
            no_arguments = not node.args and not node.keywords
            if (called == "recv" and no_arguments) or (called in _UNPICKLING_POOLS and _on(node) != "threading"):
                yield node.lineno
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle" and not _is(node.value, False):
            yield node.value.lineno


def shells(tree: ast.AST) -> Iterator[int]:
    """A shell, which would read file names as commands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) in _SHELLS and _on(node) in {"os", "subprocess"}:
            yield node.lineno
        if isinstance(node, ast.keyword) and node.arg == "shell" and not _is(node.value, False):
            yield node.value.lineno


def evaluation(tree: ast.AST) -> Iterator[int]:
    """Text that is run as code."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"eval", "exec"}:
            yield node.lineno


def unchecked_connections(tree: ast.AST) -> Iterator[int]:
    """A connection whose certificate is not checked."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "verify" and _is(node.value, False):
            yield node.value.lineno
        if isinstance(node, ast.Assign) and _is(node.value, False):
            switched_off = {to.attr for to in node.targets if isinstance(to, ast.Attribute)}
            yield from [node.lineno] if switched_off & {"verify", "check_hostname"} else []
        if isinstance(node, ast.Attribute) and node.attr in _UNCHECKED:
            yield node.lineno


def ways_past_the_gateway(tree: ast.AST) -> Iterator[int]:
    """A request, a look-up or a connection that no disclosure and no address guard stands before."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called, on = _called(node), _on(node)
            # A prepared request goes nowhere by itself.
            if called in _PAST_THE_GATEWAY or (on in {"requests", "urllib3"} and called != "Request"):
                yield node.lineno
        if isinstance(node, ast.Attribute) and node.attr == "trust_env":
            yield node.lineno


def rich_text(tree: ast.AST) -> Iterator[int]:
    """Text that Qt may read as HTML: it opens what the text names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in _RICH_TEXT:
            yield node.lineno


def labels_of_qt(tree: ast.AST) -> Iterator[int]:
    """A label that reads its text as HTML where it looks like it, or a message box that was not told not to."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any(_last_name(base) == "QLabel" for base in node.bases):
            yield node.lineno
        if isinstance(node, ast.Call) and (_called(node) == "QLabel" or _on(node) == "QMessageBox"):
            yield node.lineno
        if isinstance(node, ast.FunctionDef):
            called = {_called(call) for call in ast.walk(node) if isinstance(call, ast.Call)}
            if "QMessageBox" in called and "setTextFormat" not in called:
                yield node.lineno


def pictures_read_by_qt(tree: ast.AST) -> Iterator[int]:
    """A picture that Qt decodes in the window's process: from a path, or from bytes that are not plain pixels."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = _called(node)
        if called in {"loadFromData", "fromData"}:
            yield node.lineno
        # With four arguments or more it is made of plain pixels, without any it is empty, and a size is no picture.
        is_read = called in _PICTURE_READERS and 0 < len(node.args) < 4 and not _is_size(node.args)
        if is_read or (called == "load" and _on(node) in {"image", "pixmap", "icon"}):
            yield node.lineno


def composed_log_lines(tree: ast.AST) -> Iterator[int]:
    """A log line put together before the logger sees it: its filter could not tell the values from the words."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or _called(node) not in _LOGGER_METHODS or not _LOGGER.search(_on(node)):
            continue
        if any(_is_composed(argument) for argument in node.args):
            yield node.lineno


def values_in_errors(tree: ast.AST) -> Iterator[int]:
    """An error whose text is put together with something that may be a value: it may be logged."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Raise) or not isinstance(node.exc, ast.Call):
            continue
        if any(_is_composed(argument) and not _is_of_counts(argument) for argument in node.exc.args):
            yield node.lineno


def addresses_opened(tree: ast.AST) -> Iterator[int]:
    """A page opened in the browser."""
    for node in ast.walk(tree):
        if (isinstance(node, ast.Attribute) and node.attr == "openUrl") or "webbrowser" in _imported(node):
            yield node.lineno  # type: ignore[attr-defined]


def temporary_files(tree: ast.AST) -> Iterator[int]:
    """Files in a temporary folder."""
    for node in ast.walk(tree):
        if "tempfile" in _imported(node):
            yield node.lineno  # type: ignore[attr-defined]


def long_functions(tree: ast.AST, lines: int = 50) -> Iterator[int]:
    """A function that is longer than can be read at once."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.lineno > lines:
            yield node.lineno


def _imported(node: ast.AST) -> set[str]:
    """The outermost packages that this statement imports from."""
    if isinstance(node, ast.Import):
        return {alias.name.partition(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return {node.module.partition(".")[0]}
    return set()


def _names(node: ast.AST) -> set[str]:
    return {alias.name for alias in node.names} & _UNPICKLING_POOLS if isinstance(node, ast.ImportFrom) else set()


def _called(call: ast.Call) -> str:
    return _last_name(call.func)


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _on(call: ast.Call) -> str:
    """What the method is called on: the last name before it."""
    if not isinstance(call.func, ast.Attribute):
        return ""
    owner = call.func.value
    return _called(owner) if isinstance(owner, ast.Call) else _last_name(owner)


def _is(node: ast.expr, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


def _is_size(arguments: list[ast.expr]) -> bool:
    if len(arguments) == 1:
        return isinstance(arguments[0], ast.Call) and _called(arguments[0]) in {"QSize", "size"}
    return not any(isinstance(argument, ast.Constant) and isinstance(argument.value, str) for argument in arguments)


def _is_of_counts(argument: ast.expr) -> bool:
    """Whether only numbers are filled in."""
    if isinstance(argument, ast.Call):
        return bool(argument.args) and all(_last_name(each) in _NUMBERS for each in argument.args)
    filled_in = [each.value for each in ast.walk(argument) if isinstance(each, ast.FormattedValue)]
    return isinstance(argument, ast.JoinedStr) and all(_last_name(each) in _NUMBERS for each in filled_in)


def _is_composed(argument: ast.expr) -> bool:
    if isinstance(argument, ast.JoinedStr):
        return True
    if isinstance(argument, ast.BinOp):
        return True
    return isinstance(argument, ast.Call) and _called(argument) in {"format", "repr", "str"}
