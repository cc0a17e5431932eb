import { queryOptions } from "@tanstack/react-query";
import { get, post } from "./client";
import type { FaceAnswer, FaceChallenge, FaceDevice, FaceLook, FaceSwitch, Session } from "./types";

/** Whether this server checks faces. */
export const faceCheck = queryOptions({
  queryKey: ["face"],
  queryFn: async () => (await get<{ available: boolean }>("/api/auth/face")).available,
});

export const faceDevices = queryOptions({
  queryKey: ["face", "devices"],
  staleTime: 0,
  queryFn: async () => (await get<{ devices: FaceDevice[] }>("/api/auth/face/devices")).devices,
});

export const faceSwitch = queryOptions({
  queryKey: ["face", "switch"],
  queryFn: () => get<FaceSwitch>("/api/admin/face"),
});

export const askForGestures = (pace: "usual" | "slow") => post<FaceChallenge>("/api/auth/face/challenge", { pace });
export const lookAt = (picture: string) => post<FaceLook>("/api/auth/face/look", { picture });
export const signInWithFace = (username: string, answer: FaceAnswer) =>
  post<Session>("/api/auth/face/login", { ...answer, username, session: "cookie" });
export const enrolFace = (name: string, answer: FaceAnswer) =>
  post<FaceDevice>("/api/auth/face/devices", { ...answer, name, consent: true });
export const deleteFace = (id: number) => post(`/api/auth/face/devices/${id}/delete`);
export const switchFace = (enabled: boolean) => post<FaceSwitch>("/api/admin/face", { enabled });
