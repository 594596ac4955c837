"""What the screen shows, as numbers."""

import base64

import numpy as np

# As one text: a browser hands over a list of a million numbers one by one.
READ = """async (source) => {
  const image = new Image();
  image.src = source;
  await image.decode();
  const {width, height} = image, pen = new OffscreenCanvas(width, height).getContext('2d');
  pen.drawImage(image, 0, 0);
  const bytes = pen.getImageData(0, 0, width, height).data;
  const part = (_, i) => String.fromCharCode(...bytes.subarray(i * 4096, (i + 1) * 4096));
  return [height, width, btoa(Array.from({length: Math.ceil(bytes.length / 4096)}, part).join(''))];
}"""


def pixels(page, clip):
    """The colours of a part of the window, [row, column, red green blue], 0 to 255."""
    shot = base64.b64encode(page.screenshot(clip=clip)).decode()
    high, wide, text = page.evaluate(READ, f"data:image/png;base64,{shot}")
    colours = np.frombuffer(base64.b64decode(text), dtype=np.uint8)
    return colours.reshape(high, wide, 4)[:, :, :3].astype(int)
