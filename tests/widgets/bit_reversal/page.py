"""Where the cards of the figure `bitreversal` lie, read off the drawing itself."""

import re


def faces(figure):
    """The number, the middle and the height of every card, read off the drawing."""
    return figure.root.locator(".fl-face").evaluate_all(
        """faces => faces.map((face, i) => {
             const box = face.querySelector('rect').getBoundingClientRect();
             const name = face.querySelector('text')?.textContent ?? String(i);
             return [Number(name), box.left + box.width / 2, box.top + box.height / 2];
           })"""
    )


def laid_out(figure):
    """The cards from left to right."""
    return [number for number, x, y in sorted(faces(figure), key=lambda face: face[1])]


def face(figure, card):
    return next((x, y) for number, x, y in faces(figure) if number == card)


def slot(figure, place):
    """The middle of a place in the last row."""
    n = figure.state()["n"]
    boxes = figure.root.locator(".fl-slots").get_attribute("d")
    found = re.findall(r"M([-.\d]+) ([-.\d]+)h([.\d]+)v([.\d]+)", boxes)
    x, y, wide, tall = map(float, found[n + place])
    area = figure.root.locator(".fl-area").bounding_box()
    return area["x"] + x + wide / 2, area["y"] + y + tall / 2


def dots(figure, n):
    """The dots of the matrix as (column, row)."""
    frame = figure.root.locator(".fl-frame").get_attribute("d")
    x, y, size = map(float, re.match(r"M([-.\d]+) ([-.\d]+)h([.\d]+)", frame).groups())
    path = figure.root.locator(".fl-dots").get_attribute("d")
    found = [map(float, dot) for dot in re.findall(r"M([-.\d]+) ([-.\d]+)l([.\d]+)", path)]
    return {(int((a - x) / size * n), int((b + r - y) / size * n)) for a, b, r in found}
