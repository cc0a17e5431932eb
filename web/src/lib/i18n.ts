import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import en from "@/locales/en.json";

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}

i18next.use(initReactI18next).init({
  lng: "en",
  fallbackLng: "en",
  resources: { en: { translation: en } },
  interpolation: { escapeValue: false },
  initAsync: false,
  // Nothing is said in the console that is not about this program.
  showSupportNotice: false,
});

// Right-to-left languages turn the whole page; the styles use logical properties only.
i18next.on("languageChanged", (language) => {
  document.documentElement.lang = language;
  document.documentElement.dir = i18next.dir(language);
});

export default i18next;
