import { type MantineColorSchemeManager, useMantineColorScheme } from "@mantine/core";
import { recall, remember } from "@/lib/storage";

export type Scheme = "auto" | "light" | "dark";

const KEY = "scheme";

// The same place that public/boot.js reads before the first paint.
export const schemeManager: MantineColorSchemeManager = {
  get: (fallback) => (recall(KEY) as Scheme | null) ?? fallback,
  set: (value) => remember(KEY, value),
  subscribe: () => {},
  unsubscribe: () => {},
  clear: () => remember(KEY, "auto"),
};

export function useScheme(): [Scheme, (scheme: Scheme) => void] {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return [colorScheme, setColorScheme];
}
