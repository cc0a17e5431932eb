// The words of pages on which a practitioner proposes and corrects or opens a record in an emergency; they come with these pages.
import care from "@/locales/en.care.json";
import i18next from "./i18n";

i18next.addResourceBundle("en", "translation", care, true, false);
