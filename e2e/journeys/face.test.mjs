// The face check in front of a camera: set up, sign in, and everybody who must stay outside.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, fitsTheScreen, startBrowser, visit } from "../support/browser.mjs";
import { Camera, missing, obey, pose } from "../support/camera.mjs";
import { comeIn, forget, settled } from "../support/people.mjs";
import { startServer } from "../support/server.mjs";

const REFUSED = /status of 401 .*\/api\/auth\/face\/login\)/;
const skip = missing();

let server;
let browser;
let camera;
let people;

before(async () => {
  if (skip) return;
  camera = await Camera.off();
  [server, people] = await Promise.all([
    startServer(),
    Promise.all(["obama.jpg", "biden.jpg"].map(pose)).then(([owner, other]) => ({ owner, other })),
  ]);
  await camera.show(people.owner);
  browser = await startBrowser(camera.flags);
});

after(async () => {
  await browser?.close();
  await server?.stop();
  await camera?.remove();
});

/** Whoever sits there does this once it is known what is asked. Answers what was asked. */
async function perform(page, person, act) {
  await camera.show(person);
  let asked;
  await page.route("**/api/auth/face/challenge", async (route) => {
    const response = await route.fetch();
    asked = await response.json();
    await camera.play(asked.frames.at(-1) + 3000, act(asked));
    await route.fulfill({ response, json: asked });
  });
  // A quick refusal is there before anybody reads that it is being checked.
  const sent = page.waitForRequest(
    (request) => request.method() === "POST" && /\/api\/auth\/face\/(login|devices)$/.test(request.url()),
    { timeout: 60_000 },
  );
  await page.getByRole("button", { name: /Start the camera|Try again/ }).click();
  await sent;
  await page.unroute("**/api/auth/face/challenge");
  return asked;
}

const refused = (page) => page.getByText("That did not work").waitFor({ timeout: 20_000 });

async function setUp(page) {
  await page.goto("/account");
  await page.getByRole("link", { name: "Set up the face check" }).click();
  await page.getByRole("heading", { name: "Set up the face check" }).waitFor();
  const start = page.getByRole("button", { name: "Start the camera" });
  assert.equal(await start.isDisabled(), true, "nothing begins without consent");
  await page.getByText("I agree that descriptions of my face are kept").click();
}

test("a face is set up, signs in by living gestures, and can be deleted", { skip }, async () => {
  await visit(browser, { url: server.url, size: "phone", name: "face" }, async (page) => {
    await comeIn(page, "patient1");
    await setUp(page);
    await axe(page);
    await fitsTheScreen(page);
    await perform(page, people.owner, obey);
    await page.getByRole("heading", { name: "Account" }).waitFor({ timeout: 20_000 });
    await page.getByRole("list", { name: "Devices that know your face" }).getByText("This device", { exact: true }).first().waitFor();
    await axe(page);

    await forget(page);
    await page.goto("/sign-in");
    await page.getByRole("link", { name: "Use the camera instead" }).click();
    await page.getByRole("heading", { name: "Sign in with your face" }).waitFor();
    await settled(page);
    await axe(page);
    await fitsTheScreen(page);
    await perform(page, people.owner, obey);
    await page.getByRole("heading", { name: /^Hello/ }).waitFor({ timeout: 20_000 });

    // What a device opened ends with it, so whoever deletes it here came in by their password.
    await forget(page);
    await comeIn(page, "patient1");
    await page.goto("/account");
    await page.getByRole("button", { name: "Delete This device" }).click();
    await page.getByText("What was kept of your face for that device is deleted.").waitFor();
  });
});

test("another person, a photo and a recording are refused, and after three tries another way is offered", { skip }, async () => {
  await visit(browser, { url: server.url, name: "face-refused", expected: [REFUSED] }, async (page) => {
    await comeIn(page, "patient1");
    await setUp(page);
    const enrolment = await perform(page, people.owner, obey);
    await page.getByRole("heading", { name: "Account" }).waitFor({ timeout: 20_000 });
    await forget(page);
    await page.goto("/sign-in/camera");

    await perform(page, people.other, obey);
    await refused(page);
    // The enrolment is played again, whatever is asked now. Chance may ask for the same once in 120 times.
    let asked;
    do asked = await perform(page, people.owner, () => obey(enrolment));
    while (asked.prompts.every(({ gesture }, n) => gesture === enrolment.prompts[n].gesture));
    await refused(page);
    await perform(page, people.owner, () => () => "rest");
    await page.getByText("It does not work just now").waitFor({ timeout: 20_000 });
    await axe(page);
    await page.getByRole("link", { name: "Sign in another way" }).click();
    await page.getByRole("heading", { name: "Sign in", exact: true }).waitFor();
  });
});

test("on a device where nobody set it up the page says so, and with no camera it says what to do", { skip }, async () => {
  await visit(browser, { url: server.url, name: "face-elsewhere" }, async (page) => {
    await page.goto("/sign-in/camera");
    await page.getByText("No face is set up on this device").waitFor();
    await axe(page);
  });
  const blind = await startBrowser();
  try {
    await visit(blind, { url: server.url, name: "face-blind" }, async (page) => {
      await comeIn(page, "patient1");
      await setUp(page);
      await page.getByRole("button", { name: "Start the camera" }).press("Enter");
      await page.getByText("The camera cannot be used").waitFor();
      await axe(page);
      await page.getByRole("link", { name: "Not now" }).click();
      await page.getByRole("heading", { name: "Account" }).waitFor();
    });
  } finally {
    await blind.close();
  }
});

test("with nobody in front of the camera it ends after half a minute, is switched off, and other ways are named", { skip }, async () => {
  await visit(browser, { url: server.url, size: "phone", name: "face-nobody" }, async (page) => {
    await comeIn(page, "patient1");
    await setUp(page);
    await perform(page, people.owner, obey);
    await page.getByRole("heading", { name: "Account" }).waitFor({ timeout: 20_000 });
    await forget(page);
    await page.addInitScript(() => {
      const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = async (...wishes) => {
        window.opened = await open(...wishes);
        return window.opened;
      };
    });
    await page.goto("/sign-in/camera");
    // The wall behind the chair.
    const { width, height } = people.owner;
    await camera.show({ width, height, frames: { rest: Buffer.alloc(people.owner.frames.rest.length, 128) } });
    await page.getByRole("button", { name: "Start the camera" }).click();
    await page.getByText("Bring your face into the oval.").waitFor({ timeout: 20_000 });
    await page.getByText("No face was found").waitFor({ timeout: 45_000 });
    const states = await page.evaluate(() => window.opened.getTracks().map((track) => track.readyState));
    assert.deepEqual(states, ["ended"], "the camera is off");
    await page.getByText("with a passkey, with a code by e-mail, or with your password").waitFor();
    await axe(page);
    await fitsTheScreen(page);
    // Whoever sits down again is found.
    await perform(page, people.owner, obey);
    await page.getByRole("heading", { name: /^Hello/ }).waitFor({ timeout: 20_000 });
  });
});

test("an administrator switches it off, and nobody is offered it", { skip }, async () => {
  await visit(browser, { url: server.url, name: "face-switch" }, async (page) => {
    await comeIn(page, "admin1");
    await page.goto("/admin/health");
    await page.getByRole("button", { name: "Switch off" }).click();
    await page.getByText("Nobody can sign in by the camera.").waitFor();
    const answer = await page.request.get("/api/auth/face");
    assert.deepEqual(await answer.json(), { available: false });
    await page.getByRole("button", { name: "Switch on" }).click();
    await page.getByText("People may sign in by the camera").waitFor();
    await axe(page);
  });
});
