// Reads a QR code out of a picture, as the camera of a stranger would: with a decoder that knows nothing of who drew it.

import { createRequire } from "node:module";

const decoder = createRequire(import.meta.url).resolve("jsqr");

/**
 * What the code in this picture says, or null.
 * @param {import("playwright-core").Browser} browser
 * @param {Buffer} png
 */
export async function readQr(browser, png) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.addScriptTag({ path: decoder });
    return await page.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const canvas = new OffscreenCanvas(picture.width, picture.height);
      const pen = canvas.getContext("2d");
      pen.drawImage(picture, 0, 0);
      const { data, width, height } = pen.getImageData(0, 0, picture.width, picture.height);
      return globalThis.jsQR(data, width, height)?.data ?? null;
    }, png.toString("base64"));
  } finally {
    await context.close();
  }
}
