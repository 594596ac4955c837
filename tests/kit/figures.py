"""A mounted figure as tests see it: its state, what it shows, its hands; touch by the protocol."""

import itertools
import json
import time
from base64 import b64encode

import numpy as np
from kit.engine import REPLACER
from kit.tabs import frames

STILL = {"reduced_motion": "reduce"}
DRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
PLAIN = f"""(view) => JSON.parse(JSON.stringify(view, {REPLACER}))"""
CHAPTER, INTRO = "notebooks/03-the-butterfly", "book/intro"
ROADS = ["mouse", "touch", "keyboard"]
POINTERS = ROADS[:2]


class FigureOnPage:
    """The figure of one host: read its state, set it, find its parts."""

    def __init__(self, page, name):
        self.page = page
        self.name = name
        self.host = page.locator(f'.lab-widget[data-name="{name}"]')
        self.host.scroll_into_view_if_needed()
        page.wait_for_function(
            'name => document.querySelector(`.lab-widget[data-name="${name}"]`)'
            "?.dataset.mounted === 'ok'",
            arg=name,
        )
        self.root = self.host.locator(".fl-figure")
        self.root.evaluate("root => root.scrollIntoView({block: 'center'})")
        frames(page, 3)

    def state(self):
        return self.root.evaluate("root => root.figure.state()")

    def set(self, **patch):
        self.root.evaluate(f"(root, patch) => {{ root.figure.set(patch); return {DRAWN}; }}", patch)

    def hands(self, roads=ROADS, widths=()):
        """Each road in turn, at each width; each finds the figure as it opened.

        pytest shows what a failed test has printed: the last line says where it failed.
        """
        opening, size = self.state(), self.page.viewport_size
        for width, road in itertools.product(widths or [size["width"]], roads or [None]):
            print(f"{width} pixels wide" + (f", by {road}" if road else ""))
            self.page.mouse.move(0, 0)
            self.page.evaluate("document.activeElement.blur()")
            self.page.set_viewport_size({**size, "width": width})
            self.settle()  # as wide as it is now
            self.root.evaluate("root => root.scrollIntoView({block: 'center'})")
            self.set(**opening)
            assert self.state() == opening
            yield road

    def until(self, **wanted):
        """Wait until the state holds these values; `settle` waits for the drawing."""
        self.page.wait_for_function(
            """([name, wanted]) => {
                 const host = document.querySelector(`.lab-widget[data-name="${name}"]`);
                 const state = host.querySelector('.fl-figure').figure.state();
                 const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
                 return Object.entries(wanted).every(([key, value]) => same(state[key], value));
               }""",
            arg=[self.name, wanted],
        )

    def settle(self):
        """Wait until what was asked for is drawn."""
        self.root.evaluate(f"() => {DRAWN}")

    def views(self, states):
        """Set each state in turn; return (the state kept, what the figure then shows)."""
        # One string: the browser's own JSON is many times faster than Playwright's copying.
        return json.loads(
            self.root.evaluate(
                f"""(root, states) => JSON.stringify(states.map(state => {{
                     root.figure.set(state);
                     return [root.figure.state(), root.figure.view()];
                   }}), {REPLACER})""",
                states,
            )
        )

    def looks(self, states, look):
        """Draw each state; return [state, what was found] where `look`, a function of the root,
        finds something in the drawing. The page goes through the states by itself."""
        return self.root.evaluate(
            f"""async (root, states) => {{
                 const found = [];
                 for (const state of states) {{
                   root.figure.set(state);
                   await {DRAWN};
                   const seen = ({look})(root);
                   if (seen.length) found.push([root.figure.state(), seen]);
                 }}
                 return found;
               }}""",
            states,
        )

    def says(self):
        """The sentence, once what was asked for is drawn, also where the page's clock is held."""
        frames(self.page, 2)
        return self.root.locator(".fl-status").inner_text()

    def centre(self, locator):
        """The middle of a part, once it is where it belongs."""
        frames(self.page, 2)
        box = locator.bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def colour(self, role):
        """The colour of a role as the browser computes it."""
        return self.root.evaluate(
            """(root, role) => {
                 const probe = root.appendChild(document.createElement('i'));
                 probe.style.color = `var(--fl-${role})`;
                 const found = getComputedStyle(probe).color;
                 probe.remove();
                 return found;
               }""",
            role,
        )

    def pixel(self, x, y):
        """The colour that the page shows at a place, as the browser writes colours."""
        shot = self.page.screenshot(clip={"x": x - 0.5, "y": y - 0.5, "width": 1, "height": 1})
        return self.page.evaluate(
            """async text => {
                 const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
                 const image = await createImageBitmap(new Blob([bytes], {type: 'image/png'}));
                 const pen = new OffscreenCanvas(1, 1).getContext('2d');
                 pen.drawImage(image, 0, 0);
                 return `rgb(${[...pen.getImageData(0, 0, 1, 1).data].slice(0, 3).join(', ')})`;
               }""",
            b64encode(shot).decode(),
        )

    def node(self, column, row):
        """Where a node stands, in page coordinates, read off the drawing itself."""
        return self.root.evaluate(
            """(root, [column, row]) => {
                 const {n, depth} = root.figure.view(), drawing = root.querySelector('.fl-drawing');
                 const shells = root.querySelector('.fl-shell').getAttribute('d')
                   + root.querySelector('.fl-empty').getAttribute('d');
                 const starts = [...shells.matchAll(/M([-.\\d]+) ([-.\\d]+)a([.\\d]+)/g)]
                   .map(([, x, y, r]) => [Number(x) + Number(r), Number(y)]);
                 const [x, y] = starts[column * n + row], box = drawing.getBoundingClientRect();
                 if (starts.length !== n * (depth + 1)) throw new Error(`${starts.length} nodes`);
                 return [box.left + x, box.top + y];
               }""",
            [column, row],
        )


