"""Find a Chromium for the browser tests, or say in one line how to get one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",  # nothing leaves the machine
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def installed():
    """Return the path of a Chromium that is there: $CHROMIUM, one on the PATH, Playwright's."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        return chosen
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    return found or playwrights()


def playwrights():
    """Return Playwright's own Chromium if it has been downloaded."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def quietly(*command):
    return (
        subprocess.run(command, stdout=sys.stderr, stderr=sys.stderr, check=False).returncode == 0
    )


def install():
    """Try Playwright's download, then, only as root, Debian's package."""
    if quietly(sys.executable, "-m", "playwright", "install", "chromium"):
        return playwrights()
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root and shutil.which("apt-get") and quietly("apt-get", "-q", "update"):
        quietly("apt-get", "-q", "install", "-y", "--no-install-recommends", "chromium")
        return shutil.which("chromium")
    return None


if __name__ == "__main__":
    path = installed() or install()
    if not path:
        sys.exit(
            "No Chromium: install one (Debian: apt-get install chromium) or set CHROMIUM=path."
        )
    print(path)
