import { useSyncExternalStore } from "react";
import { openVault, watchVault } from "@/api/openVault";

/** The vault that is open in this page, or null. */
export const useVault = () => useSyncExternalStore(watchVault, openVault);
