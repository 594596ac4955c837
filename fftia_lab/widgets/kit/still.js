// A drawing as a file: its shapes with the colours and letters that they have on the page.
const NS = "http://www.w3.org/2000/svg";
const KEPT = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-linejoin",
  "stroke-opacity",
  "opacity",
  "font-family",
  "font-size",
  "font-style",
  "font-weight",
  "font-variant-numeric",
  "text-anchor",
  "visibility",
  "display",
];

// Return all drawings of a figure, one below the other, as the text of an SVG file.
export function still(root, words) {
  const drawings = [...root.querySelectorAll("svg.fl-drawing")].filter((one) =>
    one.checkVisibility()
  );
  const boxes = drawings.map((one) => one.getBoundingClientRect());
  const width = Math.max(...boxes.map((box) => box.width));
  const height = boxes.reduce((sum, box) => sum + box.height, 0);
  const paper = `<rect width="100%" height="100%" fill="${
    getComputedStyle(root).backgroundColor
  }"/>`;
  let top = 0;
  const parts = drawings.map((drawing, i) => {
    const copy = styled(drawing);
    copy.setAttribute("y", String(top));
    copy.setAttribute("width", String(boxes[i].width));
    copy.setAttribute("height", String(boxes[i].height));
    top += boxes[i].height;
    return new XMLSerializer().serializeToString(copy);
  });
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return `<svg xmlns="${NS}" ${size}>${title(words)}${paper}${parts.join("")}</svg>\n`;
}

function title(words) {
  const element = document.createElementNS(NS, "title");
  element.textContent = words;
  return new XMLSerializer().serializeToString(element);
}

function styled(drawing) {
  const copy = drawing.cloneNode(true), mine = [drawing, ...drawing.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((element, i) => {
    const style = getComputedStyle(mine[i]);
    for (const name of KEPT) element.style.setProperty(name, style.getPropertyValue(name));
    element.removeAttribute("class");
  });
  return copy;
}
