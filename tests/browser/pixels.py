"""What the screen shows, as numbers."""

import base64

import numpy as np

READ = """async (source) => {
  const image = new Image();
  image.src = source;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height), pen = canvas.getContext('2d');
  pen.drawImage(image, 0, 0);
  return [image.height, image.width, [...pen.getImageData(0, 0, image.width, image.height).data]];
}"""


def pixels(page, clip):
    """The colours of a part of the window, [row, column, red green blue], 0 to 255."""
    shot = base64.b64encode(page.screenshot(clip=clip)).decode()
    high, wide, data = page.evaluate(READ, f"data:image/png;base64,{shot}")
    return np.array(data).reshape(high, wide, 4)[:, :, :3]
