"""The parts that need no worker: vault, certificates, report, window."""

import os
import subprocess
import sys
from pathlib import Path

from privacyguard.doctor import Check
from privacyguard.errors import PrivacyGuardError
from privacyguard.i18n import _
from privacyguard.model.person import Relation
from privacyguard.paths import HOME_VARIABLE, is_frozen, throw_away_folder
from privacyguard.session import now

WINDOW_TIMEOUT_S = 60.0
WINDOW_OPTION = "--self-test-window"
"""What the child process is started with that opens the window off-screen."""

CERTIFICATES_AT_LEAST = 50
"""certifi's list had about 150 when this was written."""


def vault() -> Check:
    """Whether a vault is made, opened again and erased, with a key in the password store."""
    from privacyguard.vault.forget import forget_everything
    from privacyguard.vault.keystore import SystemKeyStore, home_id
    from privacyguard.vault.vault import Vault

    what = _("vault")
    with throw_away_folder("self-test-") as folder:
        home = folder / "home"
        try:
            keys = SystemKeyStore(home_id(home))
            try:
                with Vault.open(home, keys, clock=now) as vault:
                    vault.add_person("self-test", Relation.ME, is_adult=True)
                with Vault.open(home, keys, clock=now) as vault:
                    is_kept = vault.person_named("self-test") is not None
            finally:
                forget_everything(home, keys, ())
        except PrivacyGuardError as error:
            return Check(what, False, f"{_(error.title)} {_(error.remedy)}")
    return Check(what, is_kept, _("made, opened again and erased") if is_kept else _("did not keep what was written"))


def certificates() -> Check:
    """Whether the list of certificates is there and is one: without it no place can be asked."""
    from privacyguard.net.transport import tls_context

    what = _("certificates")
    try:
        count = tls_context().cert_store_stats()["x509_ca"]
    except OSError:  # also what the ssl module raises
        return Check(what, False, _("missing or broken, so no place can be asked"))
    if count < CERTIFICATES_AT_LEAST:
        return Check(what, False, _("too few: {count}").format(count=count))
    return Check(what, True, _("found: {count}").format(count=count))


def report(resources: Path) -> Check:
    """Whether a report with nothing in it can be made. ``resources``: the folder of our texts."""
    from jinja2 import TemplateError

    from privacyguard.report.content import ReportContent
    from privacyguard.report.report_html import as_html

    what = _("report")
    try:
        text = as_html(ReportContent(now(), (), (), {}, None, ()), resources)
    except TemplateError:
        return Check(what, False, _("its page is missing or broken"))
    is_whole = text.rstrip().endswith("</html>")
    return Check(what, is_whole, _("can be made") if is_whole else _("is cut off"))


def window() -> Check:
    """Whether the window paints, in a process of its own: Qt ends the whole process when a library of the system is missing."""
    what = _("window")
    program = [sys.executable] if is_frozen() else [sys.executable, "-m", "privacyguard"]
    with throw_away_folder("self-test-") as home:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", HOME_VARIABLE: str(home)}
        try:
            done = subprocess.run(
                [*program, WINDOW_OPTION],
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=WINDOW_TIMEOUT_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Check(what, False, _("does not open in time"))
    return Check(what, done.returncode == 0, _("opens") if done.returncode == 0 else _("does not open"))
