// The camera, and the pictures that are sent of it: upright, small, never kept.
import { base64, type Shot } from "./device";

const WIDTH = 360;
const HEIGHT = 480;

/** Why there is no camera. */
export type CameraFault = "denied" | "none" | "insecure";

export async function openCamera(): Promise<MediaStream> {
  if (!navigator.mediaDevices?.getUserMedia) throw new CameraError("insecure");
  try {
    return await navigator.mediaDevices.getUserMedia({
      video: { facingMode: "user", width: { ideal: 640 }, height: { ideal: 640 } },
      audio: false,
    });
  } catch (cause) {
    throw new CameraError(cause instanceof DOMException && cause.name === "NotAllowedError" ? "denied" : "none");
  }
}

export class CameraError extends Error {
  readonly fault: CameraFault;
  constructor(fault: CameraFault) {
    super(fault);
    this.fault = fault;
  }
}

/** The middle of what the camera sees, as the page shows it. */
function draw(video: HTMLVideoElement): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const scale = Math.max(WIDTH / video.videoWidth, HEIGHT / video.videoHeight);
  const [wide, high] = [WIDTH / scale, HEIGHT / scale];
  const [left, top] = [(video.videoWidth - wide) / 2, (video.videoHeight - high) / 2];
  canvas.getContext("2d")?.drawImage(video, left, top, wide, high, 0, 0, WIDTH, HEIGHT);
  return canvas;
}

async function jpeg(canvas: HTMLCanvasElement): Promise<Uint8Array<ArrayBuffer>> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
  if (!blob) throw new CameraError("none");
  return new Uint8Array(await blob.arrayBuffer());
}

/** One picture, for advice on how to hold the head. */
export const glimpse = async (video: HTMLVideoElement) => base64(await jpeg(draw(video)));

/** Takes a picture at each moment, in milliseconds from now; `onTime` hears how far it is. */
export async function film(
  video: HTMLVideoElement,
  moments: number[],
  signal: AbortSignal,
  onTime: (ms: number) => void,
): Promise<Shot[]> {
  const start = performance.now();
  const shots: Promise<Shot>[] = [];
  for (const moment of moments) {
    await until(start + moment, signal, () => onTime(performance.now() - start));
    const at = Math.round(performance.now() - start);
    shots.push(jpeg(draw(video)).then((bytes) => ({ at, jpeg: bytes })));
  }
  return Promise.all(shots);
}

async function until(when: number, signal: AbortSignal, meanwhile: () => void) {
  for (;;) {
    signal.throwIfAborted();
    const left = when - performance.now();
    meanwhile();
    if (left <= 0) return;
    await new Promise((resolve) => setTimeout(resolve, Math.min(left, 60)));
  }
}
