"""A browser tab that logs what went wrong and what tried to leave; a server of a folder."""

import functools
import http.server
import itertools
import threading
from typing import ClassVar
from urllib.parse import urljoin, urlsplit

# What a page shows in, set anew for each test; everything else makes another kind of tab.
SIZE = {"width": 1280, "height": 900}
LOOKS = {"reduced_motion": "no-preference", "color_scheme": "light"}
# Every figure is there; one in a closed fold is drawn when it opens.
HOSTS = ".lab-widget, .lab-plotly"
STARTED = f"""[...document.querySelectorAll('{HOSTS}')].every(host =>
  host.dataset.mounted === 'ok' && (!host.checkVisibility()
    || host.querySelector('.fl-figure[data-ready], .main-svg')))"""
FAILED = "document.querySelector('[data-mounted=error]')"
# Without an icon of its own a browser asks for one, and the next test hears that there is none.
EMPTY = '<!doctype html><title>empty</title><link rel="icon" href="data:,">'
# Whether a tab may be used again: a stopped clock stays stopped, a full history grows no more.
LEFT = """() => {
  try { localStorage.clear(); sessionStorage.clear(); } catch { /* a page from nowhere has none */ }
  return !window.__pwClock && history.length < 40;
}"""


CALLS = itertools.count()


def frames(page, count):
    """Wait until the browser has drawn so often; it counts while the page's clock is held too."""
    page.wait_for_function(
        """([count, id]) => {
             const seen = window.framesSeen?.id === id ? window.framesSeen : { id, count: -1 };
             window.framesSeen = seen;
             return ++seen.count >= count;
           }""",
        arg=[count, next(CALLS)],
        polling="raf",
    )


class Handler(http.server.SimpleHTTPRequestHandler):
    """Files of a folder, and before them what a test has made: path -> (content type, text)."""

    def do_GET(self):
        kind, text = self.server.made.get(urlsplit(self.path).path, (None, None))
        if kind is None:
            return super().do_GET()
        body = text.encode("utf-8")
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


def serve(folder):
    """Start a server of a folder in a thread; return it. What it answers besides is in `made`."""
    handler = functools.partial(Handler, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.made = {"/empty": ("text/html", EMPTY)}
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class Visit:
    """A browser tab with a log of what went wrong and what tried to leave.

    Making a tab costs more than most tests: a closed one waits, emptied, for the next test that
    wants its kind. A tab that went from a server to the disk would change its process, which costs
    as much, so each way has its own.
    `script` runs before every page; `context` is what Playwright's new_context takes.
    """

    waiting: ClassVar[dict] = {}  # (browser, kind) -> a page that nobody uses

    def __init__(self, browser, allowed, way="http", script="", viewport=SIZE, **context):
        looks = {name: context.pop(name, usual) for name, usual in LOOKS.items()}
        self.kind = (browser, way, script, *sorted(context.items()))
        self.still = looks["reduced_motion"] == "reduce"
        self.page = self.waiting.pop(self.kind, None) or self._new(browser, script, context)
        self.context = self.page.context
        self.page.set_viewport_size(viewport)
        self.page.emulate_media(media="null", **looks)
        self.allowed = (*allowed, "data:", "blob:", "about:")
        self.outside, self.trouble, self.asked = [], [], []
        self.listeners = {
            "request": self._request,
            "websocket": lambda socket: self.outside.append(socket.url),
            "console": self._console,
            "pageerror": lambda error: self.trouble.append(f"page error: {error}"),
            "requestfailed": self._failed,
            "response": self._response,
        }
        for event, listener in self.listeners.items():
            self.page.on(event, listener)

    @staticmethod
    def _new(browser, script, context):
        made = browser.new_context(**context)
        page = made.new_page()
        if script:
            page.add_init_script(script)
        return page

    def _request(self, request):
        self.asked.append(request.url)
        if not request.url.startswith(self.allowed):  # the browser resolves no name but its own
            self.outside.append(request.url)

    def _console(self, message):
        if message.type in ("error", "warning"):
            self.trouble.append(f"{message.type}: {message.text}")

    def _failed(self, request):
        if request.failure != "net::ERR_ABORTED":  # a page that is left stops loading its icon
            self.trouble.append(f"{request.failure}: {request.url}")

    def _response(self, response):
        if response.status >= 400:
            self.trouble.append(f"{response.status}: {response.url}")

    def open(self, url):
        self.page.goto(url, wait_until="load")
        return self

    def mount_all(self):
        """Open every fold; wait until every figure is drawn, or one has failed."""
        self.open_folds()
        self.page.wait_for_function(f"{FAILED} || {STARTED}", timeout=60000)
        self.page.evaluate("window.MathJax?.startup?.promise")
        self.settle()
        return self

    def open_folds(self):
        """Open every fold: what waits in one starts only when it is seen."""
        self.page.evaluate(
            "for (const fold of document.querySelectorAll('details')) fold.open = true"
        )
        return self

    def settle(self):
        """Wait until the browser has drawn what was asked for, and nothing fades any more."""
        frames(self.page, 3)
        self.page.wait_for_function(
            "document.getAnimations().every(fade => fade.playState !== 'running')"
        )

    def close(self):
        if self.page.is_closed():
            return
        for event, listener in self.listeners.items():
            self.page.remove_listener(event, listener)
        self.page.unroute_all()
        self.page.mouse.move(0, 0)
        if self.page.evaluate(LEFT) and self.kind not in self.waiting:
            # A still figure alone does nothing more, and the next page has another address.
            if not (self.still and "/widgets/" in self.page.url):
                self._empty()
            self.waiting[self.kind] = self.page
        else:
            self.context.close()

    def _empty(self):
        # an empty page of the same server is drawn by the same process, which costs nothing
        served = self.page.url.startswith("http")
        empty = urljoin(self.page.url, "/empty") if served else "about:blank"
        with self.page.expect_navigation(url=empty):
            self.page.evaluate("empty => location.replace(empty)", empty)  # adds no entry
