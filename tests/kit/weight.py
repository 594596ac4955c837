"""What a browser is sent for a page: each file as a host of static files sends it."""

import gzip
import re
from functools import cache
from urllib.parse import unquote, urlsplit

# Sent as they are; everything else goes through gzip.
PACKED = {".woff", ".woff2", ".png", ".jpg", ".ico"}
IS_FIGURE = re.compile(r"/modules/|plotly")
IS_SEARCH = re.compile(r"search|excerpts")


@cache
def sent(path):
    """How many bytes of a file travel."""
    text = path.read_bytes()
    return len(text if path.suffix in PACKED else gzip.compress(text, 6))


def weights(site, addresses):
    """File of the site -> the bytes that travel, of those that a browser has asked for."""
    names = {unquote(urlsplit(address).path).lstrip("/") for address in addresses}
    return {name: sent(site / name) for name in names if (site / name).is_file()}
