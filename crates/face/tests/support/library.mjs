// Runs the library whose networks these are, on one picture of raw red, green, blue from standard input.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { join } from "node:path";

const [folder, width, height] = process.argv.slice(2);
// The bundle is made for browsers and trips over what it takes for Node; it finds neither, and is told what it needs.
const hidden = Object.getOwnPropertyDescriptor(globalThis, "process");
Object.defineProperty(globalThis, "process", { value: undefined, configurable: true, writable: true });
const faceapi = await import(pathToFileURL(join(folder, "dist", "face-api.esm.js")));
Object.defineProperty(globalThis, "process", hidden);
const { tf, nets } = faceapi;
class Absent {}
tf.env().setPlatform("here", {
  now: () => performance.now(),
  encode: (text) => new TextEncoder().encode(text),
  decode: (bytes) => new TextDecoder().decode(bytes),
  setTimeoutCustom: setTimeout,
  isTypedArray: (value) => ArrayBuffer.isView(value) && !(value instanceof DataView),
});
faceapi.env.setEnv({ Canvas: Absent, Image: Absent, ImageData: Absent, Video: Absent });
await tf.setBackend("cpu");
await tf.ready();

async function load(net, name) {
  const manifest = JSON.parse(readFileSync(join(folder, "model", `${name}-weights_manifest.json`)));
  const bytes = readFileSync(join(folder, "model", `${name}.bin`));
  const specs = manifest.flatMap((group) => group.weights);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  net.loadFromWeightMap(tf.io.decodeWeights(buffer, specs));
}
await load(nets.tinyFaceDetector, "tiny_face_detector_model");
await load(nets.faceLandmark68Net, "face_landmark_68_model");
await load(nets.faceRecognitionNet, "face_recognition_model");

const picture = tf.tensor3d(Uint8Array.from(readFileSync(0)), [Number(height), Number(width), 3], "int32");
const landmarks = await nets.faceLandmark68Net.detectLandmarks(picture);
const points = landmarks.relativePositions.flatMap(({ x, y }) => [x, y]);
const description = Array.from(await nets.faceRecognitionNet.computeFaceDescriptor(picture));
const options = new faceapi.TinyFaceDetectorOptions({ inputSize: 224, scoreThreshold: 1e-9 });
const [best] = await nets.tinyFaceDetector.locateFaces(picture, options);
const { x, y, width: wide, height: high } = best.relativeBox;
process.stdout.write(JSON.stringify([...points, ...description, best.score, x, y, wide, high]));
