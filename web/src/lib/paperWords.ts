// What is said where papers are photographed, sent and looked through, which comes with these pages.
import papers from "@/locales/en.papers.json";
import i18next from "./i18n";

i18next.addResourceBundle("en", "translation", papers, true, false);
