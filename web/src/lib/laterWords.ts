// The words of pages that few people open, which come with these pages and not with the first screen.
import later from "@/locales/en.later.json";
import i18next from "./i18n";

i18next.addResourceBundle("en", "translation", later, true, false);
