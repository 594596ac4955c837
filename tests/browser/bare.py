"""A page with one widget and nothing else: what a test of a hand needs, and no chapter."""

from fftia_lab.publish.mime import widget_host, widget_module

PAGE = """<!doctype html><html lang="en" data-theme="{theme}"><head><title>{name}</title>
<meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="../_static/lab/palette.css">
<link rel="icon" href="data:,">
<script src="../_static/lab/palette.js"></script>
<script defer src="../_static/lab/place.js"></script>
<script defer src="../_static/lab/boot.js"></script>
<style>body {{ margin: 0; padding: 8px 2vw 100vh; background: var(--fl-paper); }}</style></head>
<body><main><h1>{name}</h1>{hosts}</main></body></html>"""


def bare_page(*widgets, theme="light"):
    """Return what the server must answer so that widgets/bare.html shows these widgets."""
    answers, hosts = {}, []
    for widget in widgets:
        state = widget.get_state()
        file, text = widget_module(state)
        answers[f"/modules/{file}"] = ("text/javascript; charset=utf-8", text)
        hosts.append(widget_host(state, []))
        widget.close()
    name = type(widgets[0]).__name__
    page = PAGE.format(theme=theme, name=name, hosts="\n".join(hosts))
    return {"/widgets/bare.html": ("text/html; charset=utf-8", page), **answers}
