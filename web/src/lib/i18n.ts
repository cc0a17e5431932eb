import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type apps from "@/locales/en.apps.json";
import type care from "@/locales/en.care.json";
import en from "@/locales/en.json";
import type later from "@/locales/en.later.json";
import type ledger from "@/locales/en.ledger.json";
import other from "@/locales/en.other.json";
import type papers from "@/locales/en.papers.json";
import type vault from "@/locales/en.vault.json";
import { openProfile } from "./profile";

declare module "i18next" {
  interface CustomTypeOptions {
    // Some words come with their pages: `vaultWords`, `ledgerWords`, `laterWords`, `paperWords`, `appsWords`, `careWords`.
    resources: {
      translation: typeof en & typeof apps & typeof care & typeof later & typeof ledger & typeof papers & typeof vault;
    };
  }
}

// In the record of somebody else nothing calls it one's own. The app is loaded anew whenever another record is opened.
const profile = openProfile();

i18next.use(initReactI18next).init({
  lng: "en",
  fallbackLng: "en",
  resources: { en: { translation: en } },
  interpolation: { escapeValue: false, ...(profile && { defaultVariables: { whose: profile.name } }) },
  initAsync: false,
  // Nothing is said in the console that is not about this program.
  showSupportNotice: false,
});

if (profile) i18next.addResourceBundle("en", "translation", other, true, true);

// Right-to-left languages turn the whole page; the styles use logical properties only.
i18next.on("languageChanged", (language) => {
  document.documentElement.lang = language;
  document.documentElement.dir = i18next.dir(language);
});

export default i18next;
