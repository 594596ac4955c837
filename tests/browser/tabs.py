"""A browser tab that logs what went wrong and what tried to leave; a server of a folder."""

import functools
import http.server
import threading


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


def serve(folder):
    """Start a server of a folder in a thread; return it."""
    handler = functools.partial(Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class Visit:
    """A browser tab with a log of what went wrong and what tried to leave.

    `made` holds answers that no file gives: end of an address -> (content type, text).
    """

    def __init__(self, browser, allowed, made=None, **context):
        context.setdefault("viewport", {"width": 1280, "height": 900})
        self.context = browser.new_context(**context)
        self.page = self.context.new_page()
        self.outside, self.trouble = [], []
        self.made = made or {}
        self.page.route("**/*", functools.partial(self._route, allowed))
        self.page.on("websocket", lambda socket: self.outside.append(socket.url))
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.trouble.append(f"page error: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._response)

    def _route(self, allowed, route):
        url = route.request.url
        for end, (kind, text) in self.made.items():
            if url.partition("#")[0].endswith(end):
                return route.fulfill(content_type=kind, body=text)
        if url.startswith((*allowed, "data:", "blob:")):
            return route.continue_()
        self.outside.append(url)
        return route.abort()

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
        """Scroll through the page as a reader does, until every figure has started."""
        top, height = 0, 1
        self.open_folds()
        while top < height:  # the page grows while figures start
            self.page.evaluate(f"scrollTo(0, {top})")
            self.page.wait_for_timeout(40)
            top += 600
            height = self.page.evaluate("document.documentElement.scrollHeight")
        self.page.wait_for_function(
            "[...document.querySelectorAll('.lab-widget, .lab-plotly')]"
            ".every(host => ['ok', 'error'].includes(host.dataset.mounted))",
            timeout=20000,
        )
        self.page.evaluate("window.MathJax?.startup?.promise")
        self.page.evaluate("scrollTo(0, 0)")
        return self

    def open_folds(self):
        """Open every fold: what waits in one starts only when it is seen."""
        self.page.evaluate(
            "for (const fold of document.querySelectorAll('details')) fold.open = true"
        )
        return self

    def close(self):
        self.context.close()
