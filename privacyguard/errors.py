"""One family of errors. Class attributes hold the words, arguments the facts.

``title`` says what happened and what it means, ``remedy`` what to do; both are marked for translation and shown with
``_``. ``exit_code`` is the command line's. The text of an error (``str``) never holds a personal value, so it may be
logged. :class:`Cancelled` is not a failure and stands outside the family.
"""

from privacyguard.i18n import N_


class Cancelled(Exception):
    """The person stopped the work. What was found until then is kept."""


class PrivacyGuardError(Exception):
    """Something could not be done, for a reason that a person can read."""

    title: str = N_("Something did not work.")
    remedy: str = N_("Please try again. If it happens again, restart PrivacyGuard.")
    exit_code: int = 1


class UsageError(PrivacyGuardError):
    """The command was not written as it should be; the argument says how."""

    title = N_("We did not understand this command.")
    remedy = N_("Run privacyguard --help to see the commands.")
    exit_code = 2


class SettingsDamaged(PrivacyGuardError):
    """settings.toml cannot be read, or holds an unknown key."""

    title = N_("The settings file cannot be read.")
    remedy = N_("Correct settings.toml or remove it. Then start again.")
    exit_code = 2


# --- the vault and the password store ---------------------------------------------------------------------------


class VaultError(PrivacyGuardError):
    """The vault cannot be opened or written."""

    title = N_("Your locked file cannot be opened.")
    exit_code = 4


class NoPasswordStore(VaultError):
    """The system offers no password store."""

    title = N_("This computer has no running password store, so there is no place for the key.")
    remedy = N_("Install or start GNOME Keyring or KWallet, sign in again and try once more.")


class PasswordStoreLocked(VaultError):
    """The store is locked, or the person closed its question."""

    title = N_("The password store of this computer is locked.")
    remedy = N_("Unlock it with your sign-in password and try again.")


class PasswordStoreRefused(VaultError):
    """A setting points at a store that is not the operating system's own. The argument is the store's class name."""

    title = N_("A setting asks us to keep the key in a place that does not lock it.")
    remedy = N_("Remove PYTHON_KEYRING_BACKEND from your settings and start again.")


class KeyMissing(VaultError):
    """The vault's file exists, but its key is not in the password store."""

    title = N_("The key to your locked file is not in the password store.")
    remedy = N_("If you changed the password store, bring it back. Otherwise run “forget everything” and start anew.")


class WrongKey(VaultError):
    """The key does not open the file, or the file is damaged in its first page."""

    title = N_("The key does not open your locked file.")
    remedy = N_("The file may come from another computer or an old copy. Bring back the right one, or start anew.")


class VaultDamaged(VaultError):
    """The file opens, but its content is damaged."""

    title = N_("Your locked file is damaged.")
    remedy = N_("Bring back a backup, or run “forget everything” and start anew.")


class VaultTooNew(VaultError):
    """The file was written by a newer PrivacyGuard."""

    title = N_("Your locked file was made by a newer PrivacyGuard.")
    remedy = N_("Update PrivacyGuard. Nothing was changed.")


class DiskFull(VaultError):
    """There is no room left to write."""

    title = N_("The disk is full, so we could not save.")
    remedy = N_("Make some room and try again. What was saved before is still there.")


class VaultInUse(VaultError):
    """Another copy of PrivacyGuard has the vault open."""

    title = N_("PrivacyGuard is already running.")
    remedy = N_("Use the open window, or close it and try again.")


class VaultUnwritable(VaultError):
    """The folder or file cannot be read or written."""

    title = N_("We may not write in the PrivacyGuard folder.")
    remedy = N_("Check that the folder belongs to you and can be written.")


class VaultClosed(VaultError):
    """The vault was closed while something still wanted to use it."""

    title = N_("Your locked file is closed.")
    remedy = N_("Start PrivacyGuard again.")


# --- the network ------------------------------------------------------------------------------------------------


class SourceError(PrivacyGuardError):
    """A source could not be asked. The outcome is "could not check", never "nothing found"."""

    title = N_("This place could not be checked.")
    remedy = N_("We will try again at the next check.")


class NotConfined(SourceError):
    """A worker cannot be closed off on this computer, so pictures from the web are not looked at."""

    title = N_("This computer cannot open pictures from the web in a closed-off place. We did not look at them.")
    remedy = N_("Ask somebody who knows this computer to update Linux. Your own folders can still be checked.")


