"""Windows: a task that asks every hour whether a check is due. The file's form is tested, the rest is untried."""

import subprocess
from pathlib import Path
from xml.sax.saxutils import escape

from privacyguard.desktop import files
from privacyguard.desktop.files import StartRefused
from privacyguard.desktop.program import WHEN_DUE, Program

NAME = "PrivacyGuard"
PATIENCE_S = 20.0

# https://learn.microsoft.com/windows/win32/taskschd/task-scheduler-schema (read 2026-11-20). Priority 7: below normal.
_TASK = """\
<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>PrivacyGuard: the regular check</Description>
  </RegistrationInfo>
  <Triggers>
    <TimeTrigger>
      <Repetition><Interval>PT1H</Interval></Repetition>
      <StartBoundary>2026-01-01T00:00:00</StartBoundary>
      <RandomDelay>PT20M</RandomDelay>
    </TimeTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Priority>7</Priority>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{command}</Command>
      <Arguments>{arguments}</Arguments>
    </Exec>
  </Actions>
</Task>
"""


class ScheduledTask:
    """``folder``: of ours, for the file that the system reads the task from."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "task.xml"

    def is_on(self) -> bool:
        """Whether the system has our task."""
        try:
            self._tell("/Query", "/TN", NAME)
        except StartRefused:
            return False
        return True

    def switch_on(self, program: Program) -> None:
        """Have the system start us. Raises :class:`~privacyguard.desktop.files.StartRefused`."""
        files.write(self._file, content(program))
        try:
            self._tell("/Create", "/F", "/TN", NAME, "/XML", str(self._file))
        finally:
            files.remove(self._file)

    def switch_off(self) -> bool:
        """Have it start us no more: whether it did. Raises :class:`~privacyguard.desktop.files.StartRefused`."""
        was_on = self.is_on()
        if was_on:
            self._tell("/Delete", "/F", "/TN", NAME)
        return was_on

    def remove(self) -> bool:
        """The same: the system keeps the task."""
        return self.switch_off()

    @staticmethod
    def _tell(*words: str) -> None:
        try:
            subprocess.run(["schtasks", *words], check=True, capture_output=True, timeout=PATIENCE_S)
        except (OSError, subprocess.SubprocessError):
            raise StartRefused("the task scheduler refused") from None


def content(program: Program) -> bytes:
    """The content of the file. The home is %USERPROFILE%, which the task scheduler puts in its place."""
    command = f"%USERPROFILE%\\{program.path}" if program.below_home else str(program.path)
    return _TASK.format(command=escape(command), arguments=escape(" ".join(WHEN_DUE))).encode("utf-16")