class Finger:
    """Real touch through the browser's protocol: it drags handles, and scrolls where it may."""

    def __init__(self, tab):
        self.session = tab.context.new_cdp_session(tab.page)
        self.page = tab.page

    def _send(self, kind, *points, **more):
        touches = [{"x": x, "y": y} for x, y in points]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches} | more)

    def drag(self, start, end, steps=8):
        self._send("touchStart", start)
        for step in range(1, steps + 1):
            part = step / steps
            self._send(
                "touchMove", tuple(a + (b - a) * part for a, b in zip(start, end, strict=True))
            )
            frames(self.page, 1)
        # It rests before it is lifted: after a fling the browser takes no tap for a while.
        self._send("touchEnd", timestamp=time.time() + 0.3)
        frames(self.page, 3)

    def tap(self, point):
        """Both ends of a tap travel together: apart the second may be so late that it is held."""
        self.page.touchscreen.tap(*point)
        frames(self.page, 3)


def frames_asked(tab):
    """How many frames the page asks for while a figure that has come to rest is left alone."""
    tab.page.evaluate(
        """() => {
             const real = window.requestAnimationFrame;
             window.asked = 0;
             window.requestAnimationFrame = f => { window.asked++; return real(f); };
           }"""
    )
    frames(tab.page, 20)
    return tab.page.evaluate("window.asked")


def hold_time(page):
    """Stop the page's clock: from here on only `run_for` moves it, however slow the machine is."""
    page.clock.install(time=0)
    page.clock.pause_at(1000)


READY = "document.querySelector('.fl-figure[data-ready]') !== null"
PLAYING = "document.querySelector('.fl-play').textContent === 'Pause'"


def pass_time(page, until):
    """Let held time pass, a frame at a time, until something is so; the page's own work goes on."""
    for _ in range(500):
        if page.evaluate(until):
            return
        page.clock.run_for(20)
    raise AssertionError(f"this never came: {until}")


def follow(page, link):
    """Go to a link on the page, and wait until the page has heard of it."""
    page.evaluate(
        """link => new Promise(done => {
             addEventListener("hashchange", done, {once: true});  // after the page's own listener
             const {href, pathname} = location, stands = new URL(link, href).href === href;
             if (stands) history.replaceState(history.state, "", pathname);
             location.hash = link;
           })""",
        link,
    )


def out_of_sight(figure):
    """Push a figure off the screen, and wait until the page has noticed."""
    figure.page.evaluate("document.querySelector('main').style.paddingTop = '300vh'")
    noticed(figure.root, "entry => !entry.isIntersecting")


def noticed(root, what):
    """Wait until an observer like the figure's own, but later in the queue, has said this."""
    root.evaluate(
        f"""root => new Promise(done => new IntersectionObserver(([entry], observer) => {{
             if (!({what})(entry)) return;
             observer.disconnect();
             done();
           }}, {{threshold: 0.6}}).observe(root))"""
    )


def mouse_drag(page, start, end, steps=8):
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=steps)
    page.mouse.up()
    frames(page, 3)


def tap(road, tab, point):
    if road == "touch":
        Finger(tab).tap(point)
    else:
        tab.page.mouse.click(*point)
        frames(tab.page, 3)


def drag(road, tab, start, end, steps=8):
    if road == "touch":
        Finger(tab).drag(start, end, steps)
    else:
        mouse_drag(tab.page, start, end, steps)


def on_page(figure, pixels):
    """Where a place of the drawing is on the page."""
    box = figure.root.locator(".fl-area").bounding_box()
    return box["x"] + float(pixels[0]), box["y"] + float(pixels[1])


def middle(figure, name):
    """The middle of a handle, in pixels of the drawing."""
    box = figure.root.locator(".fl-area").bounding_box()
    x, y = figure.centre(figure.root.locator(f".fl-{name}"))
    return np.array([x - box["x"], y - box["y"]])


def each_state(hands, widget, changes, widths):
    """A figure in each change of its opening state in turn, on one page, at each width."""
    for _, _, figure in hands(widget, (), widths):
        start = figure.state()
        for change in changes:
            figure.set(**{**start, **change})
            yield figure, figure.state()


def press(tab, figure, handle, *keys):
    """Press keys on a handle, given by itself or as the first of a selector."""
    handle = figure.root.locator(handle).first if isinstance(handle, str) else handle
    handle.focus()
    for key in keys:
        tab.page.keyboard.press(key)
    figure.settle()


def back_to_the_top(page):
    """Scroll to the top, and wait until a swipe's last movement has ended: ten frames there."""
    page.evaluate(
        """() => new Promise(done => {
             let still = 0;
             const look = () => {
               still = scrollY === 0 ? still + 1 : 0;
               scrollTo(0, 0);
               if (still === 10) done(); else requestAnimationFrame(look);
             };
             look();
           })"""
    )


def opened(visit, name="twist", page=CHAPTER, way="http", link="", **context):
    tab = visit(page, way, link=link, **{**STILL, **context})
    return tab, FigureOnPage(tab.page, name)