class NoNetwork(SourceError):
    """No connection could be made."""

    title = N_("There is no connection to this place.")
    remedy = N_("Check your internet connection. We will try again at the next check.")


class ConnectionLost(NoNetwork):
    """The connection broke before the answer was whole."""

    title = N_("The connection to this place broke before the answer was there.")


class HostRefused(SourceError):
    """A request to a host that is not on the running source's list. Nothing was sent."""

    title = N_("This place pointed to an address that is not its own, so we did not go there.")


class AddressRefused(SourceError):
    """The address guard said no. Nothing was sent."""

    title = N_("This address is not one that we may ask, so we did not go there.")


class NetworkIntercepted(SourceError):
    """The network answers with a page of its own (a sign-in page of a hotel, say)."""

    title = N_("This network answers with its own page.")
    remedy = N_("Sign in to the network in your browser, then check again.")


class CertificateRefused(SourceError):
    """The connection is not what it says it is."""

    title = N_("The connection to this place could not be trusted, so we did not go on.")
    remedy = N_("Sign in to this network in your browser, or try another one. Check the date of this computer.")


class TimedOut(SourceError):
    """The service did not answer in time."""

    title = N_("This place did not answer in time.")


class ReplyTooLarge(SourceError):
    """The reply was larger than the limit."""

    title = N_("This place sent more than we can take.")


class TooManyRequests(SourceError):
    """The service asked us to wait longer than a checkup lasts. ``wait_s``: seconds, or None; ``title``: how long in words."""

    title = N_("This place asks us to wait.")

    def __init__(self, wait_s: float | None = None, title: str = title) -> None:
        super().__init__("too many requests")
        self.wait_s = wait_s
        self.title = title


class ServiceDown(SourceError):
    """The service answered that it is not working."""

    title = N_("This place is not working at the moment.")


class UnexpectedReply(SourceError):
    """The reply was not what the service's contract says."""

    title = N_("This place answered in a way that we do not understand.")
    remedy = N_("It may have changed. Look for an update of PrivacyGuard.")


class CodeMissing(SourceError):
    """The source needs the person's own code (API key), and there is none."""

    title = N_("To use this check you need a code from this place.")
    remedy = N_("Add your code under “Where may we look?”.")


class CodeRefused(SourceError):
    """The service did not accept the person's code (API key)."""

    title = N_("This place did not accept your code.")
    remedy = N_("Check that the code is complete and still paid for.")


class PhotoMissing(SourceError):
    """The source searches with a photo, and none was sent."""

    title = N_("This place searches with a photo, and you sent none.")
    remedy = N_("Choose a photo to send under “Where may we look?”.")


class NotForThisPerson(SourceError):
    """The source may not be asked for this person (a child, or someone who is helped)."""

    title = N_("We do not ask this place about a child or someone you help.")
    remedy = N_("This is how we keep other people's details on this computer.")


# --- pictures and faces -----------------------------------------------------------------------------------------


class PictureUnreadable(PrivacyGuardError):
    """A picture could not be looked at. ``reason`` is one of the fixed reasons of ``model.picture.Unreadable``."""

    title = N_("This picture cannot be opened.")
    remedy = N_("Try another picture.")

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ModelMismatch(PrivacyGuardError):
    """A face pattern and a face were made by different models."""

    title = N_("Your face pattern was made by an older version.")
    remedy = N_("Add your face once more.")


class WeightsDamaged(PrivacyGuardError):
    """A model file is missing, or is not the one that we ship."""

    title = N_("A part that finds faces is missing or was changed.")
    remedy = N_("Install PrivacyGuard again.")


class NothingEnrolled(PrivacyGuardError):
    """A look for a face without a face pattern."""

    title = N_("No face has been added yet.")
    remedy = N_("Add your face first.")
    exit_code = 3


class ConsentMissing(PrivacyGuardError):
    """A face pattern was asked for without consent."""

    title = N_("We make a face pattern only with a clear yes.")
    remedy = N_("Read what it means, then say yes with --consent.")
    exit_code = 2


class NoUsablePhoto(PrivacyGuardError):
    """None of the photos could be used for a face pattern."""

    title = N_("None of these photos could be used.")
    remedy = N_("Choose photos with one clear, bright face that looks at the camera.")
