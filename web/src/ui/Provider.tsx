import { createTheme, MantineProvider } from "@mantine/core";
import type { ReactNode } from "react";
import "./mantine.css";
import "./tokens.css";
import "./base.css";
import { schemeManager } from "./scheme";
import { ToastShelf } from "./Toast";

const theme = createTheme({ respectReducedMotion: true });

/** Mantine without its run-time style elements: every colour comes from tokens.css. */
export function UiProvider({ children }: { children: ReactNode }) {
  return (
    <MantineProvider
      theme={theme}
      withCssVariables={false}
      withGlobalClasses={false}
      defaultColorScheme="auto"
      colorSchemeManager={schemeManager}
    >
      {children}
      <ToastShelf />
    </MantineProvider>
  );
}
